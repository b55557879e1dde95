import type { UserId } from '../kernel/index.ts'
import type { FactorMethod } from './factor.ts'
import type { FactorStores } from './prove-factor.ts'

/** By what an account can prove itself beside its password; nothing where no factor is on. */
export async function factorMethods(
  { factors, recoveryCodes }: FactorStores,
  userId: UserId,
): Promise<readonly FactorMethod[]> {
  const kinds = await factors.kinds(userId)
  if (kinds.length === 0) return []
  const hasCodes = (await recoveryCodes.countUnused(userId)) > 0
  return [
    ...(['passkey', 'totp'] as const).filter(kind => kinds.includes(kind)),
    ...(hasCodes ? (['recovery'] as const) : []),
  ]
}
