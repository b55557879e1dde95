import type { EpochMs, Locale, UserId } from '../kernel/index.ts'
import type { RecoveryStores } from './recovery.ts'

interface NewReset {
  readonly userId: UserId
  readonly email: string
  readonly locale: Locale
  readonly nowMs: EpochMs
}

/** Begins a reset in place of its owner, who is told by the mail of it; without mail there is none. */
export async function addReset(
  { proofs, outbox }: Pick<RecoveryStores, 'proofs' | 'outbox'>,
  { userId, email, locale, nowMs }: NewReset,
): Promise<void> {
  if (!outbox.isOn) return
  const proof = await proofs.add({ kind: 'password_reset', userId, email }, nowMs)
  const mail = { kind: 'password_reset', locale, toEmail: email, userId, proofId: proof.id } as const
  await outbox.add({ ...mail, details: {} }, nowMs)
}
