import { networkOf } from '../addresses/index.ts'
import {
  emailTaken,
  initialFields,
  type OwnFields,
  pickOwnFields,
  unusablePassword,
} from '../identity/index.ts'
import type { EpochMs, Locale, UserId } from '../kernel/index.ts'
import { assertMailOn, mayMail, type Proof, type ProofStore } from '../proofs/index.ts'
import type { SignInStores } from './login.ts'
import {
  assertRegistrationOpen,
  type RegisterDeps,
  type Registration,
  validateRegistration,
} from './register.ts'

/** What waits for the proof of its address. SECRET: the hash of a password. */
interface Pending extends Record<string, unknown> {
  readonly passwordHash: string
  readonly own: OwnFields
}

/**
 * Begins a registration whose account is made when its address is proved. INVARIANT: the same answer after the same work for every address: for
 * one that is taken its owner gets a mail that says so, for any other the mail that goes on (ADR 45). Refuses with
 * `registration_closed`, `invalid_request` (every field named) or `too_many_requests` (from this network).
 */
export async function registerVerified(
  deps: RegisterDeps,
  registration: Registration,
  locale: Locale,
): Promise<void> {
  assertRegistrationOpen(deps)
  assertMailOn(deps)
  const nowMs = deps.clock.nowMs()
  const email = validateRegistration(deps, registration)
  const { origin, password } = registration
  await deps.throttle.take('registration', networkOf(origin.ipAddress), nowMs)
  if (!(await mayMail(deps, { email, origin }, nowMs))) return

  const passwordHash = await deps.hasher.hash(password)
  const repeated = await findRepeated(deps, { email, password, nowMs })
  const details: Pending = { passwordHash, own: pickOwnFields(registration) }
  await deps.transaction(async ({ users, proofs, outbox, audit }) => {
    const taken = await users.findByEmail(email)
    if (repeated !== undefined) await proofs.consume(repeated.id, nowMs)
    const decoy = taken !== undefined && { expiresAtMs: nowMs, details: {} }
    const proof = await proofs.add({ kind: 'registration', userId: null, email, details, ...decoy }, nowMs)
    const about = taken
      ? ({ kind: 'address_taken', userId: taken.user.id, proofId: null } as const)
      : ({ kind: 'email_verify', userId: null, proofId: proof.id } as const)
    await outbox.add({ ...about, locale, toEmail: email, details: {} }, nowMs)
    await audit.append({ actorId: null, action: 'user.register_request', target: null, origin }, nowMs)
  })
}

/**
 * The pending registration that this one repeats: of the same address with the same password, whose mail was late. One password is
 * verified for every address, whether there is something to repeat or not.
 */
async function findRepeated(
  { proofs, hasher }: Pick<RegisterDeps, 'proofs' | 'hasher'>,
  { email, password, nowMs }: { email: string; password: string; nowMs: EpochMs },
): Promise<Proof | undefined> {
  const [newest] = await proofs.listLive('registration', email, nowMs)
  const hash = newest === undefined ? undefined : pendingOf(newest).passwordHash
  if (hash === undefined) {
    await hasher.verifyNothing(password)
    return undefined
  }
  return (await hasher.verify(password, hash)).matches ? newest : undefined
}

/** What a registration wants of its account, which is not there yet. */
export const pendingOf = ({ details }: Proof): Pending => details as Pending

/**
 * Makes the account of a registration whose proof this transaction has consumed, with the password whose hash the reader of the mail has
 * shown or chosen, if there is one. INVARIANT: without it, where others have registered with the
 * address, by other passwords, none of these passwords opens the account: the reader of the mail may not be the person who chose it, and
 * chooses one by a reset (threat: an account that is opened before its owner comes). Refuses with `conflict` when the
 * address was taken meanwhile.
 */
export async function makeRegistered(
  { users, proofs }: Pick<SignInStores, 'users'> & { readonly proofs: ProofStore },
  { proof, shownHash }: { readonly proof: Proof; readonly shownHash: string | undefined },
  nowMs: EpochMs,
): Promise<UserId> {
  const { email } = proof
  const { passwordHash, own } = pendingOf(proof)
  const others = await proofs.cancelKind('registration', email, nowMs)
  const account = {
    ...initialFields,
    ...own,
    email,
    emailVerified: true,
    passwordHash: shownHash ?? (others > 0 ? unusablePassword : passwordHash),
  }
  const user = await users.add(account, nowMs)
  if (user === 'taken') throw emailTaken()
  return user.id
}
