import type { ApiKeyStore } from '../api-keys/index.ts'
import { userTarget } from '../audit/index.ts'
import { unusablePassword } from '../identity/index.ts'
import type { ClientInfo, EpochMs, Locale, Transact } from '../kernel/index.ts'
import { assertMailOn, findProof, type Proof, uselessProof } from '../proofs/index.ts'
import { endAllSessions } from '../sessions/index.ts'
import { addReset } from './add-reset.ts'
import type { RecoveryDeps, RecoveryStores } from './recovery.ts'

type NotMeStores = RecoveryStores & { readonly apiKeys: ApiKeyStore }

export interface NotMeDeps extends Omit<RecoveryDeps, 'transaction' | 'byFactor'> {
  readonly transaction: Transact<NotMeStores>
}

interface NotMe {
  readonly token: string
  readonly origin: ClientInfo
  readonly locale: Locale
}

/**
 * «This was not me», by the mail that told of it. INVARIANT: who did it may know the password: it opens nothing any more,
 * every session ends, every other proof is useless, and so are the API keys that were made or got a new secret since. A mail to
 * set a new password goes to the address; the link itself sets none, since a notice may be shown to others for seven days. A
 * second factor stays, and the reset asks for it: mail alone opens no account that has one (ADR 45). Refuses with
 * `invalid_request`, or with `mail_not_configured`: without a mail its owner would have no way back.
 */
export async function reportNotMe(deps: NotMeDeps, { token, origin, locale }: NotMe): Promise<void> {
  assertMailOn(deps)
  const nowMs = deps.clock.nowMs()
  const presented = { token }
  const proof = await findProof(deps, { presented, kinds: ['not_me'], origin, nowMs })
  await deps.transaction(async stores => {
    if (!(await stores.proofs.consume(proof.id, nowMs))) throw uselessProof(presented)
    if (!(await isStillOwner(stores, proof))) throw uselessProof(presented)
    await lockOut(stores, { proof, origin, locale, nowMs })
  })
}

/** Whether the mail still goes to the account: a change of its address has an undo of its own, and this is none. */
async function isStillOwner({ users }: NotMeStores, { userId, email }: Proof): Promise<boolean> {
  const user = userId === null ? undefined : await users.lock(userId)
  return user?.isActive === true && user.email === email
}

interface LockOut extends Pick<NotMe, 'origin' | 'locale'> {
  readonly proof: Proof
  readonly nowMs: EpochMs
}

async function lockOut(stores: NotMeStores, { proof, origin, locale, nowMs }: LockOut): Promise<void> {
  const { email, createdAtMs: sinceMs } = proof
  const userId = proof.userId!
  await stores.users.setPassword(userId, { email, passwordHash: unusablePassword, isProved: true }, nowMs)
  // But the undo of a change of address: it gives the account back to an earlier owner of it.
  await stores.proofs.cancelOf(userId, nowMs, ['email_undo'])
  const ended = await endAllSessions(stores, userId, 'revoked_all', { actorId: null, origin, nowMs })
  const apiKeys = await stores.apiKeys.deleteMadeSince(userId, sinceMs)
  await addReset(stores, { userId, email, locale, nowMs })
  await stores.audit.append(
    {
      actorId: null,
      action: 'user.disown',
      target: userTarget(userId),
      origin,
      details: { sessions_ended: ended, api_keys: apiKeys.map(({ name }) => name) },
    },
    nowMs,
  )
}
