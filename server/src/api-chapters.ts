/** The chapters of the API document, in the order in which a newcomer meets them. */
export const tagDescriptions: Readonly<Record<string, string>> = {
  'Sign-in and tokens':
    'Create an account, sign in, exchange a refresh token for the next pair, sign out here or everywhere. An access token is a JWT that any service can check by itself; a refresh token works once.',
  'Sign-in by cookie':
    'The same for pages of this server itself, which keep the refresh token in a cookie that no script can read.',
  Recovery: 'Recovery of an account, and confirmation of its address, with the link or the code of an email.',
  Setup: 'The first superuser, created in the console with the link that a server prints when there is none.',
  'Own account': 'What everyone can do with their own account: profile, password, devices, closing it.',
  'Second factors':
    'What an account signs in with beside the password: authenticator apps, passkeys, recovery codes. While one is on, the password alone is not enough.',
  Users: 'Accounts, for administrators. No one can change an account that has permissions they lack.',
  Invitations:
    'People invited to create an account of their own, with the link or the code of an email, and the roles they get.',
  Sessions: 'Who is signed in where. A session can be ended, but not created or edited here.',
  Roles: 'Named sets of permissions. No one can grant or revoke what they do not have.',
  Resources: 'What is protected. Every API names its resource.',
  Actions:
    'What can be done with a resource. The HTTP method names the action, unless the API names another.',
  Permissions:
    'One action on one resource, written `resource:action`. `resource:all` stands for every action.',
  'Access control': 'Can this user do this, why, and who else can?',
  'API keys': 'Keys for programs. A key can do no more than it was given, and no more than its owner can.',
  'Forward-auth': 'Who can pass a proxy that asks this server: rules by host, path and method.',
  Throttle:
    'Wrong passwords by account, address and password, and rate-limited sign-ins; a counter can be cleared.',
  Mail: 'The emails of the last days: which are queued, which failed, and why.',
  Audit: 'Who did what, to what, from where. It can be read and added to, never changed.',
  Statistics: 'How much happened, hour by hour, and how many users, sessions and rate limits there are now.',
  Server: 'The nodes that run, the settings in force, and the signing keys, for administrators.',
  Events: 'Changes of your own session, of your own permissions and of the audit, as they happen.',
  Changes: 'The changes that a gate in another process needs to refuse at once, without asking.',
  OAuth:
    'Whether a token is active, and how to end it, for programs that speak OAuth (RFC 7662, RFC 7009, RFC 8414).',
  AuthZEN: 'Decisions for programs that speak the Authorization API 1.0 of the OpenID Foundation.',
  'Demo: projects': 'A small protected API to try roles out on.',
  'Demo: documents': 'Another one, with actions of its own: approve and export.',
  'Demo: mail': 'What the demo would have sent by email.',
}
