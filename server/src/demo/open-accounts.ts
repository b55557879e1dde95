import { replaceRoles } from '../access/index.ts'
import { userTarget } from '../audit/index.ts'
import type { EpochMs, UserId } from '../kernel/index.ts'
import type { Stores } from '../stores.ts'
import { originOf } from './devices.ts'
import { joinedAtMs } from './history.ts'
import { incidents } from './incidents.ts'
import { type DemoPerson, people, superuserEmail } from './people.ts'
import type { Narrator } from './tell.ts'

export interface Newcomer {
  readonly person: DemoPerson
  readonly passwordHash: string
}

/** Opens the accounts, with their roles. An account whose address has been taken meanwhile is left as it is. */
export async function openAccounts(
  stores: Stores,
  newcomers: readonly Newcomer[],
  nowMs: EpochMs,
): Promise<Narrator['opened']> {
  const opened = new Map<string, NonNullable<ReturnType<Narrator['opened']['get']>>>()
  const known = new Set((await stores.roles.readNames()).map(role => role.codeName))
  for (const { person, passwordHash } of newcomers) {
    const user = await stores.users.add(
      { ...person, passwordHash, isActive: true },
      joinedAtMs(person, nowMs),
    )
    if (user === 'taken') continue
    opened.set(user.email, { id: user.id, passwordHash })
    // A demo role may have been renamed since the first run.
    const roles = person.roles.filter(role => known.has(role))
    await replaceRoles(stores, { principal: null, userId: user.id, roles, nowMs })
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
  const promotion = incidents.find(({ email, deed }) => email === person.email && deed.kind === 'promote')
  const roles = promotion?.deed.kind === 'promote' ? promotion.deed.from : person.roles
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
