import { userTarget } from '../audit/index.ts'
import { comparablePassword, parseKnownEmail } from '../identity/index.ts'
import { type Origin, Refusal } from '../kernel/index.ts'
import type { ChargedGuess } from '../throttle/index.ts'
import { issueTokens, startSession } from '../tokens/index.ts'
import type { SignedIn, SignInDeps } from './accounts.ts'

export interface Login {
  readonly email: string
  readonly password: string
  readonly origin: Origin
}

/**
 * Signs in with a password. Unknown address, wrong password and deactivated account are one refusal,
 * `invalid_credentials`, after the same work. Refuses with `too_many_requests`, before any work, while guessing is
 * held up.
 */
export async function login(deps: SignInDeps, { email, password, origin }: Login): Promise<SignedIn> {
  const address = parseKnownEmail(email)
  const account = address === undefined ? undefined : await deps.users.findByEmail(address)
  const guess = { email: address, userId: account?.user.id, password: comparablePassword(password), origin }
  return await deps.throttle.attempt(guess, charged => verifyAndStart(deps, account, password, charged))
}

type StoredAccount = Awaited<ReturnType<SignInDeps['users']['findByEmail']>>

async function verifyAndStart(
  deps: SignInDeps,
  account: StoredAccount,
  password: string,
  guess: ChargedGuess,
): Promise<SignedIn> {
  const { origin, nowMs } = guess
  const verifying =
    account === undefined
      ? deps.hasher.verifyNothing(password).then(() => undefined)
      : deps.hasher.verify(password, account.passwordHash)
  const verified = await verifying.catch(async error => {
    await deps.throttle.withdraw(guess)
    throw error
  })
  if (account === undefined || verified === undefined) throw await failure(deps, guess, 'unknown_account')

  const { matches, outdated } = verified
  if (!matches) throw await failure(deps, guess, 'wrong_password')
  if (!account.user.isActive) throw await failure(deps, guess, 'inactive_account')
  const replacement = outdated ? await deps.hasher.hash(password) : undefined

  const signedIn = await deps.transaction(async stores => {
    // Guarded: the account may have been closed, or its password changed, while we were hashing.
    const user = await stores.users.recordLogin(account.user.id, account.passwordHash, replacement, nowMs)
    if (user === undefined) return undefined
    await deps.throttle.forgive(stores, guess)
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
  if (signedIn === undefined) throw await failure(deps, guess, 'changed_meanwhile')
  return { ...issueTokens(deps.issuer, signedIn.started, signedIn.standing, nowMs), user: signedIn.user }
}

type Reason = 'wrong_password' | 'unknown_account' | 'inactive_account' | 'changed_meanwhile'

/** Writes the failure down and gives the one answer. The address of nobody is not written: it is often a password. */
async function failure(
  { throttle }: SignInDeps,
  { userId, origin, nowMs }: ChargedGuess,
  reason: Reason,
): Promise<Refusal> {
  await throttle.recordFailure(
    {
      actorId: null,
      action: 'user.login_failed',
      target: userId === undefined ? null : userTarget(userId),
      outcome: 'failure',
      origin,
      details: { reason },
    },
    nowMs,
  )
  return new Refusal('invalid_credentials')
}
