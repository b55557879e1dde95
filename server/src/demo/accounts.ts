import { replaceRoles } from '../access/index.ts'
import { userTarget } from '../audit/index.ts'
import type { Core, Stores } from '../core.ts'
import type { EpochMs, UserId } from '../kernel/index.ts'
import type { HistoryContext } from './add-history.ts'
import { incidents, joinedAtMs } from './history.ts'
import { type DemoPerson, demoAccounts, originOf, people, superuserEmail } from './people.ts'

export interface Newcomer {
  readonly person: DemoPerson
  readonly passwordHash: string
}

/** Opens the accounts, with their roles. An account whose address has been taken meanwhile is left as it is. */
export async function openAccounts(
  stores: Stores,
  newcomers: readonly Newcomer[],
  nowMs: EpochMs,
): Promise<HistoryContext['opened']> {
  const opened = new Map<string, NonNullable<ReturnType<HistoryContext['opened']['get']>>>()
  const known = new Set((await stores.roles.readNames()).map(role => role.codeName))
  for (const { person, passwordHash } of newcomers) {
    const user = await stores.users.add(
      { ...person, passwordHash, isActive: true, note: null },
      joinedAtMs(person, nowMs),
    )
    if (user === 'taken') continue
    opened.set(user.email, { id: user.id, passwordHash })
    // A demo role may have been renamed since the first run.
    const roles = person.roles.filter(role => known.has(role))
    await replaceRoles(stores, { principal: null, userId: user.id, roles, nowMs })
    // The roles are as old as the account; the change that tells the gates of them is of now.
    await stores.users.updateLocked(user, {}, joinedAtMs(person, nowMs))
    await recordOpening(stores, user.id, person, nowMs)
  }
  return opened
}

/** The superuser came by the command line and has opened the other accounts. */
async function recordOpening(
  { users, audit }: Stores,
  userId: UserId,
  person: DemoPerson,
  nowMs: EpochMs,
): Promise<void> {
  const isFirst = person.email === superuserEmail
  const opener = isFirst ? undefined : await users.findByEmail(superuserEmail)
  const promotion = incidents.find(
    ({ email, details }) => email === person.email && details.kind === 'promote',
  )
  const roles = promotion?.details.kind === 'promote' ? promotion.details.from : person.roles
  await audit.append(
    {
      actorId: opener?.user.id ?? null,
      action: 'user.create',
      target: userTarget(userId),
      origin: isFirst ? null : originOf(0, people[0]!.devices[0]!),
      details: {
        email: person.email,
        is_active: true,
        is_staff: person.isStaff,
        is_superuser: person.isSuperuser,
        roles: roles.toSorted(),
      },
    },
    joinedAtMs(person, nowMs),
  )
}

/** The address of an open account that still has its demo password, which is public; undefined when there is none. */
export async function openDemoAccount({
  stores,
  hasher,
}: Pick<Core, 'stores' | 'hasher'>): Promise<string | undefined> {
  for (const { email, password } of demoAccounts) {
    const found = await stores.users.findByEmail(email)
    if (found === undefined || !found.user.isActive) continue
    if ((await hasher.verify(password, found.passwordHash)).matches) return email
  }
  return undefined
}
