import { type Change, previewOf } from '../support/preview.ts'

/**
 * The rule of permissions and the rules of rank, written once more and as plainly as they can be: by what the documents say
 * (docs/authorization.md), with nothing of the server's code in it. Slow on purpose.
 */

/** How a session was authenticated: by one factor, or by two. A device that was remembered shows no second one (ADR 50). */
export type Level = 'aal1' | 'aal2'

export interface Person {
  readonly id: number
  isActive: boolean
  isSuperuser: boolean
  isStaff: boolean
  /** Ids. */
  roles: Set<number>
  /** The campaign gives it; the list of accounts does not say it. */
  hasFactor: boolean
}

export interface Key {
  readonly id: number
  readonly ownerId: number
  /** Ids. */
  roles: Set<number>
  /** `resource id/action id`: under whatever names. */
  permissions: Set<string>
  readonly secret: string
}

/** Who acts: a person in a session of a level, or a program by a key of theirs, which shows no factor and is no superuser. */
export interface Actor {
  /** Of the account. */
  readonly id: number
  readonly isSuperuser: boolean
  readonly level: Level
  readonly key?: Key
}

export const inSession = ({ id, isSuperuser }: Person, level: Level): Actor => ({ id, isSuperuser, level })

export const byKey = (key: Key): Actor => ({ id: key.ownerId, isSuperuser: false, level: 'aal1', key })

/** `at aal2`: the same person has it in a session of a second factor, so that the answer asks for one. */
export type HeldAt = 'held' | 'at aal2' | 'missing'

export interface Role {
  codeName: string
  /** `resource id/action id`: under whatever names. */
  permissions: Set<string>
  /** Which sessions it permits anything. */
  level: Level
}

export interface Entry {
  codeName: string
  readonly isBuiltin: boolean
}

export interface Model {
  readonly resources: Map<number, Entry>
  readonly actions: Map<number, Entry>
  readonly roles: Map<number, Role>
  readonly people: Map<number, Person>
  readonly keys: Map<number, Key>
}

export interface Reason {
  readonly role: string
  readonly permission: string
}

export const copyOf = (model: Model): Model => structuredClone(model)

export function idOf(
  entries: ReadonlyMap<number, { codeName: string }>,
  codeName: string,
): number | undefined {
  for (const [id, entry] of entries) if (entry.codeName === codeName) return id
  return undefined
}

export const namesIn = (entries: ReadonlyMap<number, { codeName: string }>): string[] =>
  [...entries.values()].map(({ codeName }) => codeName)

/** `resource:action` of each that the role holds. */
export const permissionsOf = (model: Model, roleId: number): string[] =>
  [...model.roles.get(roleId)!.permissions].map(pair => nameOf(model, pair))

export function nameOf(model: Model, pair: string): string {
  const [resource, action] = pair.split('/').map(Number)
  return `${model.resources.get(resource!)!.codeName}:${model.actions.get(action!)!.codeName}`
}

export function pairOf(model: Model, name: string): string | undefined {
  const [resource, action] = name.split(':')
  const resourceId = idOf(model.resources, resource!)
  const actionId = idOf(model.actions, action!)
  return resourceId === undefined || actionId === undefined ? undefined : `${resourceId}/${actionId}`
}

const isEnough = (level: Level, { level: asked }: Role): boolean => asked === 'aal1' || level === 'aal2'

/** What these roles permit in a session of this level: the highest unless given. */
export const held = (model: Model, roles: Iterable<number>, level: Level = 'aal2'): Set<string> =>
  new Set(
    [...roles]
      .filter(roleId => isEnough(level, model.roles.get(roleId)!))
      .flatMap(roleId => permissionsOf(model, roleId)),
  )

/** The decision about a person in a session of this level, every role and permission behind it, and those that a second factor would add to none. */
export function mayDo(model: Model, person: Person, resource: string, action: string, level: Level = 'aal2') {
  const nothing = { allowed: false, reasons: [], withFactor: [] }
  if (idOf(model.resources, resource) === undefined) return nothing
  if (idOf(model.actions, action) === undefined) return nothing
  if (!person.isActive) return nothing
  const reasons: Reason[] = []
  const withFactor: Reason[] = []
  for (const roleId of person.roles) {
    const role = model.roles.get(roleId)!
    for (const permission of permissionsOf(model, roleId)) {
      if (permission !== `${resource}:${action}` && permission !== `${resource}:all`) continue
      const found = isEnough(level, role) ? reasons : withFactor
      found.push({ role: role.codeName, permission })
    }
  }
  const allowed = person.isSuperuser || reasons.length > 0
  return { allowed, reasons, withFactor: allowed ? [] : withFactor }
}

/** Why, in the words of `/access/explain/`. */
export function explanation(
  model: Model,
  person: Person,
  { resource, action }: { readonly resource: string; readonly action: string },
  level: Level,
) {
  const unknown = [
    ...(idOf(model.resources, resource) === undefined ? [{ unknown: 'resource', name: resource }] : []),
    ...(idOf(model.actions, action) === undefined ? [{ unknown: 'action', name: action }] : []),
  ]
  const { allowed, reasons, withFactor } = mayDo(model, person, resource, action, level)
  if (unknown.length > 0) return { allowed, because: unknown }
  if (!person.isActive) return { allowed, because: [{ inactive: true }] }
  if (person.isSuperuser) return { allowed, because: [{ superuser: true }] }
  if (allowed) return { allowed, because: reasons }
  if (withFactor.length > 0) return { allowed, because: withFactor.map(by => ({ requires_aal: 'aal2', by })) }
  return { allowed, because: [{ missing: `${resource}:${action}` }] }
}

/** What the answer to a call is that needs this permission. */
export function mayUse(model: Model, actor: Actor, resource: string, action: string): HeldAt {
  const isKnown = idOf(model.resources, resource) !== undefined && idOf(model.actions, action) !== undefined
  if (!isKnown || !model.people.get(actor.id)!.isActive) return 'missing'
  return heldAt(model, actor, [`${resource}:${action}`])
}

/** Whether the actor holds all of these, by themselves or by `all`: what the rules of rank ask. */
export function heldAt(model: Model, actor: Actor, names: Iterable<string>): HeldAt {
  const all = [...names]
  if (all.every(name => holds(model, actor, name, actor.level))) return 'held'
  if (actor.key !== undefined) return 'missing'
  return all.every(name => holds(model, actor, name, 'aal2')) ? 'at aal2' : 'missing'
}

function holds(model: Model, { id, isSuperuser, key }: Actor, name: string, level: Level): boolean {
  if (isSuperuser) return true
  const isAmong = (own: Set<string>) => own.has(name) || own.has(`${name.split(':')[0]}:all`)
  const person = model.people.get(id)!
  const isOwners = isAmong(held(model, person.roles, level))
  if (key === undefined) return isOwners
  const given = [...held(model, key.roles, 'aal1'), ...[...key.permissions].map(pair => nameOf(model, pair))]
  return isAmong(new Set(given)) && (isOwners || person.isSuperuser)
}

/** Rule 2 and 3: nobody touches who holds what they lack, and only a superuser touches a superuser. A program is not its owner. */
export function mayTouch(model: Model, actor: Actor, target: Person): HeldAt {
  if (actor.isSuperuser || (actor.id === target.id && actor.key === undefined)) return 'held'
  return target.isSuperuser ? 'missing' : heldAt(model, actor, held(model, target.roles))
}

/** Rule 6: a role is its holders', too. */
export function mayTouchHolders(model: Model, actor: Actor, roleId: number): HeldAt {
  const each = [...model.people.values()]
    .filter(person => person.roles.has(roleId))
    .map(person => mayTouch(model, actor, person))
  return (['missing', 'at aal2'] as const).find(worst => each.includes(worst)) ?? 'held'
}

/** Rule 5. */
export const isLastSuperuser = (model: Model, { id }: Person): boolean => {
  const superusers = [...model.people.values()].filter(person => person.isActive && person.isSuperuser)
  return superusers.length === 1 && superusers[0]!.id === id
}

/** Takes an entry out, with every permission that rests on it. */
export function deleteEntry(model: Model, part: 'resources' | 'actions', id: number): void {
  model[part].delete(id)
  const place = part === 'resources' ? 0 : 1
  for (const holder of [...model.roles.values(), ...model.keys.values()])
    holder.permissions = new Set(
      [...holder.permissions].filter(pair => Number(pair.split('/')[place]) !== id),
    )
}

export function deleteRole(model: Model, id: number): void {
  model.roles.delete(id)
  for (const holder of [...model.people.values(), ...model.keys.values()]) holder.roles.delete(id)
}

/** `resource:action` of all that each person may do in a session of the highest level. */
export function everythingAllowed(model: Model): Map<number, Set<string>> {
  const allowed = new Map<number, Set<string>>()
  for (const person of model.people.values()) {
    const names = new Set<string>()
    for (const resource of namesIn(model.resources))
      for (const action of namesIn(model.actions))
        if (mayDo(model, person, resource, action).allowed) names.add(`${resource}:${action}`)
    allowed.set(person.id, names)
  }
  return allowed
}

/** Makes the change, or says that nobody could. */
export function makeChange(model: Model, change: Change): boolean {
  const roleId = change.role === undefined ? undefined : idOf(model.roles, change.role)
  if (change.role !== undefined && roleId === undefined) return false
  const person = change.user_id === undefined ? undefined : model.people.get(change.user_id)
  if (change.user_id !== undefined && person === undefined) return false
  const pair = change.permission === undefined ? undefined : pairOf(model, change.permission)
  if (change.permission !== undefined && pair === undefined) return false
  switch (change.kind) {
    case 'grant_permission':
      model.roles.get(roleId!)!.permissions.add(pair!)
      return true
    case 'take_permission':
      model.roles.get(roleId!)!.permissions.delete(pair!)
      return true
    case 'give_role':
      person!.roles.add(roleId!)
      return true
    case 'take_role':
      person!.roles.delete(roleId!)
      return true
    case 'deactivate_user':
      if (isLastSuperuser(model, person!)) return false
      person!.isActive = false
      return true
    case 'reactivate_user':
      person!.isActive = true
      return true
    case 'delete_role':
      deleteRole(model, roleId!)
      return true
    default: {
      const part = change.kind === 'delete_resource' ? 'resources' : 'actions'
      const id = idOf(model[part], change.resource ?? change.action!)
      if (id === undefined || model[part].get(id)!.isBuiltin) return false
      deleteEntry(model, part, id)
      return true
    }
  }
}

/** What a preview must answer; the place of the first change that nobody could make, where there is one. */
export function preview(model: Model, changes: readonly Change[], limit: number) {
  const after = copyOf(model)
  // The others are still made.
  const fault = changes.map(change => makeChange(after, change)).indexOf(false)
  if (fault >= 0) return { fault }
  return previewOf(everythingAllowed(model), everythingAllowed(after), limit)
}
