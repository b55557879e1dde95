import type { Page } from 'playwright-core'

export interface ContactScreen {
  readonly name: string
  readonly path: string
  /** Nobody is signed in there. */
  readonly isPublic?: boolean
  /** Done before it is looked at. */
  act?(page: Page): Promise<void>
}

const palette = (typed: string) => async (page: Page) => {
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox').last().fill(typed)
  await page.getByRole('group').nth(1).getByRole('option').first().waitFor()
}

/** Every screen of the console and the own pages, and what opens over them. */
export const contactScreens: readonly ContactScreen[] = [
  { name: 'sign-in', path: '/account/sign-in', isPublic: true },
  { name: 'register', path: '/account/register', isPublic: true },
  { name: 'reset', path: '/account/reset', isPublic: true },
  { name: 'invitation', path: '/account/invitation', isPublic: true },
  { name: 'activate', path: '/account/activate', isPublic: true },
  { name: 'code', path: '/account/code', isPublic: true },
  { name: 'overview', path: '/console' },
  { name: 'users', path: '/console/users' },
  { name: 'user', path: '/console/users/4' },
  { name: 'user-deactivated', path: '/console/users/40' },
  { name: 'new-user', path: '/console/users?create=yes' },
  { name: 'sessions', path: '/console/sessions' },
  { name: 'session', path: '/console/sessions/1' },
  { name: 'matrix', path: '/console/matrix' },
  { name: 'roles', path: '/console/roles' },
  { name: 'role', path: '/console/roles/2' },
  { name: 'compare', path: '/console/roles/2?compare=1' },
  { name: 'resources', path: '/console/resources' },
  { name: 'resource', path: '/console/resources/1' },
  { name: 'action', path: '/console/actions/1' },
  { name: 'try', path: '/console/try' },
  { name: 'try-denied', path: '/console/try?user=4&resource=documents&action=approve' },
  { name: 'api-keys', path: '/console/api-keys' },
  { name: 'forward-rules', path: '/console/forward-rules' },
  { name: 'outbox', path: '/console/outbox' },
  { name: 'invitations', path: '/console/invitations' },
  { name: 'invite', path: '/console/invitations?create=yes' },
  { name: 'audit', path: '/console/audit' },
  { name: 'audit-event', path: '/console/audit/20' },
  { name: 'settings', path: '/console/settings' },
  { name: 'start', path: '/console/start' },
  { name: 'no-page', path: '/console/nope' },
  { name: 'no-user', path: '/console/users/999999' },
  { name: 'no-match', path: '/console/resources?search=zzzz' },
  { name: 'palette', path: '/console/roles', act: palette('carter') },
  {
    name: 'shortcuts',
    path: '/console/roles',
    act: page => page.keyboard.type('?'),
  },
  { name: 'account', path: '/account' },
  { name: 'account-email', path: '/account/email' },
  { name: 'account-password', path: '/account/password' },
  { name: 'account-factors', path: '/account/factors' },
  { name: 'account-devices', path: '/account/devices' },
  { name: 'account-activity', path: '/account/activity' },
  { name: 'account-close', path: '/account/close' },
]
