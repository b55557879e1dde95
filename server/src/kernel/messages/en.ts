/** Every sentence that the API can say, in English. `ru.ts` holds the same keys; a test compares them. */
export const en = {
  // One sentence per rejection code: the default detail.
  'rejection.invalid_request': 'The request is not valid. See errors for each field.',
  'rejection.not_authenticated': 'Send an access token: Authorization: Bearer <token>.',
  'rejection.invalid_token': 'The access token is no longer valid. Refresh it or sign in again.',
  'rejection.invalid_credentials': 'The email or the password is wrong.',
  'rejection.invalid_refresh_token': 'The refresh token is no longer valid. Sign in again.',
  'rejection.insufficient_user_authentication':
    'Confirm that it is you: with your second factor, or with your password if no second factor is on.',
  'rejection.permission_denied': 'You are not permitted to do this.',
  'rejection.registration_closed': 'Registration is closed. Ask an administrator for an account.',
  'rejection.cross_site_request':
    'Only a page of this server can call this, and the request does not show that it comes from one.',
  'rejection.not_found': 'Not found: it has been deleted, or the address is wrong.',
  'rejection.mail_not_configured':
    'This server sends no email, so this is not available. Ask an administrator for a link.',
  'rejection.method_not_allowed': 'This address does not take {method}. It takes: {allowed}.',
  'rejection.conflict': 'This conflicts with something that already exists.',
  'rejection.precondition_failed': 'This has changed since you read it. Read it again, then decide.',
  'rejection.too_large': 'The request is too large.',
  'rejection.unsupported_media_type': 'Send JSON: Content-Type: application/json.',
  'rejection.too_many_requests': 'Too many requests. Try again later.',
  'rejection.unavailable': 'The server cannot answer for certain right now. Try again in a moment.',
  'rejection.internal_error':
    'Something went wrong on our side. Quote the instance of this answer when you report it.',
  'rejection.request_timeout': 'The request did not arrive in time. Send it again.',
  'rejection.headers_too_large': 'The headers of the request are too large.',

  // One title per rejection code.
  'title.invalid_request': 'The request is not valid',
  'title.not_authenticated': 'Not signed in',
  'title.invalid_token': 'Token is no longer valid',
  'title.invalid_credentials': 'Sign-in was not accepted',
  'title.invalid_refresh_token': 'Refresh token is no longer valid',
  'title.insufficient_user_authentication': 'A newer sign-in is needed',
  'title.permission_denied': 'Not permitted',
  'title.registration_closed': 'Registration is closed',
  'title.cross_site_request': 'Not from a page of this server',
  'title.not_found': 'Not found',
  'title.mail_not_configured': 'Mail is not configured',
  'title.method_not_allowed': 'Method not allowed',
  'title.conflict': 'Conflict',
  'title.precondition_failed': 'Changed in the meantime',
  'title.too_large': 'Too large',
  'title.unsupported_media_type': 'Unsupported media type',
  'title.too_many_requests': 'Too many requests',
  'title.unavailable': 'Unavailable',
  'title.internal_error': 'Internal error',
  'title.request_timeout': 'Request timeout',
  'title.headers_too_large': 'Headers too large',

  'pages.not_built':
    'The console is not built here. Run: npm run build -w console. The API and its documents (/swagger/) work without it.',

  // Fields in general.
  'field.required': 'This field is required.',
  'field.unknown': 'This field is not known here.',
  'field.read_only': 'This field cannot be changed here.',
  'field.type': 'This must be {expected}.',
  'field.string': 'This must be a string.',
  'field.integer': 'This must be an integer, in plain decimal digits.',
  'field.number': 'This must be a number.',
  'field.boolean': 'This must be true or false.',
  'field.array': 'This must be a list.',
  'field.object': 'This must be an object.',
  'field.string_or_null': 'This must be a string or null.',
  'field.too_short': 'This needs at least {limit} characters.',
  'field.too_long': 'This takes at most {limit} characters.',
  'field.too_small': 'This must be at least {limit}.',
  'field.too_big': 'This must be at most {limit}.',
  'field.too_few': 'This needs at least {limit} entries.',
  'field.too_many': 'This takes at most {limit} entries.',
  'field.duplicate': 'The same entry is listed twice.',
  'field.pattern': 'This is not in the right form.',
  'field.format': 'This is not a valid {format}.',
  'field.one_of': 'This must be one of: {allowed}.',
  'field.repeated': 'Give this only once.',
  'field.character': 'This contains a character that cannot be stored (NUL or half of a surrogate pair).',

  // The body as a whole.
  'body.not_json': 'The body is not valid JSON.',
  'body.not_utf8': 'The body is not valid UTF-8.',
  'body.not_object': 'The body must be a JSON object.',
  'body.too_deep': 'The body is nested too deeply.',
  'body.duplicate_key': 'This key occurs twice in the same object.',
  'body.nothing': 'Name at least one field to change.',
  'body.unexpected': 'This call takes no body.',
  'body.media_type': 'The body must be {wanted}.',
  'oauth.client_twice': 'The client presents itself in the header and in the body. Use one of the two.',
  'oauth.token_type': 'An API key cannot be revoked here: its owner deletes it.',
  'path.malformed': 'The path is not well formed.',
  'query.malformed': 'The query string is not well formed: percent-encode UTF-8.',
  'host.required': 'Send one Host header.',
  'idempotency_key.malformed': 'Send one Idempotency-Key of 16 to 128 printable ASCII characters.',
  'precondition.malformed': 'Write * or entity tags as they were given, in their quotes: "…", "…".',
  'precondition.not_taken': 'This call does not take this precondition.',

  // Accounts.
  'email.invalid':
    'This is not an email address that we accept: one @, before it at most 64 ASCII characters without spaces, double quotes or commas, after it a domain with a dot.',
  'email.same': 'The account already has this address.',
  'email.taken': 'An account with this email address already exists.',
  'password.too_short': 'The password needs at least {limit} characters.',
  'password.too_long': 'The password can have at most {limit} characters.',
  'password.common': 'This password is on the lists that attackers try first. Choose another one.',
  'password.personal': 'The password must not be your email address or one of your names.',
  'password.mismatch': 'The two passwords differ.',
  'password.current_wrong': 'The current password is wrong.',
  'password.owner_only': 'Only the owner of the account can change its password.',

  // Proofs by mail.
  'proof.useless_link':
    'This link does not work: it has been used, it has expired, or part of it is missing. Ask for a new email.',
  'proof.useless_code':
    'This code does not work for this address: it is wrong, has been used, or has expired. Use the link in the email, or ask for a new one.',

  // Invitations.
  'invitation.pending':
    'An invitation to this address is already pending. Send it again, or revoke it first.',
  'invitation.finished': 'This invitation has been accepted or revoked. Invite the address again.',

  // API keys.
  'changes.wait': 'Write a duration from 0s to 30s.',
  'factor.wrong': 'This code is wrong, expired, or already used.',
  'factor.one': 'Give exactly one: a code from your app, a recovery code, a passkey, or the password.',
  'factor.too_many': 'The account already has ten of this kind. Remove one first.',
  'factor.staff_needs_one':
    'Staff must have a second factor here, and this is your last one. Add another first.',
  'factor.none': 'No second factor is on. Set one up first.',
  'password.not_registered':
    'This is not the password you registered with. Enter that one, or choose a new one.',
  'passkey.refused': 'This passkey was not accepted. Try again, or confirm in another way.',
  'passkey.taken': 'This passkey already belongs to an account.',
  'ticket.useless': 'This sign-in took too long or was tried too often. Start over with your password.',
  'step_up.factor_needed': 'A second factor is on, so the password is not enough. Use the second factor.',
  'api_key.past': 'This time has passed: the key would be refused from the start.',
  'api_key.overlap': 'Write a duration from 0s to 30d, such as 30m, 24h or 7d.',
  'permission.key_owner_only': 'Only the owner of an API key can rotate it. You can delete it.',
  'permission.key_own_account': 'This call is about a person’s own account: an API key cannot make it.',

  // Forward-auth.
  'forward.untrusted':
    'Only a proxy that PROPUSK_TRUST_PROXY names can ask this: any other caller could forge its headers. Name the address of the proxy there.',
  'forward.missing':
    'The proxy sent no {header}. Set it up as docs/forward-auth.md shows, and name the proxy in the address.',
  'forward.doubled': 'The proxy sent {header} more than once. Set it up as docs/forward-auth.md shows.',
  'forward.prefix': 'Envoy asks with the path_prefix that docs/forward-auth.md shows.',
  'forward.refused':
    'This request could be read in two ways, so it is refused. Use the plain spelling of the address.',
  'forward.denied': 'No rule lets this request pass.',
  'forward.cross_site':
    'A page of another host asked for this in the browser of the person who is signed in, so it is refused. Such a page needs a token.',
  'forward.cookie_off': 'Browsers are not sent to sign in here: PROPUSK_FORWARD_COOKIE_DOMAIN is off.',
  'forward.to': 'Write an https address within {domain} whose host has a rule.',
  'forward.host':
    'Write a host in lower case without a port: app.example.org, or *.example.org for all names below.',
  'forward.path':
    'Write a path that begins with /, decoded and without a query: /reports, or /reports/* for all below.',
  'forward.access': 'Write public, signed_in, or a permission as resource:action.',
  'forward.public_level': 'A public rule requires no sign-in, so it cannot require a level or an age.',
  'forward.overlap': 'Another rule of this host and path already names one of these methods.',

  // Permissions.
  'permission.missing': 'You need the permission {permission}.',
  'permission.not_held': 'You cannot grant or revoke {permission}, because you do not have it.',
  'permission.outranked': 'This account holds {permission}, which you do not have.',
  'permission.superuser_only': 'Only a superuser can do this.',
  'permission.own_roles': 'No one can change their own roles.',
  'permission.last_superuser': 'This is the last active superuser. Make another one first.',
  'permission.unknown': 'There is no permission {permission}: the resource or the action is unknown.',
  'permission.malformed': 'Write a permission as resource:action.',
  'access.too_many_reasons':
    'There are more than {limit} reasons, too many for one answer. Ask about single permissions.',
  'access.too_large_to_preview': 'There are too many roles and permissions here for a preview.',
  'user.unknown': 'There is no user {user}.',
  'role.unknown': 'There is no role {role}.',
  'role.higher_holder':
    'This role is held by an account that has permissions you do not have: you can neither rename nor delete it.',
  'role.too_long':
    'Someone who has this role would have more role names than a token has room for ({limit} characters). Choose a shorter one.',
  'roles.too_long': 'Together these role names are longer than a token has room for: {limit} characters.',
  'resource.unknown': 'There is no resource {resource}.',
  'action.unknown': 'There is no action {action}.',
  'column.unknown': 'There is no column {column}. There are: {columns}.',
  'separator.unknown': 'Use comma, semicolon or tab, or the character itself.',
  'code_name.invalid':
    'A code name starts with a letter a to z and holds at most 100 of: a to z, 0 to 9, _ . -',
  'name.blank': 'This is blank: enter at least one visible character.',
  'name.invisible': 'This contains an invisible character: a control, zero-width or bidirectional one.',
  'name.alike': 'This looks the same as the name “{name}”, which already exists.',
  'name.taken': 'This name is taken.',
  'code_name.taken': 'This code name is taken.',
  'permission.taken': 'This permission already exists.',
  'builtin.protected': 'This one is built in: it cannot be deleted or renamed.',
  'session.only_end': 'A session can only be ended: set is_active to false.',
  'session.over':
    'This session has already ended, so it cannot be the one that stays. To end all sessions of the account, end them all.',
  'key.next_exists':
    'The key {kid} is already published and signs from {when}. To make it sign at once, use now.',
  'key.too_many':
    'There are already {limit} published keys. Wait until older ones have gone, or run the command keys rotate.',

  // The first superuser.
  'setup.useless_link':
    'This link does not work: it has been used, an hour has passed, the server was restarted, or there is already a superuser.',

  // The demo's own APIs.
  'demo.full': 'The demo keeps at most {limit} rows. Delete one first.',

  // Lists.
  'list.cursor': 'This cursor was not issued for this list. Start from the first page.',
  'list.ordering':
    'The list cannot be ordered by this. It takes: {allowed}, with - before it for descending.',
} as const

export type MessageKey = keyof typeof en
