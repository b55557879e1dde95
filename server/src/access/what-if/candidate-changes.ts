import { permissionName, type UserId } from '../../kernel/index.ts'
import type { AccessChange } from './access-change.ts'
import { type AccessModel, type ModelUser, permissionsFor, reasonsIn } from './access-model.ts'

/** A question about one user. The resource and the action exist. */
export interface Asked {
  readonly userId: UserId
  readonly resource: string
  readonly action: string
}

export type ChangeSet = readonly AccessChange[]

/** How many users have the role, infinitely many where they were not all counted: those that few have come first. */
export type HoldersOf = (role: string) => number

/** Sets of each sort that are looked at further. */
const maxSets = 10

/** Roles that a set is tried for; beyond these, those that permit least come first. */
const maxGivenRoles = 50

/** Roles of which some, but not all, are changed for all their holders: two sets for each of them. */
const maxChangedRoles = 6

/**
 * Sets that could allow what is refused, none of which holds a smaller one. An inactive account is switched on in each
 * of them. Where a role that permits it can be given, or a role of the user be granted it, that is all; only where
 * neither is there is a role granted the permission and given in one.
 */
export function setsThatAllow(model: AccessModel, asked: Asked, holdersOf: HoldersOf): readonly ChangeSet[] {
  const { userId, resource, action } = asked
  const user = model.users.get(userId)!
  const on: ChangeSet = user.isActive ? [] : [{ kind: 'reactivate_user', userId }]
  if (user.isSuperuser || reasonsIn(model, user, resource, action).length > 0) return [on]

  const permission = permissionName(resource, action)
  const grant = (role: string): AccessChange => ({ kind: 'grant_permission', role, permission })
  const give = (role: string): AccessChange => ({ kind: 'give_role', userId, role })
  const allowing = permissionsFor(resource, action)
  const others = leastFirst(model).filter(role => !user.roles.has(role))
  const given = others
    .filter(role => allowing.some(each => model.roles.get(role)!.has(each)))
    .slice(0, maxGivenRoles)
  const granted = fewestFirst(user.roles, holdersOf).slice(0, maxSets)
  const singles = [...given.map(give), ...granted.map(grant)].map(change => [...on, change])
  if (singles.length > 0) return singles
  return others.slice(0, maxSets).map(role => [...on, grant(role), give(role)])
}

/**
 * Sets that could refuse what is allowed, none of which holds a smaller one: each reason has to go, by taking the role
 * from the user or the permission from the role.
 */
export function setsThatRefuse(model: AccessModel, asked: Asked, holdersOf: HoldersOf): readonly ChangeSet[] {
  const { userId, resource, action } = asked
  const user = model.users.get(userId)!
  const off: ChangeSet = [{ kind: 'deactivate_user', userId }]
  if (user.isSuperuser) return [off]
  return [off, ...setsWithoutReasons(model, user, asked, holdersOf, resource, action)]
}

function setsWithoutReasons(
  model: AccessModel,
  user: ModelUser,
  { userId }: Asked,
  holdersOf: HoldersOf,
  resource: string,
  action: string,
): readonly ChangeSet[] {
  const permissionsOf = Map.groupBy(reasonsIn(model, user, resource, action), reason => reason.role)
  const roles = fewestFirst(permissionsOf.keys(), holdersOf)
  const without = (role: string, forEverybody: boolean): readonly AccessChange[] =>
    forEverybody
      ? permissionsOf.get(role)!.map(({ permission }) => ({ kind: 'take_permission', role, permission }))
      : [{ kind: 'take_role', userId, role }]
  return choices(Math.min(roles.length, maxChangedRoles)).map(chosen =>
    roles.flatMap((role, place) => without(role, chosen.has(place))),
  )
}

/** Every choice among so many places, those of few before those of many: none first, and all last. */
function choices(places: number): readonly ReadonlySet<number>[] {
  let grown: ReadonlySet<number>[] = [new Set()]
  for (let place = 0; place < places; place++) {
    grown = [...grown, ...grown.map(chosen => new Set([...chosen, place]))]
  }
  return grown.sort((a, b) => a.size - b.size)
}

const fewestFirst = (roles: Iterable<string>, holdersOf: HoldersOf): readonly string[] =>
  [...roles].sort((a, b) => {
    const [first, second] = [holdersOf(a), holdersOf(b)]
    if (first !== second) return first < second ? -1 : 1
    return a < b ? -1 : 1
  })

const leastFirst = ({ roles }: AccessModel): readonly string[] =>
  [...roles.keys()].sort((a, b) => roles.get(a)!.size - roles.get(b)!.size || (a < b ? -1 : 1))
