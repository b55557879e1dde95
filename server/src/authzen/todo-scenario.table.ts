/**
 * The published interop scenario of AuthZEN, «Todo» (openid/authzen, decisions for the Authorization API 1.0): who may do what,
 * and where it hangs on who owns the todo. Subjects are named by their email addresses there, too.
 */
export const people = {
  'rick@the-citadel.com': ['admin', 'evil_genius'],
  'morty@the-citadel.com': ['editor'],
  'summer@the-smiths.com': ['editor'],
  'beth@the-smiths.com': ['viewer'],
  'jerry@the-smiths.com': ['viewer'],
} as const

/** What each role of the scenario may do with the todos of all. All of them may read users and todos. */
export const roles = {
  admin: ['can_create_todo', 'can_delete_todo'],
  evil_genius: ['can_update_todo'],
  editor: ['can_create_todo'],
  viewer: [],
} as const

/**
 * `yes` and `no` are the published decisions. `own` is where the publication says yes for a todo of the subject's own and no for
 * that of another: a right to single things, which is not stored here. It is denied for both, so the program has to decide it.
 */
export const decisions = `
                       can_read_user  can_read_todos  can_create_todo  can_update_todo  can_delete_todo
rick@the-citadel.com   yes            yes             yes              yes              yes
morty@the-citadel.com  yes            yes             yes              own              own
summer@the-smiths.com  yes            yes             yes              own              own
beth@the-smiths.com    yes            yes             no               no               no
jerry@the-smiths.com   yes            yes             no               no               no
`
