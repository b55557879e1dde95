import { coveringActions, type DecisionFacts, decide, type Reason } from '@propusk/gate/core'
import { permissionName, type UserId } from '../../kernel/index.ts'

export interface ModelUser {
  readonly isActive: boolean
  readonly isSuperuser: boolean
  /** Code names. */
  readonly roles: ReadonlySet<string>
}

/**
 * The access of users at one moment. It holds only the users whom changes or a question name: what changes for the
 * other users follows from their roles, and is counted in the store.
 */
export interface AccessModel {
  /** Whether each is built in, by its code name. */
  readonly resources: ReadonlyMap<string, boolean>
  readonly actions: ReadonlyMap<string, boolean>
  /** What each role permits, by its code name. A set is never changed in place: who has the same one permits the same. */
  readonly roles: ReadonlyMap<string, ReadonlySet<string>>
  readonly users: ReadonlyMap<UserId, ModelUser>
  /** Of all users, whether named here or not. */
  readonly activeSuperusers: number
}

/** A role and a permission of it that allows the action. */
type RoleReason = Extract<Reason, { role: string }>

/** What the roles of a user say to a question, whatever else is to be said about the user. */
export const reasonsIn = (
  model: AccessModel,
  { roles }: ModelUser,
  resource: string,
  action: string,
): readonly RoleReason[] => {
  const subject = { roles: [...roles].sort(), isSuperuser: false }
  return decide(factsOf(model), subject, resource, action).because.filter(reason => 'role' in reason)
}

/** The permissions that allow an action: itself and the one for every action, the same one for `all`. */
export const permissionsFor = (resource: string, action: string): readonly string[] =>
  coveringActions(action).map(held => permissionName(resource, held))

/** The decision that the gate would take, were the model the one that it holds. */
export function decides(model: AccessModel, userId: UserId, resource: string, action: string): boolean {
  const user = model.users.get(userId)
  if (user === undefined) return false
  return decide(factsOf(model), { ...user, roles: [...user.roles] }, resource, action).allowed
}

const factsOf = ({ resources, actions, roles }: AccessModel): DecisionFacts => ({
  has: (part, codeName) => (part === 'resource' ? resources : actions).has(codeName),
  holds: (role, resource, action) => roles.get(role)?.has(permissionName(resource, action)) ?? false,
})

/** One change of who may do what: what a preview takes and what an explanation offers. */
export type AccessChange =
  | {
      readonly kind: 'grant_permission' | 'take_permission'
      readonly role: string
      /** `resource:action`. */
      readonly permission: string
    }
  | { readonly kind: 'give_role' | 'take_role'; readonly userId: UserId; readonly role: string }
  | { readonly kind: 'deactivate_user' | 'reactivate_user'; readonly userId: UserId }
  | { readonly kind: 'delete_role'; readonly role: string }
  | { readonly kind: 'delete_resource'; readonly resource: string }
  | { readonly kind: 'delete_action'; readonly action: string }

export type AccessChangeKind = AccessChange['kind']

/** Which field of the API each kind needs; no other may stand beside them. */
export const fieldsOfKind = {
  grant_permission: ['role', 'permission'],
  take_permission: ['role', 'permission'],
  give_role: ['user_id', 'role'],
  take_role: ['user_id', 'role'],
  deactivate_user: ['user_id'],
  reactivate_user: ['user_id'],
  delete_role: ['role'],
  delete_resource: ['resource'],
  delete_action: ['action'],
} as const satisfies Record<AccessChangeKind, readonly ChangeField[]>

export type ChangeField = 'role' | 'permission' | 'user_id' | 'resource' | 'action'

/** The users whom the changes name, each once. */
export const usersNamed = (changes: readonly AccessChange[]): readonly UserId[] => [
  ...new Set(changes.flatMap(change => ('userId' in change ? [change.userId] : []))),
]
