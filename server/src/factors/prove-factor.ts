import type { PasswordHasher } from '../identity/index.ts'
import type { Clock, EpochMs, Transact, UserId } from '../kernel/index.ts'
import type { Throttle } from '../throttle/index.ts'
import type { FactorStore } from './factor-store.sql.ts'
import type { RecoveryCodeStore } from './recovery-code-store.sql.ts'
import { canonicalRecoveryCode, recoverySelector } from './recovery-codes.ts'
import { decryptTotpSecret, stepOfCode, type TotpVault } from './totp.ts'

/** What the factors of an account are kept in. */
export interface FactorStores {
  readonly factors: FactorStore
  readonly recoveryCodes: RecoveryCodeStore
}

/** SECRET: what a person shows, one of them. */
export interface PresentedFactor {
  readonly totp?: string | undefined
  readonly recovery?: string | undefined
}

/** A factor that was right, and is still to be used up: by `consumeFactor`, in the transaction of what it opens. */
export type ProvenFactor =
  | { readonly method: 'totp'; readonly id: number; readonly step: number }
  | { readonly method: 'recovery'; readonly id: number }

export interface FactorDeps<Stores extends FactorStores> {
  readonly transaction: Transact<Stores>
  /** Committed state. */
  readonly stores: FactorStores
  readonly hasher: PasswordHasher
  readonly throttle: Throttle
  readonly clock: Clock
  readonly vault: TotpVault
  /** SECRET: names recovery codes in the table. The same on every node. */
  readonly selectorKey: Uint8Array
}

/**
 * Whether what is presented is a factor of this account that is on. Uses nothing up: two callers with one code may both
 * get it here, and `consumeFactor` lets one of them through.
 */
export async function verifyFactor(
  deps: Omit<FactorDeps<FactorStores>, 'transaction' | 'throttle'>,
  userId: UserId,
  { totp, recovery }: PresentedFactor,
): Promise<ProvenFactor | undefined> {
  if (totp !== undefined) return verifyTotp(deps, userId, totp)
  return recovery === undefined ? undefined : verifyRecovery(deps, userId, recovery)
}

async function verifyTotp(
  { stores, vault, clock }: Pick<FactorDeps<FactorStores>, 'stores' | 'vault' | 'clock'>,
  userId: UserId,
  code: string,
): Promise<ProvenFactor | undefined> {
  const nowMs = clock.nowMs()
  for (const { id, encryptedSecret } of await stores.factors.listTotp(userId)) {
    const step = stepOfCode(decryptTotpSecret(vault, userId, encryptedSecret), code, nowMs)
    if (step !== undefined) return { method: 'totp', id, step }
  }
  return undefined
}

async function verifyRecovery(
  { stores, hasher, selectorKey }: Pick<FactorDeps<FactorStores>, 'stores' | 'hasher' | 'selectorKey'>,
  userId: UserId,
  typed: string,
): Promise<ProvenFactor | undefined> {
  // A recovery code replaces a factor, and proves nothing where none is on.
  if (!(await stores.factors.isOn(userId))) return undefined
  const code = canonicalRecoveryCode(typed)
  for (const { id, hash } of await stores.recoveryCodes.findUnused(
    userId,
    recoverySelector(selectorKey, code),
  )) {
    if ((await hasher.verify(code, hash)).matches) return { method: 'recovery', id }
  }
  return undefined
}

/** Uses a proven factor up, in the transaction of what it opens: false where it was used meanwhile, or is gone. */
export async function consumeFactor(
  { factors, recoveryCodes }: FactorStores,
  userId: UserId,
  proven: ProvenFactor,
  nowMs: EpochMs,
): Promise<boolean> {
  switch (proven.method) {
    case 'totp':
      return factors.consumeStep(userId, proven as never, nowMs)
    case 'recovery':
      return (await factors.isOn(userId)) && (await recoveryCodes.consume(userId, proven.id, nowMs))
  }
}
