import { effortOf, type Step, secondsOf } from './keystrokes.ts'

/** What is typed in our tasks, and counted for the others: the same, wherever the task is alike. */
export const typed = {
  email: 'vera@example.com',
  search: 'anna',
  password: 'correct horse staple 7',
  nextPassword: 'three green bicycles 9',
  /** The six digits of a code that came by mail. */
  code: '123456',
} as const

interface Comparison {
  readonly task: string
  /** Of Clerk, Stripe and Linear the one that takes least for a like task, among those that can do it at all. */
  readonly best: 'Clerk' | 'Stripe' | 'Linear'
  /** From the first page after sign-in, by the shortest way that its documentation names; menus that it leaves open count as seen. */
  readonly steps: readonly Step[]
  readonly source: string
  /** Where the documentation is silent or the task is not quite the same. */
  readonly note?: string
}

/**
 * The eleven tasks by which the console is measured, and the most that each may take: what the best of three well-made
 * products takes for a like task, by their own documentation as it stood in November 2026. Where that is silent we took the
 * shorter reading: no click into a search field, no question before an act. Ours may take neither more clicks nor more
 * seconds. When one takes more after a change, the console is what changes.
 */
export const comparisons = {
  createPerson: {
    task: 'Create a person with a role',
    best: 'Stripe',
    steps: ['Settings', 'Team and security', 'Add member', { type: typed.email }, 'a role', 'Send invites'],
    source: 'https://docs.stripe.com/get-started/account/teams',
    note: 'Clerk gives a role only inside an organization, after the account; Linear takes two clicks to choose a role.',
  },
  mendAccess: {
    task: 'Why may Anna not delete documents; mend it',
    best: 'Stripe',
    steps: [
      'Settings',
      'Team and security',
      { type: typed.search },
      'the menu of the row',
      'Edit',
      'a role',
      'Update',
    ],
    source: 'https://docs.stripe.com/get-started/account/teams',
    note: 'Says what each role can do where it is chosen, and so answers «why» at all. Linear has no such page in its console; in Clerk it is on the pages of the roles, five clicks away.',
  },
  newResource: {
    task: 'A resource, a role for it, and the role to two people',
    best: 'Clerk',
    steps: [
      'Configure',
      'Roles and permissions',
      'Permissions',
      'Create permission',
      { type: 'Read invoices' },
      { type: 'invoices:read' },
      'Create',
      'Create permission',
      { type: 'Create invoices' },
      { type: 'invoices:create' },
      'Create',
      'Roles',
      'Create role',
      { type: 'Bookkeeper' },
      { type: 'bookkeeper' },
      'the first permission',
      'the second permission',
      'Create',
      'Organizations',
      'the organization',
      'Members',
      'the role of the first',
      'Bookkeeper',
      'the role of the second',
      'Bookkeeper',
    ],
    source: 'https://clerk.com/docs/guides/organizations/control-access/roles-and-permissions',
    note: 'Roles of Stripe and Linear are fixed.',
  },
  deactivate: {
    task: 'Deactivate a person and see their sessions end',
    best: 'Clerk',
    steps: ['Users', { type: typed.search }, 'the person', 'Ban user', 'Confirm'],
    source: 'https://clerk.com/docs/guides/dashboard/user-profile',
    note: 'A ban revokes all sessions, and does not show it. Linear: «g s», Members, the menu of the row, Suspend user…, Confirm.',
  },
  whoChanged: {
    task: 'Who changed a role yesterday; undo it',
    best: 'Linear',
    steps: [
      { press: ['g', 's'] },
      'Audit log',
      'Filter',
      'the type of event',
      'Members',
      'the menu of the row',
      'Change role',
      'the role before',
    ],
    source: 'https://linear.app/docs/audit-log',
    note: 'Its audit has no filter by day and no undo: the role is set again by hand on another page.',
  },
  endOthers: {
    task: 'End all of one’s own sessions but this one',
    best: 'Linear',
    steps: [{ press: ['g', 's'] }, 'Security & access', 'Revoke all'],
    source: 'https://linear.app/docs/security-and-access',
  },
  compareRoles: {
    task: 'Compare two roles',
    best: 'Clerk',
    steps: ['Configure', 'Roles and permissions', 'the first role', 'Back', 'the second role'],
    source: 'https://clerk.com/docs/guides/organizations/control-access/roles-and-permissions',
    note: 'One after the other, the rest by memory; the other two compare their fixed roles in their documentation.',
  },
  exportAudit: {
    task: 'Export the audit',
    best: 'Stripe',
    steps: ['Payments', 'Export', 'Export'],
    source: 'https://support.stripe.com/questions/exporting-payment-reports',
    note: 'The export of a list; that of its security history is a stream to a bucket, and Linear’s audit leaves by its API.',
  },
  changePassword: {
    task: 'Change one’s own password',
    best: 'Stripe',
    steps: [
      'the own picture',
      'Personal details',
      'Change password',
      { type: typed.password },
      { type: typed.nextPassword },
      { type: typed.nextPassword },
      'Save',
    ],
    source: 'https://support.stripe.com/topics/my-account',
    note: 'Clerk asks one click more (Manage account, Security, Update password). Linear has no passwords.',
  },
  closeAccount: {
    task: 'Close one’s own account',
    best: 'Clerk',
    steps: [
      'the own picture',
      'Manage account',
      'Security',
      'Delete account',
      { type: 'Delete account' },
      'Delete account',
    ],
    source: 'https://clerk.com/docs/nextjs/userprofile',
    note: 'Stripe’s nearest is to leave an account (five clicks, nothing typed), after which the login stays.',
  },
  register: {
    task: 'Register',
    best: 'Clerk',
    steps: [
      'Sign up',
      { type: typed.email },
      { type: typed.password },
      'Continue',
      'the mail program',
      'the mail',
      'back to the page',
      { type: typed.code },
    ],
    source: 'https://clerk.com/docs/guides/development/custom-flows/authentication/email-password',
    note: 'The code by mail is asked by default; ours is asked for only where mail is set up.',
  },
} as const satisfies Record<string, Comparison>

export type Task = keyof typeof comparisons

/** The most that a task may take. */
export function boundOf(task: Task): { readonly clicks: number; readonly seconds: number } {
  const effort = effortOf(comparisons[task].steps)
  return { clicks: effort.clicks, seconds: secondsOf(effort) }
}
