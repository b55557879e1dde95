import { replaceRoles } from '../access/index.ts'
import { userTarget } from '../audit/index.ts'
import { type Caller, type Random, Rejection, type UserId } from '../kernel/index.ts'
import { endAllSessions } from '../sessions/index.ts'
import type { PasswordHasher } from './password-hasher.ts'
import { type AdministrationStores, assertSuperuserRemains, type UpdateUserDeps } from './update-user.ts'

/** What counts guesses at the passwords of accounts, by their addresses. */
interface AttemptCounters {
  forgetAccount(email: string): Promise<void>
}

/** Mails to accounts. */
interface Outbox {
  deleteOf(userId: UserId, email: string): Promise<void>
}

/** The API keys of accounts. */
interface OwnedKeys {
  deleteOf(ownerId: UserId): Promise<void>
}

/** What accounts prove themselves with beside the password, and sign-ins that wait for it. */
interface OwnedFactors {
  deleteAll(userId: UserId): Promise<unknown>
}
interface OwnedDevices {
  deleteOf(userId: UserId): Promise<unknown>
}
interface OwnedTickets {
  deleteOf(userId: UserId): Promise<void>
}

/** What mails to accounts are to prove. */
interface OwnedProofs {
  deleteOf(userId: UserId, email: string): Promise<void>
}

/** Those by which accounts were opened, and to their addresses. */
interface Invitations {
  deleteOf(userId: UserId, email: string): Promise<void>
}

export interface EraseUserDeps extends Omit<UpdateUserDeps, 'transaction'> {
  readonly transaction: <T>(
    work: (
      stores: AdministrationStores & {
        readonly throttle: AttemptCounters
        readonly apiKeys: OwnedKeys
        readonly factors: OwnedFactors
        readonly tickets: OwnedTickets
        readonly rememberedDevices: OwnedDevices
        readonly outbox: Outbox
        readonly proofs: OwnedProofs
        readonly invitations: Invitations
      },
    ) => Promise<T>,
  ) => Promise<T>
  readonly hasher: PasswordHasher
  readonly random: Random
}

/** RFC 2606 section 2: an address below `.invalid` never belongs to a person. */
const placeholderOf = (userId: UserId): string => `erased-${userId}@erased.invalid`

/**
 * Closes an account for good and removes what is known of its person: address, names, password, last sign-in, roles, API keys,
 * and where its sessions came from. The row stays, since others refer to it, and so does the audit, whose chain would
 * break. Its address can be registered anew. Refuses with `not_found`, or `conflict` for the last active superuser.
 */
export async function eraseUser(deps: EraseUserDeps, caller: Caller, userId: UserId): Promise<void> {
  const nowMs = deps.clock.nowMs()
  // The hash of a random password that is not kept: no sign-in matches it, and it has the form that every row has.
  const passwordHash = await deps.hasher.hash(Buffer.from(deps.random.bytes(32)).toString('base64url'))
  const actorId = caller.principal?.userId ?? null
  await deps.transaction(async stores => {
    // INVARIANT: superusers are locked first, the user second, as in every write about accounts.
    const superusers = await stores.users.lockActiveSuperusers()
    const before = await stores.users.lock(userId)
    if (before === undefined) throw new Rejection('not_found')
    assertSuperuserRemains(before, { isActive: false, isSuperuser: false }, superusers)
    await replaceRoles(stores, { principal: caller.principal, userId, roles: [], nowMs })
    await stores.users.erase(userId, { email: placeholderOf(userId), passwordHash }, nowMs)
    await stores.changes.append(
      { kind: 'user_roles', userId, roles: [], roleIds: [], isSuperuser: false },
      nowMs,
    )
    await endAllSessions(stores, userId, 'deactivated', { actorId, origin: caller.origin, nowMs })
    await stores.sessions.eraseOrigins(userId)
    await stores.apiKeys.deleteOf(userId)
    await stores.factors.deleteAll(userId)
    await stores.tickets.deleteOf(userId)
    await stores.rememberedDevices.deleteOf(userId)
    await stores.proofs.deleteOf(userId, before.email)
    await stores.invitations.deleteOf(userId, before.email)
    await stores.throttle.forgetAccount(before.email)
    await stores.outbox.deleteOf(userId, before.email)
    const event = {
      actorId,
      action: 'user.erase',
      target: userTarget(userId),
      origin: caller.origin,
    } as const
    await stores.audit.append(event, nowMs)
  })
}
