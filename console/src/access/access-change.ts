/** One change of who may do what, before it is made: what a preview is asked about. */
export type AccessChange =
  | {
      readonly kind: 'grant_permission' | 'take_permission'
      readonly role: string
      /** `resource:action`. */
      readonly permission: string
    }
  | { readonly kind: 'give_role' | 'take_role'; readonly user_id: number; readonly role: string }
  | { readonly kind: 'deactivate_user' | 'reactivate_user'; readonly user_id: number }
  | { readonly kind: 'delete_role'; readonly role: string }
  | { readonly kind: 'delete_resource'; readonly resource: string }
  | { readonly kind: 'delete_action'; readonly action: string }
