import type { PasswordHasher } from '../identity/index.ts'
import type { Clock, EpochMs, FactorId, Transact, UserId } from '../kernel/index.ts'
import type { Throttle } from '../throttle/index.ts'
import type { FactorStore } from './factor-store.sql.ts'
import type { PasskeyStore } from './passkey-store.sql.ts'
import type { AuthenticationResponseJSON, Passkeys, SignedByPasskey } from './passkeys.ts'
import type { RecoveryCodeStore } from './recovery-code-store.sql.ts'
import { canonicalRecoveryCode, recoverySelector } from './recovery-codes.ts'
import { decryptTotpSecret, stepOfCode, type TotpVault } from './totp.ts'

/** What the factors of an account are kept in. */
export interface FactorStores {
  readonly factors: FactorStore
  readonly recoveryCodes: RecoveryCodeStore
  readonly passkeys: PasskeyStore
}

/** SECRET: what a person shows, one of them. */
export interface PresentedFactor {
  readonly totp?: string | undefined
  readonly recovery?: string | undefined
  readonly passkey?: AuthenticationResponseJSON | undefined
}

/** A factor that was right, and is still to be used up: by `consumeFactor`, in the transaction of what it opens. */
export type ProvenFactor =
  | { readonly method: 'totp'; readonly id: FactorId; readonly step: number }
  | { readonly method: 'recovery'; readonly id: number }
  | ({ readonly method: 'passkey'; readonly id: FactorId; readonly wasSignCount: number } & SignedByPasskey)

export interface FactorDeps<Stores extends FactorStores> {
  readonly transaction: Transact<Stores>
  /** Committed state. */
  readonly stores: FactorStores
  readonly hasher: PasswordHasher
  readonly throttle: Throttle
  readonly clock: Clock
  readonly vault: TotpVault
  readonly ceremonies: Passkeys
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
  { presented: { totp, recovery, passkey }, purpose }: Presentation,
): Promise<ProvenFactor | undefined> {
  if (totp !== undefined) return verifyTotp(deps, userId, totp)
  if (passkey !== undefined) return verifyPasskey(deps, userId, { passkey, purpose })
  return recovery === undefined ? undefined : verifyRecovery(deps, userId, recovery)
}

interface Presentation {
  readonly presented: PresentedFactor
  /** What the challenge of a passkey must have been made for. */
  readonly purpose: string
}

async function verifyPasskey(
  { stores, ceremonies }: Pick<FactorDeps<FactorStores>, 'stores' | 'ceremonies'>,
  userId: UserId,
  { passkey, purpose }: { readonly passkey: AuthenticationResponseJSON; readonly purpose: string },
): Promise<ProvenFactor | undefined> {
  const stored = await stores.passkeys.find(passkey.id)
  if (stored?.userId !== userId) return undefined
  const signed = await ceremonies.verifySigned(passkey, stored, purpose)
  return signed && { method: 'passkey', id: stored.id, wasSignCount: stored.signCount, ...signed }
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
  { factors, recoveryCodes, passkeys }: FactorStores,
  userId: UserId,
  proven: ProvenFactor,
  nowMs: EpochMs,
): Promise<boolean> {
  switch (proven.method) {
    case 'totp':
      return factors.consumeStep(userId, proven, nowMs)
    case 'passkey':
      return (await passkeys.consumeChallenge(proven)) && (await passkeys.use({ ...proven, userId }, nowMs))
    case 'recovery':
      return (await factors.isOn(userId)) && (await recoveryCodes.consume(userId, proven.id, nowMs))
  }
}
