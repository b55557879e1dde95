import { type Change, previewOf } from '../support/preview.ts'

/**
 * The rule of permissions and the rules of rank, written once more and as plainly as they can be: by what the documents say
 * (docs/authorization.md), with nothing of the server's code in it. Slow on purpose.
 */

export interface Person {
  readonly id: number
  isActive: boolean
  isSuperuser: boolean
  isStaff: boolean
  /** Ids. */
  roles: Set<number>
}

export interface Role {
  codeName: string
  /** `resource id/action id`: under whatever names. */
  permissions: Set<string>
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

export const held = (model: Model, person: Person): Set<string> =>
  new Set([...person.roles].flatMap(roleId => permissionsOf(model, roleId)))

/** The decision, and every role and permission behind it. */
export function mayDo(model: Model, person: Person, resource: string, action: string) {
  if (idOf(model.resources, resource) === undefined) return { allowed: false, reasons: [] }
  if (idOf(model.actions, action) === undefined) return { allowed: false, reasons: [] }
  if (!person.isActive) return { allowed: false, reasons: [] }
  const reasons: Reason[] = []
  for (const roleId of person.roles) {
    for (const permission of permissionsOf(model, roleId)) {
      if (permission === `${resource}:${action}` || permission === `${resource}:all`)
        reasons.push({ role: model.roles.get(roleId)!.codeName, permission })
    }
  }
  return { allowed: person.isSuperuser || reasons.length > 0, reasons }
}

/** Why, in the words of `/access/explain/`. */
export function explanation(model: Model, person: Person, resource: string, action: string) {
  const unknown = [
    ...(idOf(model.resources, resource) === undefined ? [{ unknown: 'resource', name: resource }] : []),
    ...(idOf(model.actions, action) === undefined ? [{ unknown: 'action', name: action }] : []),
  ]
  const { allowed, reasons } = mayDo(model, person, resource, action)
  if (unknown.length > 0) return { allowed, because: unknown }
  if (!person.isActive) return { allowed, because: [{ inactive: true }] }
  if (person.isSuperuser) return { allowed, because: [{ superuser: true }] }
  return { allowed, because: allowed ? reasons : [{ missing: `${resource}:${action}` }] }
}

/** Whether the person holds the permission, by itself or by `all`: what the rules of rank ask. */
export function holds(model: Model, person: Person, name: string): boolean {
  if (person.isSuperuser) return true
  const own = held(model, person)
  return own.has(name) || own.has(`${name.split(':')[0]}:all`)
}

/** Rule 2 and 3: nobody touches who holds what they lack, and only a superuser touches a superuser. */
export function mayTouch(model: Model, actor: Person, target: Person): boolean {
  if (actor.id === target.id || actor.isSuperuser) return true
  if (target.isSuperuser) return false
  return [...held(model, target)].every(name => holds(model, actor, name))
}

/** Rule 6: a role is its holders', too. */
export const mayTouchHolders = (model: Model, actor: Person, roleId: number): boolean =>
  [...model.people.values()].every(person => !person.roles.has(roleId) || mayTouch(model, actor, person))

/** Rule 5. */
export const isLastSuperuser = (model: Model, { id }: Person): boolean => {
  const superusers = [...model.people.values()].filter(person => person.isActive && person.isSuperuser)
  return superusers.length === 1 && superusers[0]!.id === id
}

/** Takes an entry out, with every permission that rests on it. */
export function deleteEntry(model: Model, part: 'resources' | 'actions', id: number): void {
  model[part].delete(id)
  const place = part === 'resources' ? 0 : 1
  for (const role of model.roles.values())
    role.permissions = new Set([...role.permissions].filter(pair => Number(pair.split('/')[place]) !== id))
}

export function deleteRole(model: Model, id: number): void {
  model.roles.delete(id)
  for (const person of model.people.values()) person.roles.delete(id)
}

/** `resource:action` of all that each person may do. */
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
