import { networkOf } from '../addresses/index.ts'
import { userTarget } from '../audit/index.ts'
import { isSamePassword, judgeNewAccount, type LeakedPasswords, type Names } from '../identity/index.ts'
import { message, type Origin, Refusal, takenField } from '../kernel/index.ts'
import { issueTokens, startSession } from '../tokens/index.ts'
import type { SignedIn, SignInDeps } from './accounts.ts'

export interface RegisterDeps extends SignInDeps {
  readonly registration: 'open' | 'closed'
  readonly passwordMinLength: number
  readonly leakedPasswords: LeakedPasswords
}

export interface Registration extends Names {
  readonly email: string
  readonly password: string
  readonly password2: string
  readonly origin: Origin
}

/**
 * Opens an account and signs it in: validate, uniqueness, hash, account, tokens, session, answer. Refuses with
 * `registration_closed`, `invalid_request` (every field named), `too_many_requests` (from this network) or `conflict`
 * (the address is taken).
 */
export async function register(deps: RegisterDeps, registration: Registration): Promise<SignedIn> {
  assertRegistrationOpen(deps)
  const nowMs = deps.clock.nowMs()
  const email = judgeRegistration(deps, registration)
  // Also before the look at the address: each tells whether one is taken.
  await deps.throttle.spend('registration', networkOf(registration.origin.ipAddress), nowMs)

  // A look before the costly hash; the unique index decides in any case.
  if ((await deps.users.findByEmail(email)) !== undefined) throw takenField('email', message('email.taken'))
  const passwordHash = await deps.hasher.hash(registration.password)

  const { user, started, standing } = await deps.transaction(async stores => {
    const { firstName, lastName, middleName, origin } = registration
    const added = await stores.users.add(
      {
        email,
        passwordHash,
        firstName,
        lastName,
        middleName,
        isActive: true,
        isStaff: false,
        isSuperuser: false,
      },
      nowMs,
    )
    if (added === 'taken') throw takenField('email', message('email.taken'))
    const user = (await stores.users.recordLogin(added.id, passwordHash, undefined, nowMs))!
    const started = await startSession(stores, deps, { userId: user.id, origin, nowMs })
    await stores.audit.append(
      {
        actorId: user.id,
        action: 'user.register',
        target: userTarget(user.id),
        origin,
        details: { session_id: started.session.id },
      },
      nowMs,
    )
    return { user, started, standing: await stores.standings.get(user.id) }
  })
  return { ...issueTokens(deps.issuer, started, standing, nowMs), user }
}

export function assertRegistrationOpen({ registration }: Pick<RegisterDeps, 'registration'>): void {
  if (registration === 'closed') throw new Refusal('registration_closed')
}

/** The canonical address, or a refusal that names every field that does not fit. */
function judgeRegistration(deps: RegisterDeps, registration: Registration): string {
  const policy = { minLength: deps.passwordMinLength, leaked: deps.leakedPasswords }
  const { email, errors } = judgeNewAccount(policy, registration)
  if (!isSamePassword(registration.password, registration.password2))
    errors.password2 = [message('password.mismatch')]
  if (email === undefined || Object.keys(errors).length > 0) throw new Refusal('invalid_request', { errors })
  return email
}
