/** The chapters of the API document, in the order in which a newcomer meets them. */
export const tagDescriptions: Readonly<Record<string, string>> = {
  'Sign-in and tokens':
    'Open an account, sign in, trade a refresh token for the next pair, sign out here or everywhere. An access token is a JWT that any service can check by itself; a refresh token works once.',
  'Sign-in by cookie':
    'The same for pages of this server itself, which keep the refresh token in a cookie that no script can read.',
  Recovery: 'Ways back into an account, and proofs of its address: by the link or the code of a mail.',
  Setup: 'The first superuser, made in the console by the link that a server prints when there is none.',
  'Own account': 'What everybody may do with their own account: profile, password, devices, closing it.',
  'Second factors':
    'What an account proves itself with beside the password: authenticator apps, recovery codes. With one that is on, a password alone opens nothing.',
  Users: 'Accounts, for administrators. Nobody changes an account that may do more than they may.',
  Invitations:
    'People who are to open an account of their own, by the link or the code of a mail, with the roles that wait for them.',
  Sessions: 'Who is signed in where. A session can be ended, never made or edited by hand.',
  Roles: 'Named sets of permissions. Nobody hands out, or takes away, what they do not hold.',
  Resources: 'What can be touched. Every API names its resource.',
  Actions:
    'What can be done with a resource. The HTTP method names the action, unless the API names another.',
  Permissions:
    'One action on one resource, written `resource:action`. `resource:all` stands for every action.',
  'Access control': 'May this person do this, why, and who else can?',
  'API keys': 'Keys for programs. A key may do no more than it was given, and no more than its owner may.',
  'Forward-auth': 'Who may pass a proxy that asks: rules by host, path and method.',
  Throttle: 'Who guesses passwords, is guessed at, or has to wait; a counter can be cleared.',
  Mail: 'The mails of the last days: which wait, which failed, and why.',
  Audit: 'Who did what, to what, from where. It can be read and added to, never changed.',
  Statistics: 'How much of it happened, hour by hour, and how things stand.',
  Server: 'The nodes that run, the settings in force, and the signing keys, for administrators.',
  Events: 'What happens to the own session, to the own rights and in the audit, told while it happens.',
  Changes: 'What a gate in another process must know to refuse at once, without asking.',
  OAuth:
    'Whether a token is alive, and how to end it, for programs that speak OAuth (RFC 7662, RFC 7009, RFC 8414).',
  AuthZEN: 'Decisions for programs that speak the Authorization API 1.0 of the OpenID Foundation.',
  'Demo: projects': 'A small protected API to try roles out on.',
  'Demo: documents': 'Another one, with actions of its own: approve and export.',
  'Demo: mail': 'What the demo would have sent by mail.',
}
