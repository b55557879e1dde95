import { setImmediate } from 'node:timers/promises'
import { permissionName, type UserId } from '../../kernel/index.ts'
import {
  type AccessChange,
  type AccessModel,
  decides,
  type ModelUser,
  permissionsFor,
  reasonsIn,
} from './access-model.ts'
import { applyChanges } from './apply-changes.ts'
import { type Comparison, compareModels } from './compare-models.ts'
import { type Effect, type MeasureDeps, measureEffect } from './measure-effect.ts'
import type { Pace } from './pace.ts'
import { type ReadModel, readModel } from './read-model.ts'

/** Changes that would turn a decision round. */
export interface Alternative {
  readonly changes: ChangeSet
  /** Users whose permissions would change, the one who was asked about among them. */
  readonly affects: number
  /** Permissions that all of them together would gain and lose. */
  readonly gains: number
  readonly losses: number
}

const maxAlternatives = 10

/** Holders of a role that are counted, to look first at roles that few have. */
const maxCountedHolders = 1_000

/**
 * The smallest sets of changes that would turn this decision round. The first are those that hand out or take least: the
 * permissions of all users who are affected, added up. Then those that leave the
 * account active, and those of fewest changes. Each has been carried out in a copy of the model, and what the copy
 * decides has been looked at. None where the resource or the action does not exist: nothing is made.
 */
export async function findAlternatives(
  deps: MeasureDeps,
  asked: Asked,
  allowed: boolean,
): Promise<readonly Alternative[]> {
  const { userId, resource, action } = asked
  const pace = deps.newPace()
  const read = await readModel(deps, [userId], pace)
  const { model } = read
  if (!model.resources.has(resource) || !model.actions.has(action)) return []

  const holders = await countHolders(deps, read, asked)
  const candidates = allowed ? setsThatRefuse(model, asked, holders) : setsThatAllow(model, asked, holders)
  const own: Measured[] = []
  const shared: Proven[] = []
  for (const changes of candidates) {
    const proven = await prove(read, asked, { changes, allowed }, pace)
    if (proven === undefined) continue
    if (proven.comparison.touched.length > 0) shared.push(proven)
    else own.push(await measure(deps, read, proven, pace))
    await setImmediate()
  }
  // A set that changes no role concerns only this user. No more of the other sets are measured than there is room for:
  // each measurement may read all users.
  const found = own.sort(byEffect).slice(0, maxAlternatives)
  for (const proven of shared.slice(0, maxAlternatives - found.length)) {
    found.push(await measure(deps, read, proven, pace))
  }
  return found
    .sort(byEffect)
    .map(({ changes, users, gains, losses }) => ({ changes, affects: users, gains, losses }))
}

interface Proven {
  readonly changes: ChangeSet
  readonly comparison: Comparison
}

type Measured = Proven & Pick<Effect, 'users' | 'gains' | 'losses'>

/**
 * Applies the changes to a copy; undefined when the server would refuse them to every caller, or when the copy decides
 * as before.
 */
async function prove(
  read: ReadModel,
  { userId, resource, action }: Asked,
  { changes, allowed }: { readonly changes: ChangeSet; readonly allowed: boolean },
  pace: Pace,
): Promise<Proven | undefined> {
  const { model: after, faults } = await applyChanges(read.model, changes, pace)
  if (changes.length === 0 || faults.length > 0) return undefined
  if (decides(after, userId, resource, action) === allowed) return undefined
  return { changes, comparison: await compareModels(read, after, pace) }
}

const measure = async (
  deps: MeasureDeps,
  read: ReadModel,
  proven: Proven,
  pace: Pace,
): Promise<Measured> => ({
  ...proven,
  ...(await measureEffect(deps, read, { comparison: proven.comparison, limit: 0 }, pace)),
})

const byEffect = (a: Measured, b: Measured): number =>
  a.gains + a.losses - (b.gains + b.losses) ||
  Number(endsAccount(a)) - Number(endsAccount(b)) ||
  a.changes.length - b.changes.length ||
  a.users - b.users

/** Ends the sessions of the user as well, which no permission shows. */
const endsAccount = ({ changes }: Measured): boolean => changes.some(({ kind }) => kind === 'deactivate_user')

async function countHolders(
  { store }: MeasureDeps,
  { model, idOf }: ReadModel,
  { userId }: Asked,
): Promise<(role: string) => number> {
  const counts = new Map<string, number>()
  for (const role of model.users.get(userId)!.roles) {
    const id = idOf.get(role)
    const known = id === undefined ? [] : await store.findHolders([id], maxCountedHolders)
    counts.set(role, known?.length ?? Number.POSITIVE_INFINITY)
  }
  return role => counts.get(role)!
}

/** A question about one user. The resource and the action exist. */
interface Asked {
  readonly userId: UserId
  readonly resource: string
  readonly action: string
}

type ChangeSet = readonly AccessChange[]

/** How many users have the role, infinitely many where they were not all counted: those that few have come first. */
type HoldersOf = (role: string) => number

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
function setsThatAllow(model: AccessModel, asked: Asked, holdersOf: HoldersOf): readonly ChangeSet[] {
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
function setsThatRefuse(model: AccessModel, asked: Asked, holdersOf: HoldersOf): readonly ChangeSet[] {
  const { userId } = asked
  const user = model.users.get(userId)!
  const off: ChangeSet = [{ kind: 'deactivate_user', userId }]
  if (user.isSuperuser) return [off]
  return [off, ...setsWithoutReasons(model, user, asked, holdersOf)]
}

function setsWithoutReasons(
  model: AccessModel,
  user: ModelUser,
  { userId, resource, action }: Asked,
  holdersOf: HoldersOf,
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
