import type { AuditAction, NewAuditEvent } from '../audit/index.ts'
import type { PermissionName, RoleId } from '../kernel/index.ts'
import { type AccessStores, record, type TimedActor } from './access-stores.ts'
import type { RoleHolder } from './assignment-store.sql.ts'
import { covers } from './rank.ts'
import type { RolePermissions } from './role-permissions.ts'

/** Roles of which the event of a change tells, the most held first. */
const mostRoles = 20
/** Roles that get an event of their own. */
const mostRoleEvents = 100
/** People who are named, the first by their id. */
const mostPeople = 20
/** Permissions that are named of each. */
const mostNames = 20

type Stores = Pick<AccessStores, 'assignments' | 'permissions'>

/**
 * The users that a change of some roles concerns, as they were before it. Their number is bounded, however many hold
 * the roles.
 */
interface Concerned {
  readonly holders: ReadonlyMap<RoleId, number>
  readonly people: readonly RoleHolder[]
  /** What the other roles of these people permit. */
  readonly others: RolePermissions
}

/** Read it before the write: a role that goes takes its assignments with it. */
export async function readConcerned(
  { assignments, permissions }: Stores,
  roleIds: readonly RoleId[],
): Promise<Concerned> {
  const holders = await assignments.countHolders(roleIds)
  const mostHeld = byHolders(holders).slice(0, mostRoles)
  const people = await assignments.firstHolders(mostHeld, mostPeople)
  const changing = new Set(roleIds)
  const others = [...new Set(people.flatMap(person => person.roleIds))].filter(id => !changing.has(id))
  return { holders, people, others: await permissions.permissionsOfRoles(others) }
}

const byHolders = (holders: ReadonlyMap<RoleId, number>): readonly RoleId[] =>
  [...holders].sort(([a, held], [b, more]) => more - held || a - b).map(([id]) => id)

interface MovedPermissions {
  readonly lost: readonly PermissionName[]
  readonly gained: readonly PermissionName[]
}

interface RoleEffect extends MovedPermissions {
  readonly roleId: RoleId
  readonly codeName: string
  readonly holders: number
}

/** Who lost and who gained what by a change of what roles permit. */
export interface Effects {
  /** Every role that permits something else than before, the most held first. */
  readonly roles: readonly RoleEffect[]
  readonly people: readonly (MovedPermissions & Pick<RoleHolder, 'userId' | 'email'>)[]
}

export function effectsBetween(
  before: RolePermissions,
  after: RolePermissions,
  concerned: Concerned,
): Effects {
  const roles = [...new Set([...before.keys(), ...after.keys()])]
    .map(roleId => ({
      roleId,
      codeName: (after.get(roleId) ?? before.get(roleId))!.codeName,
      holders: concerned.holders.get(roleId) ?? 0,
      ...difference(before.get(roleId)?.permissions ?? [], after.get(roleId)?.permissions ?? []),
    }))
    .filter(hasMoved)
    .sort((a, b) => b.holders - a.holders || a.roleId - b.roleId)
  const heldIn = (rolePermissions: RolePermissions, roleIds: readonly RoleId[]) =>
    roleIds.flatMap(id => (rolePermissions.get(id) ?? concerned.others.get(id))?.permissions ?? [])
  const people = concerned.people
    .map(({ userId, email, roleIds }) => ({
      userId,
      email,
      ...withoutCovered(heldIn(before, roleIds), heldIn(after, roleIds)),
    }))
    .filter(hasMoved)
  return { roles, people }
}

const hasMoved = ({ lost, gained }: MovedPermissions): boolean => lost.length + gained.length > 0

const difference = (
  before: readonly PermissionName[],
  after: readonly PermissionName[],
): MovedPermissions => {
  const [old, now] = [new Set(before), new Set(after)]
  return { lost: [...old.difference(now)].sort(), gained: [...now.difference(old)].sort() }
}

/** A person neither loses nor gains what `resource:all` permits them besides. */
function withoutCovered(
  before: readonly PermissionName[],
  after: readonly PermissionName[],
): MovedPermissions {
  const { lost, gained } = difference(before, after)
  const [old, now] = [new Set(before), new Set(after)]
  return {
    lost: lost.filter(name => !covers(now, name)),
    gained: gained.filter(name => !covers(old, name)),
  }
}

/** What an event says of it; nothing where a change has moved nothing. */
export function effectDetails({ roles, people }: Effects): Readonly<Record<string, unknown>> {
  if (roles.length === 0) return {}
  return {
    effects: {
      roles: roles.slice(0, mostRoles).map(role => ({
        role: role.codeName,
        ...namesOf(role),
        holders: role.holders,
      })),
      roles_count: roles.length,
      assignments: roles.reduce((sum, { holders }) => sum + holders, 0),
      people: people.map(person => ({ id: person.userId, email: person.email, ...namesOf(person) })),
    },
  }
}

const namesOf = ({ lost, gained }: MovedPermissions) => ({
  ...(lost.length > 0 && { lost: lost.slice(0, mostNames), lost_count: lost.length }),
  ...(gained.length > 0 && { gained: gained.slice(0, mostNames), gained_count: gained.length }),
})

interface Cause {
  readonly action: AuditAction
  readonly target: string
  /** The code name, or the permission, as it was before. */
  readonly name: string
}

/** The event of a change with what it has moved, and an event for each role of which it moved something. */
export async function recordWithEffects(
  stores: Pick<AccessStores, 'audit'>,
  actor: TimedActor,
  { details, ...cause }: Cause & { readonly details: Readonly<Record<string, unknown>> },
  effects: Effects,
): Promise<void> {
  const { action, target } = cause
  await record(stores, actor, { action, target, details: { ...details, ...effectDetails(effects) } })
  await recordRoleEffects(stores, actor, cause, effects)
}

/**
 * An event for each role that lost or gained something by a change of something else, so that the history of the role
 * says so. Beyond a bound the event of the cause alone has their number.
 */
async function recordRoleEffects(
  { audit }: Pick<AccessStores, 'audit'>,
  { principal, origin, nowMs }: TimedActor,
  cause: Cause,
  { roles }: Effects,
): Promise<void> {
  const events = roles.slice(0, mostRoleEvents).map(
    (role): NewAuditEvent => ({
      actorId: principal?.userId ?? null,
      action: 'role.update',
      target: `roles/${role.roleId}`,
      origin,
      details: { code_name: role.codeName, ...namesOf(role), holders: role.holders, cause },
    }),
  )
  await audit.appendAll(events, nowMs)
}
