import type { UserId } from '../../kernel/index.ts'

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
