import { userTarget } from '../audit/index.ts'
import { parseEmail } from '../identity/index.ts'
import { type Origin, Refusal } from '../kernel/index.ts'
import { issueTokens, startSession } from '../tokens/index.ts'
import type { SignedIn, SignInDeps } from './accounts.ts'

export interface Login {
  readonly email: string
  readonly password: string
  readonly origin: Origin
}

/**
 * Signs in with a password. Unknown address, wrong password and deactivated account are one refusal,
 * `invalid_credentials`, after the same work.
 */
export async function login(deps: SignInDeps, { email, password, origin }: Login): Promise<SignedIn> {
  const nowMs = deps.clock.nowMs()
  const address = parseEmail(email)
  const account = address === undefined ? undefined : await deps.users.findByEmail(address)
  if (account === undefined) {
    await deps.hasher.verifyNothing(password)
    throw new Refusal('invalid_credentials')
  }

  const { matches, outdated } = await deps.hasher.verify(password, account.passwordHash)
  if (!matches || !account.user.isActive) throw new Refusal('invalid_credentials')
  const replacement = outdated ? await deps.hasher.hash(password) : undefined

  const signedIn = await deps.transaction(async stores => {
    // Guarded: the account may have been closed, or its password changed, while we were hashing.
    const user = await stores.users.recordLogin(account.user.id, account.passwordHash, replacement, nowMs)
    if (user === undefined) return undefined
    const started = await startSession(stores, deps, { userId: user.id, origin, nowMs })
    await stores.audit.append(
      {
        actorId: user.id,
        action: 'user.login',
        target: userTarget(user.id),
        origin,
        details: { session_id: started.session.id, method: 'password' },
      },
      nowMs,
    )
    return { user, started, standing: await stores.standings.get(user.id) }
  })
  if (signedIn === undefined) throw new Refusal('invalid_credentials')
  return { ...issueTokens(deps.issuer, signedIn.started, signedIn.standing, nowMs), user: signedIn.user }
}
