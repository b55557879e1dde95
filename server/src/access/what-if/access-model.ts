import { permissionName, type UserId } from '../../kernel/index.ts'
import { everyAction } from '../rights.ts'

export interface ModelUser {
  readonly isActive: boolean
  readonly isSuperuser: boolean
  /** Code names. */
  readonly roles: ReadonlySet<string>
}

/**
 * Who may do what, at one moment. Of the users it holds only those whom changes or a question name: what changes
 * for everybody else follows from their roles, and is counted where they are kept.
 */
export interface AccessModel {
  /** Whether each is built in, by its code name. */
  readonly resources: ReadonlyMap<string, boolean>
  readonly actions: ReadonlyMap<string, boolean>
  /** What each role permits, by its code name. A set is never changed in place: who has the same one permits the same. */
  readonly roles: ReadonlyMap<string, ReadonlySet<string>>
  readonly users: ReadonlyMap<UserId, ModelUser>
  /** Of everybody, named here or not. */
  readonly activeSuperusers: number
}

/** A role and a permission of it that allows the action. */
export interface ModelGround {
  readonly role: string
  readonly permission: string
}

/** What the roles of a user say to a question, whatever else is to be said about the user. */
export const groundsIn = (
  model: AccessModel,
  user: ModelUser,
  resource: string,
  action: string,
): readonly ModelGround[] =>
  [...user.roles].sort().flatMap(role => {
    const held = model.roles.get(role)
    return permissionsFor(resource, action).flatMap(permission =>
      held?.has(permission) ? [{ role, permission }] : [],
    )
  })

/** The permissions that allow an action: itself and the one for every action, the same one for `all`. */
export const permissionsFor = (resource: string, action: string): readonly string[] => [
  ...new Set([permissionName(resource, action), permissionName(resource, everyAction)]),
]

/** The decision, as every door of the house takes it. */
export function decides(model: AccessModel, userId: UserId, resource: string, action: string): boolean {
  const user = model.users.get(userId)
  if (user === undefined || !user.isActive) return false
  if (!model.resources.has(resource) || !model.actions.has(action)) return false
  return user.isSuperuser || groundsIn(model, user, resource, action).length > 0
}
