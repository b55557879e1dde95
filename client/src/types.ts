// Made from docs/openapi.json; do not edit. To make it again: npm run openapi

export interface AcceptedInvitation {
  readonly id: number
  readonly email: string
  readonly first_name: string | null
  readonly last_name: string | null
  readonly middle_name: string | null
  readonly email_verified: boolean
  /** Code names, sorted. */
  readonly roles: readonly string[]
}

export interface AccessAlternative {
  /** All of these, in this order. */
  readonly changes: readonly AccessChange[]
  /** Users whose permissions these would change. */
  readonly affects: number
  /** Permissions that they would gain, added up over all of them. */
  readonly gains: number
  /** Permissions that they would lose, added up likewise. */
  readonly losses: number
}

export interface AccessAnswer {
  readonly resource: string
  readonly action: string
  readonly allowed: boolean
  /** It is refused, and a session that showed a second factor would be allowed. */
  readonly requires_aal?: 'aal2'
}

export interface AccessChange {
  /** What is done. It decides which of the other fields are given, and no more than these: `grant_permission` takes `role` and `permission`; `take_permission` takes `role` and `permission`; `give_role` takes `user_id` and `role`; `take_role` takes `user_id` and `role`; `deactivate_user` takes `user_id`; `reactivate_user` takes `user_id`; `delete_role` takes `role`; `delete_resource` takes `resource`; `delete_action` takes `action`. */
  readonly kind: 'grant_permission' | 'take_permission' | 'give_role' | 'take_role' | 'deactivate_user' | 'reactivate_user' | 'delete_role' | 'delete_resource' | 'delete_action'
  /** The code name of a role. */
  readonly role?: string
  /** `resource:action`; both must exist. */
  readonly permission?: string
  readonly user_id?: number
  /** The code name of a resource. */
  readonly resource?: string
  /** The code name of an action. */
  readonly action?: string
}

export interface AccessCheck {
  readonly checks: readonly AccessQuestion[]
  /** Whose permissions; the caller’s unless given. Another user’s need `users:read`. */
  readonly user_id?: number
  /** The level of the session that is asked about. Unless given that of the token for oneself, and the lowest for another user. */
  readonly acr?: 'aal1' | 'aal2'
}

export interface AccessChecked {
  /** In the order of the questions. */
  readonly results: readonly AccessAnswer[]
}

export interface AccessEffect {
  readonly user: AffectedUser
  /** `resource:action`, sorted. */
  readonly gains: readonly string[]
  /** `resource:action`, sorted. */
  readonly losses: readonly string[]
}

export interface AccessExplained {
  readonly allowed: boolean
  /** Every role and permission that allows it, or why nothing does. */
  readonly because: ReadonlyArray<{
    readonly role: string
    readonly permission: string
  } | {
    readonly superuser: true
  } | {
    /** What there is none of under this code name: no one is allowed it. */
    readonly unknown: 'resource' | 'action'
    readonly name: string
  } | {
    /** The permission that it takes. */
    readonly missing: string
  } | {
    /** Nothing else allows it than a role that asks for a second factor. */
    readonly requires_aal: 'aal2'
    readonly by: {
      readonly role: string
      readonly permission: string
    }
  } | {
    readonly inactive: true
  }>
  /** Where they were asked for: at most ten sets of changes that would turn the decision round. First those that give or take the fewest permissions, added up over all users; of these, those of fewest changes. */
  readonly alternatives?: readonly AccessAlternative[]
}

export interface AccessGround {
  readonly role: string
  readonly permission: string
}

export interface AccessPreview {
  /** Made one after the other, in this order. */
  readonly changes: readonly AccessChange[]
  /** Users that are listed. */
  readonly limit?: number
}

export interface AccessPreviewed {
  /** How many users gain or lose anything. */
  readonly users: number
  /** Permissions gained, counted for each user. */
  readonly gains: number
  /** Permissions lost, counted for each user. */
  readonly losses: number
  /** The first of these users by id, no more than `limit` and than 100,000 permissions. */
  readonly results: readonly AccessEffect[]
  /** Whether there are users beyond those that are listed. */
  readonly truncated: boolean
}

export interface AccessQuestion {
  readonly resource: string
  readonly action: string
}

export interface Action {
  readonly id: number
  readonly name: string
  readonly code_name: string
  readonly description: string | null
}

export interface ActionPage {
  /** Path and query of the next page. */
  readonly next: string | null
  /** Path and query of the previous page. */
  readonly previous: string | null
  readonly results: readonly Action[]
}

export interface ActionPatch {
  /** What people read. Unique: two that a reader takes for one another are the same. */
  readonly name?: string
  /** What programs read. Unique. */
  readonly code_name?: string
  readonly description?: string | null
}

export interface ActionWrite {
  /** What people read. Unique: two that a reader takes for one another are the same. */
  readonly name: string
  /** What programs read. Unique. */
  readonly code_name: string
  readonly description?: string | null
}

export interface AffectedUser {
  readonly id: number
  readonly email: string
  readonly first_name: string | null
  readonly last_name: string | null
  readonly middle_name: string | null
}

export interface ApiKey {
  readonly id: number
  readonly name: string
  /** The public beginning of the key, by which it is recognised. */
  readonly prefix: string
  /** Code names, sorted. */
  readonly roles: readonly string[]
  /** Each as `resource:action`, sorted: granted beside those of the roles. */
  readonly permissions: readonly string[]
  readonly owner_id: number
  readonly created_at: string
  /** Null is never. */
  readonly expires_at: string | null
  /** True to the minute. */
  readonly last_used_at: string | null
}

export interface ApiKeyPage {
  /** Path and query of the next page. */
  readonly next: string | null
  /** Path and query of the previous page. */
  readonly previous: string | null
  readonly results: readonly ApiKey[]
}

export interface ApiKeyPatch {
  /** What people read: the service that uses the key. */
  readonly name?: string
  /** When the key ends by itself; null is never. */
  readonly expires_at?: string | null
}

export interface ApiKeyRotate {
  /** How long the old key works beside the new one: `0s` to `30d`. */
  readonly overlap?: string
}

export interface ApiKeyWithSecret {
  readonly id: number
  readonly name: string
  /** The public beginning of the key, by which it is recognised. */
  readonly prefix: string
  /** Code names, sorted. */
  readonly roles: readonly string[]
  /** Each as `resource:action`, sorted: granted beside those of the roles. */
  readonly permissions: readonly string[]
  readonly owner_id: number
  readonly created_at: string
  /** Null is never. */
  readonly expires_at: string | null
  /** True to the minute. */
  readonly last_used_at: string | null
  /** SECRET: the whole key, shown this once. Send it as `Authorization: Bearer <key>`. */
  readonly key: string
}

export interface ApiKeyWrite {
  /** What people read: the service that uses the key. */
  readonly name: string
  /** Code names of roles whose permissions the key gets. */
  readonly roles?: readonly string[]
  /** Permissions beside those of the roles, each as `resource:action`. */
  readonly permissions?: readonly string[]
  /** When the key ends by itself; null is never. */
  readonly expires_at?: string | null
}

export interface AuditEvent {
  readonly id: number
  readonly at: string
  /** Who did it; null for the command line, for the server itself, and for a person who was not signed in: of a sign-in that failed `ip_address` says from where, and `target` names the account, where there is one. */
  readonly actor: {
    readonly id: number
    readonly email: string
  } | null
  readonly action: string
  /** What it was done to, such as `users/5`. */
  readonly target: string | null
  readonly outcome: 'success' | 'denied' | 'failure'
  readonly ip_address: string | null
  readonly user_agent: string | null
  readonly details: Readonly<Record<string, unknown>>
}

export interface AuditPage {
  /** Path and query of the next page. */
  readonly next: string | null
  /** Path and query of the previous page. */
  readonly previous: string | null
  readonly results: readonly AuditEvent[]
}

export interface AuthorizationServerMetadata {
  readonly issuer: string
  readonly jwks_uri: string
  readonly introspection_endpoint: string
  readonly introspection_endpoint_auth_methods_supported: readonly string[]
  readonly revocation_endpoint: string
  readonly revocation_endpoint_auth_methods_supported: readonly string[]
  readonly response_types_supported: readonly string[]
  readonly grant_types_supported: readonly string[]
  readonly service_documentation?: string
}

export interface AuthzenAction {
  /** The code name of an action. */
  readonly name: string
  /** Taken, and of no weight here. */
  readonly properties?: {
  }
}

export interface AuthzenActionSearch {
  readonly subject: AuthzenSubject
  readonly resource: AuthzenResource
  /** Taken, and of no weight here. */
  readonly context?: {
  }
  readonly page?: {
    /** `next_token` of the answer before; empty for the start. */
    readonly token?: string
    /** 50 unless given; at most 200 are answered. */
    readonly limit?: number
    /** Taken, and of no weight here. */
    readonly properties?: {
    }
  }
}

export interface AuthzenConfiguration {
  readonly policy_decision_point: string
  readonly access_evaluation_endpoint: string
  readonly access_evaluations_endpoint: string
  readonly search_subject_endpoint: string
  readonly search_action_endpoint: string
}

export interface AuthzenDecision {
  readonly decision: boolean
  readonly context: AuthzenDecisionContext
}

export interface AuthzenDecisionContext {
  /** Each role and permission that allows it, or what is missing, as `/api/auth/access/explain/` says it. */
  readonly because?: readonly unknown[]
  /** It is denied, and a session that showed a second factor would be allowed. */
  readonly acr_values?: 'aal2'
  readonly error?: {
    readonly status: number
    readonly message: string
  }
}

export interface AuthzenDecisions {
  readonly evaluations?: readonly AuthzenDecision[]
  readonly decision?: boolean
  readonly context?: {
  }
}

export interface AuthzenEvaluation {
  readonly subject: AuthzenSubject
  readonly action: AuthzenAction
  readonly resource: AuthzenResource
  /** Taken, and of no weight here. */
  readonly context?: {
  }
}

export interface AuthzenEvaluations {
  readonly subject?: {
    /** `user`; there are no others. */
    readonly type?: string
    /** The id of a user in decimal, or their email address. */
    readonly id?: string
    /** `acr`: the level of the session that is asked about, `aal1` unless it is `aal2`: a role may ask for a second factor. Other properties are taken, and of no weight. */
    readonly properties?: {
    }
  }
  readonly action?: {
    /** The code name of an action. */
    readonly name?: string
    /** Taken, and of no weight here. */
    readonly properties?: {
    }
  }
  readonly resource?: {
    /** The code name of a resource. */
    readonly type?: string
    /** Which one of its kind. Of no weight: rights are to kinds of things, not to single ones. */
    readonly id?: string
    /** Taken, and of no weight here. */
    readonly properties?: {
    }
  }
  /** Taken, and of no weight here. */
  readonly context?: {
  }
  /** Each as the body of a single evaluation, without what stands beside this list. */
  readonly evaluations?: readonly unknown[]
  readonly options?: {
    readonly evaluations_semantic?: 'execute_all' | 'deny_on_first_deny' | 'permit_on_first_permit'
  }
}

export interface AuthzenFoundActions {
  readonly results: ReadonlyArray<{
    readonly name: string
  }>
  readonly page: AuthzenPage
}

export interface AuthzenFoundSubjects {
  readonly results: ReadonlyArray<{
    readonly type: string
    readonly id: string
    readonly properties: {
      readonly email: string
    }
  }>
  readonly page: AuthzenPage
}

export interface AuthzenPage {
  /** Empty on the last page. */
  readonly next_token: string
  readonly count: number
}

export interface AuthzenResource {
  /** The code name of a resource. */
  readonly type: string
  /** Which one of its kind. Of no weight: rights are to kinds of things, not to single ones. */
  readonly id: string
  /** Taken, and of no weight here. */
  readonly properties?: {
  }
}

export interface AuthzenSubject {
  /** `user`; there are no others. */
  readonly type: string
  /** The id of a user in decimal, or their email address. */
  readonly id: string
  /** `acr`: the level of the session that is asked about, `aal1` unless it is `aal2`: a role may ask for a second factor. Other properties are taken, and of no weight. */
  readonly properties?: {
  }
}

export interface AuthzenSubjectSearch {
  readonly subject: {
    /** `user`; there are no others. */
    readonly type: string
    /** Taken, and of no weight here. */
    readonly properties?: {
    }
  }
  readonly action: AuthzenAction
  readonly resource: AuthzenResource
  /** Taken, and of no weight here. */
  readonly context?: {
  }
  readonly page?: {
    /** `next_token` of the answer before; empty for the start. */
    readonly token?: string
    /** 50 unless given; at most 200 are answered. */
    readonly limit?: number
    /** Taken, and of no weight here. */
    readonly properties?: {
    }
  }
}

export interface Brand {
  readonly name: string
  /** `#rrggbb`; null is the own colour of the pages. */
  readonly color: string | null
  /** A `data:` address of an SVG or a PNG; null where none is set. */
  readonly logo: string | null
}

export interface BrowserAccess {
  readonly access: string
  readonly session: BrowserSession
}

/** The ticket, and one factor. */
export interface BrowserLoginFactor {
  readonly ticket: string
  /** SECRET: the code that an authenticator app shows now. */
  readonly totp?: string
  /** SECRET: a recovery code, which works once. Case, spaces and hyphens do not matter. */
  readonly recovery?: string
  readonly passkey?: SignedPasskey
  /** Where sessions end when they are idle: gives this one its whole life. Elsewhere it changes nothing. */
  readonly remember?: boolean
  /** Where `PROPUSK_REMEMBER_DEVICE` is set: does not ask this browser for the second factor for so long. Elsewhere it changes nothing. */
  readonly remember_device?: boolean
}

export interface BrowserSession {
  /** When it ends, unless it is used before. */
  readonly expires_at: string
  /** The same, in seconds from this answer: for pages on a machine whose clock is wrong. */
  readonly expires_in: number
  /** It ends when it was not used for so long; null where it has its whole life. */
  readonly idle_seconds: number | null
}

export interface BrowserSignedIn {
  readonly access: string
  readonly session: BrowserSession
  readonly user: UserBrief
}

export interface CapableUser {
  readonly id: number
  readonly email: string
  readonly first_name: string | null
  readonly last_name: string | null
  readonly middle_name: string | null
  readonly is_superuser: boolean
  /** The roles that say so, sorted. */
  readonly roles: readonly string[]
}

export interface CapableUserPage {
  /** Path and query of the next page. */
  readonly next: string | null
  /** Path and query of the previous page. */
  readonly previous: string | null
  readonly results: readonly CapableUser[]
}

export interface ChangeRecords {
  /** What `after` takes next. */
  readonly cursor: string
  readonly records: ReadonlyArray<{
    /** `snapshot`, `change`, `now` or `gone`. */
    readonly event: string
    readonly id?: string
    /** As in the stream: an object, or the JWS of a snapshot. */
    readonly data: unknown
  }>
}

/** The same whether an email was sent or not. */
export interface CheckMail {
  readonly next: 'check_mail'
}

export interface CheckedUser {
  /** None: the account could be opened. */
  readonly faults: ReadonlyArray<{
    /** Null where it is about the whole. */
    readonly field: string | null
    readonly message: string
  }>
}

export interface EffectiveAccess {
  readonly user_id: number
  /** Nothing is allowed to an inactive account. */
  readonly is_active: boolean
  /** A superuser can do everything, whatever is listed here. */
  readonly is_superuser: boolean
  /** What the roles of the user give, sorted by resource and action. */
  readonly permissions: readonly EffectivePermission[]
}

export interface EffectivePermission {
  readonly resource: string
  readonly action: string
  /** Every role and permission that allows it. */
  readonly because: readonly AccessGround[]
  /** Every role that allows it asks for a second factor. */
  readonly requires_aal?: 'aal2'
}

export interface EmailChange {
  readonly email: string
}

/** The `token` of the link, or the `code` with the new address as `email`. */
export interface EmailConfirmation {
  /** What stands behind `#t=` in the link of the email. */
  readonly token?: string
  readonly email?: string
  /** The eight digits of the email; spaces and hyphens between them are ignored. */
  readonly code?: string
}

export interface EmailVerification {
  /** What stands behind `#t=` in the link of the email. */
  readonly token?: string
  readonly email?: string
  /** The eight digits of the email; spaces and hyphens between them are ignored. */
  readonly code?: string
  /** Taken exactly as it is; never trimmed. */
  readonly password?: string
  /** Taken exactly as it is; never trimmed. */
  readonly password2?: string
}

export interface EndEverybody {
  /** Goes on with an earlier call, by the `id` of its answer. */
  readonly id?: number
}

export interface EndedEverybody {
  /** What a call that goes on names. */
  readonly id: number
  /** How many rows this call has ended. */
  readonly ended: number
  /** Whether rows are left. Their sessions are over all the same. */
  readonly remaining: boolean
}

export interface EndedOthers {
  /** How many sessions have ended. */
  readonly ended: number
}

export interface EnrolledPasskey {
  /** The id of the factor. */
  readonly id: number
  /** SECRET: shown this once; each works once. Empty where the account has codes already. */
  readonly recovery_codes: readonly string[]
}

export interface Factor {
  readonly id: number
  readonly kind: 'totp' | 'passkey'
  readonly name: string
  readonly created_at: string
  readonly last_used_at: string | null
}

export interface FactorPatch {
  /** What its owner calls it. */
  readonly name: string
}

export interface Factors {
  /** Those that are on, the oldest first. */
  readonly factors: readonly Factor[]
  /** How many recovery codes are left. */
  readonly recovery_codes: number
  /** What `PublicKeyCredential.signalAllAcceptedCredentials()` of a browser takes. */
  readonly accepted_passkeys: {
    readonly rp_id: string
    readonly user_handle: string
    readonly credential_ids: readonly string[]
  }
}

export interface FactorsOfUser {
  readonly factors: readonly Factor[]
  readonly recovery_codes: number
  /** Browsers that a sign-in by password does not ask for them. They end with the factors. */
  readonly remembered_devices: number
}

export interface FirstSuperuser {
  /** What stands behind `#token=` in the link. */
  readonly token: string
  readonly email: string
  /** Taken exactly as it is; never trimmed. */
  readonly password: string
  /** Taken exactly as it is; never trimmed. */
  readonly password2: string
  readonly first_name?: string | null
  readonly last_name?: string | null
  readonly middle_name?: string | null
}

export interface ForwardAnswer {
  /** What the proxy would be answered: 200, 401 or 403. */
  readonly status: number
  readonly because: 'public' | 'signed_in' | 'permission_held' | 'not_signed_in' | 'permission_missing' | 'step_up' | 'key_cannot_step_up' | 'permission_deleted' | 'no_rule' | 'method_not_named' | 'other_case' | 'ambiguous_request'
  /** The rule that answers. */
  readonly rule: ForwardRule | null
}

export interface ForwardEntered {
  /** Where to go on. */
  readonly to: string
}

export interface ForwardReturn {
  /** Where to go on: an https address within the domain, whose host has a rule. */
  readonly to: string
}

export interface ForwardRule {
  readonly id: number
  /** In lower case, without a port: `app.example.org`, or `*.example.org` for every name below it. */
  readonly host: string
  /** Decoded, without a query: `/reports`, or `/reports/*` for it and everything below it. */
  readonly path: string
  /** Null is every method. GET covers HEAD. */
  readonly methods: ReadonlyArray<'DELETE' | 'GET' | 'HEAD' | 'OPTIONS' | 'PATCH' | 'POST' | 'PUT'> | null
  /** `public`, `signed_in`, or a permission as `resource:action`. */
  readonly access: string | null
  /** `aal2`: the session must have shown a second factor or a passkey (RFC 9470). Null asks for none. */
  readonly acr: 'aal2' | null
  /** How many seconds ago, at most, the person confirmed their identity. Null requires none. */
  readonly max_age: number | null
  readonly created_at: string
}

export interface ForwardRulePage {
  /** Path and query of the next page. */
  readonly next: string | null
  /** Path and query of the previous page. */
  readonly previous: string | null
  readonly results: readonly ForwardRule[]
}

export interface ForwardRulePatch {
  /** In lower case, without a port: `app.example.org`, or `*.example.org` for every name below it. */
  readonly host?: string
  /** Decoded, without a query: `/reports`, or `/reports/*` for it and everything below it. */
  readonly path?: string
  /** Null is every method. GET covers HEAD. */
  readonly methods?: ReadonlyArray<'DELETE' | 'GET' | 'HEAD' | 'OPTIONS' | 'PATCH' | 'POST' | 'PUT'> | null
  /** `public`, `signed_in`, or a permission as `resource:action`. */
  readonly access?: string
  /** `aal2`: the session must have shown a second factor or a passkey (RFC 9470). Null asks for none. */
  readonly acr?: 'aal2' | null
  /** How many seconds ago, at most, the person confirmed their identity. Null requires none. */
  readonly max_age?: number | null
}

export interface ForwardRuleWrite {
  /** In lower case, without a port: `app.example.org`, or `*.example.org` for every name below it. */
  readonly host: string
  /** Decoded, without a query: `/reports`, or `/reports/*` for it and everything below it. */
  readonly path: string
  /** Null is every method. GET covers HEAD. */
  readonly methods?: ReadonlyArray<'DELETE' | 'GET' | 'HEAD' | 'OPTIONS' | 'PATCH' | 'POST' | 'PUT'> | null
  /** `public`, `signed_in`, or a permission as `resource:action`. */
  readonly access: string
  /** `aal2`: the session must have shown a second factor or a passkey (RFC 9470). Null asks for none. */
  readonly acr?: 'aal2' | null
  /** How many seconds ago, at most, the person confirmed their identity. Null requires none. */
  readonly max_age?: number | null
}

export interface Forwarded {
  /** The rule that lets it pass. */
  readonly rule: number
}

export interface Introspection {
  /** Whether the token is alive. If not, nothing else is said. */
  readonly active: boolean
  readonly iss?: string
  /** The id of the user, for an API key of its owner. */
  readonly sub?: string
  readonly aud?: string
  /** Seconds since 1970. */
  readonly exp?: number
  /** Seconds since 1970. */
  readonly iat?: number
  /** Seconds since 1970. */
  readonly nbf?: number
  readonly jti?: string
  /** The session. */
  readonly sid?: string
  /** Of an API key its prefix. */
  readonly client_id?: string
  /** Seconds since 1970. */
  readonly auth_time?: number
  readonly acr?: string
  readonly amr?: readonly string[]
  readonly token_type?: string
  /** `access_token`, `refresh_token` or `api_key`. */
  readonly typ?: string
  /** Of an API key: its permissions, by spaces. */
  readonly scope?: string
  /** Code names of those that hold now. */
  readonly roles?: readonly string[]
  readonly superuser?: boolean
}

export interface IntrospectionRequest {
  /** An access token, a refresh token or an API key. */
  readonly token: string
  /** Taken and not needed: each kind of token is known by its form. */
  readonly token_type_hint?: string
  /** The prefix of the API key. */
  readonly client_id?: string
  /** The whole API key. */
  readonly client_secret?: string
}

export interface Invitation {
  readonly id: number
  readonly email: string
  readonly first_name: string | null
  readonly last_name: string | null
  readonly middle_name: string | null
  /** Code names, sorted. */
  readonly roles: readonly string[]
  /** The language of the email. Null where it is not known: then `PROPUSK_MAIL_LOCALE`. */
  readonly locale: 'en' | 'ru' | null
  /** `pending`: its link and its code work. `accepted`: the account exists. `revoked`: it was taken back. `expired`: its time is over; it can be sent again. */
  readonly state: 'pending' | 'accepted' | 'revoked' | 'expired'
  /** Who sent it last, and answers for its roles. */
  readonly inviter: {
    readonly id: number
    readonly email: string
    /** Without it a pending invitation does not work, until another person sends it again. */
    readonly may_invite: boolean
  }
  readonly created_at: string
  readonly sent_at: string
  readonly expires_at: string
  /** When it was accepted or revoked, or when another took the place of an expired one. */
  readonly finished_at: string | null
  /** The account that it became. */
  readonly user_id: number | null
}

export interface InvitationAcceptance {
  /** What stands behind `#t=` in the link of the email. */
  readonly token?: string
  readonly email?: string
  /** The eight digits of the email; spaces and hyphens between them are ignored. */
  readonly code?: string
  /** Taken exactly as it is; never trimmed. */
  readonly password: string
  /** Taken exactly as it is; never trimmed. */
  readonly password2: string
  readonly first_name?: string | null
  readonly last_name?: string | null
  readonly middle_name?: string | null
}

export interface InvitationPage {
  /** Path and query of the next page. */
  readonly next: string | null
  /** Path and query of the previous page. */
  readonly previous: string | null
  readonly results: readonly Invitation[]
}

export interface InvitationToRead {
  readonly email: string
  readonly first_name: string | null
  readonly last_name: string | null
  readonly middle_name: string | null
  /** The name of who invites, or the address where there is none. */
  readonly invited_by: string
  readonly expires_at: string
  /** Whether the address has an account by now. Then the invitation cannot be accepted. */
  readonly has_account: boolean
}

export interface Login {
  readonly email: string
  /** Taken exactly as it is; never trimmed. */
  readonly password: string
  /** Where sessions end when they are idle: gives this one its whole life. Elsewhere it changes nothing. */
  readonly remember?: boolean
}

export interface LoginCodeRequest {
  readonly email: string
}

/** The ticket, and one factor. */
export interface LoginFactor {
  readonly ticket: string
  /** SECRET: the code that an authenticator app shows now. */
  readonly totp?: string
  /** SECRET: a recovery code, which works once. Case, spaces and hyphens do not matter. */
  readonly recovery?: string
  readonly passkey?: SignedPasskey
  /** Where sessions end when they are idle: gives this one its whole life. Elsewhere it changes nothing. */
  readonly remember?: boolean
}

export interface LoginPasskey {
  readonly passkey: SignedPasskey
  /** Where sessions end when they are idle: gives this one its whole life. Elsewhere it changes nothing. */
  readonly remember?: boolean
}

export interface Mail {
  readonly id: number
  /** Such as `password_reset`. What the email says is not stored. */
  readonly kind: string
  /** `pending`: it waits for its first or next attempt. `sent`: a mail server took it. `failed`: it was given up. `dropped`: what it brings was used, or is over. */
  readonly state: 'pending' | 'sent' | 'failed' | 'dropped'
  readonly to_email: string
  readonly user_id: number | null
  /** Null where it is not known: then `PROPUSK_MAIL_LOCALE`. */
  readonly locale: 'en' | 'ru' | null
  readonly created_at: string
  readonly attempts: number
  /** Null when it is finished. */
  readonly next_attempt_at: string | null
  readonly finished_at: string | null
  /** Codes of the newest failure, such as `451 4.7.1 EENVELOPE RCPT TO`. */
  readonly last_error: string | null
}

export interface MailPage {
  /** Path and query of the next page. */
  readonly next: string | null
  /** Path and query of the previous page. */
  readonly previous: string | null
  readonly results: readonly Mail[]
}

export interface NewInvitation {
  readonly email: string
  readonly first_name?: string | null
  readonly last_name?: string | null
  readonly middle_name?: string | null
  /** Code names of roles that exist. */
  readonly roles?: readonly string[]
  /** The language of the email. Null where it is not known: then `PROPUSK_MAIL_LOCALE`. */
  readonly locale?: 'en' | 'ru' | null
}

export interface Node {
  /** Made anew with each start. */
  readonly id: string
  readonly started_at: string
  readonly seen_at: string
  readonly version: string
  /** The name of its machine. */
  readonly host: string | null
  /** Whether it is the node that answers. */
  readonly is_this_one: boolean
  /** Whether it was seen within two and a half minutes; each node tells every minute. */
  readonly is_alive: boolean
}

export interface NotMe {
  /** What stands behind `#t=` in the link of the email. */
  readonly token: string
}

export interface Nothing {
}

export interface OwnData {
  readonly exported_at: string
  readonly account: Profile
  /** Live and ended ones, the newest first. */
  readonly sessions: readonly Session[]
  /** False where there are more sessions than the newest 10,000. */
  readonly sessions_are_complete: boolean
  readonly factors: readonly Factor[]
  /** How many recovery codes are left. */
  readonly recovery_codes: number
  readonly remembered_devices: readonly RememberedDevice[]
  /** Without their secrets, the newest first. */
  readonly api_keys: readonly ApiKey[]
  /** False where there are more keys than the newest 10,000. */
  readonly api_keys_are_complete: boolean
  /** What the person did, and what was done to the account, the newest first. */
  readonly events: readonly OwnDataEvent[]
  /** False where there are more events than the newest 10,000. */
  readonly events_are_complete: boolean
}

export interface OwnDataEvent {
  readonly id: number
  readonly at: string
  /** Null for the server, the command line, and a person who was not signed in. */
  readonly actor: 'you' | 'administrator' | null
  readonly action: string
  readonly target: string | null
  readonly outcome: 'success' | 'denied' | 'failure'
  readonly ip_address: string | null
  readonly user_agent: string | null
  /** Empty of what was done to others. */
  readonly details: Readonly<Record<string, unknown>>
}

export interface OwnEvent {
  readonly id: number
  readonly at: string
  /** As in the audit, such as `user.login`. */
  readonly action: string
  readonly outcome: 'success' | 'denied' | 'failure'
  /** `self`: with a session or a key of this account. `administrator`: another account, which is not named. `unknown`: a caller who was not signed in. `server`: the server itself, or its command line. */
  readonly by: 'self' | 'administrator' | 'unknown' | 'server'
  readonly ip_address: string | null
  readonly user_agent: string | null
}

export interface OwnEventPage {
  /** Path and query of the next page. */
  readonly next: string | null
  /** Path and query of the previous page. */
  readonly previous: string | null
  readonly results: readonly OwnEvent[]
}

export interface OwnSession {
  readonly id: number
  /** The `sid` of its tokens. */
  readonly uuid: string
  readonly ip_address: string
  readonly user_agent: string
  readonly created_at: string
  readonly last_used_at: string
  readonly expires_at: string
  readonly is_active: boolean
  /** Whether the request itself came from this session. */
  readonly is_current: boolean
}

/** `PublicKeyCredentialCreationOptionsJSON` of WebAuthn. */
export interface PasskeyCreation {
  readonly challenge: string
  readonly rp: {
    readonly id?: string
    readonly name: string
  }
  readonly user: {
    readonly id: string
    readonly name: string
    readonly displayName: string
  }
  readonly pubKeyCredParams: ReadonlyArray<{
    readonly alg: number
    readonly type: string
  }>
}

export interface PasskeyEnrolment {
  /** What its owner calls it. */
  readonly name?: string
  /** What `navigator.credentials.create()` gave, as JSON. */
  readonly passkey: {
    readonly id: string
    readonly rawId: string
    readonly type: 'public-key'
    readonly authenticatorAttachment?: string
    readonly clientExtensionResults: {
    }
    readonly response: {
      readonly clientDataJSON: string
      readonly attestationObject: string
      readonly transports?: readonly string[]
    }
  }
}

/** `PublicKeyCredentialRequestOptionsJSON` of WebAuthn. */
export interface PasskeyRequest {
  readonly challenge: string
  readonly rpId?: string
  readonly timeout?: number
  readonly userVerification?: string
  readonly allowCredentials?: ReadonlyArray<{
    readonly id: string
    readonly type: string
  }>
}

export interface PasskeySignInStart {
  readonly ticket?: string
}

export interface PasswordChange {
  /** Taken exactly as it is; never trimmed. */
  readonly current_password: string
  /** Taken exactly as it is; never trimmed. */
  readonly password: string
  /** Taken exactly as it is; never trimmed. */
  readonly password2: string
}

export interface PasswordReset {
  /** What stands behind `#t=` in the link of the email. */
  readonly token?: string
  readonly email?: string
  /** The eight digits of the email; spaces and hyphens between them are ignored. */
  readonly code?: string
  /** Taken exactly as it is; never trimmed. */
  readonly password: string
  /** Taken exactly as it is; never trimmed. */
  readonly password2: string
  /** SECRET: the code that an authenticator app shows now. */
  readonly totp?: string
  /** SECRET: a recovery code, which works once. Case, spaces and hyphens do not matter. */
  readonly recovery?: string
  readonly passkey?: SignedPasskey
}

export interface PasswordResetOfUser {
  /** SECRET: to be handed to the owner, where this server sends no mail; null where it was sent. */
  readonly link: string | null
  readonly expires_at: string
}

export interface PasswordResetRequest {
  readonly email: string
}

export interface Permission {
  readonly id: number
  readonly resource: string
  readonly action: string
}

export interface PermissionPage {
  /** Path and query of the next page. */
  readonly next: string | null
  /** Path and query of the previous page. */
  readonly previous: string | null
  readonly results: readonly Permission[]
}

export interface PermissionPatch {
  /** Code name of a resource that exists. */
  readonly resource?: string
  /** Code name of an action that exists. */
  readonly action?: string
}

export interface PermissionWrite {
  /** Code name of a resource that exists. */
  readonly resource: string
  /** Code name of an action that exists. */
  readonly action: string
}

export interface PresentedRefreshToken {
  readonly refresh: string
}

export interface Profile {
  readonly id: number
  readonly email: string
  readonly email_verified: boolean
  readonly first_name: string | null
  readonly last_name: string | null
  readonly middle_name: string | null
  readonly is_active: boolean
  readonly is_staff: boolean
  readonly is_superuser: boolean
  readonly date_joined: string
  readonly last_login: string | null
  readonly updated_at: string
  /** Code names, sorted. */
  readonly roles: readonly string[]
  /** `resource:action`, sorted; for a superuser all that exist. */
  readonly permissions: readonly string[]
  /** What the session would be permitted beside them once it has shown a second factor (`/me/step_up/`), sorted. Absent where that is nothing. */
  readonly step_up_permissions?: readonly string[]
}

export interface ProfileChange {
  readonly first_name?: string | null
  readonly last_name?: string | null
  readonly middle_name?: string | null
}

export interface Proof {
  /** What stands behind `#t=` in the link of the email. */
  readonly token?: string
  readonly email?: string
  /** The eight digits of the email; spaces and hyphens between them are ignored. */
  readonly code?: string
}

export interface ProposedUser {
  readonly email: string
  readonly first_name?: string | null
  readonly last_name?: string | null
  readonly middle_name?: string | null
  readonly note?: string | null
  readonly is_active?: boolean
  /** Code names of roles that exist. */
  readonly roles?: readonly string[]
}

export interface RecoveryCodes {
  /** SECRET: shown this once; each works once. Empty where the account has codes already. */
  readonly recovery_codes: readonly string[]
}

export interface RefreshToken {
  readonly refresh: string
}

export interface Registration {
  readonly email: string
  /** Taken exactly as it is; never trimmed. */
  readonly password: string
  /** Taken exactly as it is; never trimmed. */
  readonly password2: string
  readonly first_name?: string | null
  readonly last_name?: string | null
  readonly middle_name?: string | null
}

export interface RememberedDevice {
  readonly id: number
  readonly created_at: string
  readonly expires_at: string
  readonly last_used_at: string | null
  readonly ip_address: string | null
  readonly user_agent: string | null
}

export interface Resource {
  readonly id: number
  readonly name: string
  readonly code_name: string
  readonly description: string | null
}

export interface ResourcePage {
  /** Path and query of the next page. */
  readonly next: string | null
  /** Path and query of the previous page. */
  readonly previous: string | null
  readonly results: readonly Resource[]
}

export interface ResourcePatch {
  /** What people read. Unique: two that a reader takes for one another are the same. */
  readonly name?: string
  /** What programs read. Unique. */
  readonly code_name?: string
  readonly description?: string | null
}

export interface ResourceWrite {
  /** What people read. Unique: two that a reader takes for one another are the same. */
  readonly name: string
  /** What programs read. Unique. */
  readonly code_name: string
  readonly description?: string | null
}

export interface RevocationRequest {
  /** An access token or a refresh token. */
  readonly token: string
  /** Taken and not needed: each kind of token is known by its form. */
  readonly token_type_hint?: string
  /** The prefix of the API key. */
  readonly client_id?: string
  /** The whole API key. */
  readonly client_secret?: string
}

export interface Revoked {
  /** How many live sessions ended. */
  readonly revoked: number
}

export interface Role {
  readonly id: number
  readonly name: string
  readonly code_name: string
  readonly description: string | null
  /** Each as `resource:action`, sorted. */
  readonly permissions: readonly string[]
  /** Its permissions hold only in a session that showed a second factor or a passkey. Absent where they hold in every one. */
  readonly requires_aal?: 'aal2'
}

export interface RolePage {
  /** Path and query of the next page. */
  readonly next: string | null
  /** Path and query of the previous page. */
  readonly previous: string | null
  readonly results: readonly Role[]
}

export interface RolePatch {
  /** What people read. Unique: two that a reader takes for one another are the same. */
  readonly name?: string
  /** What programs read. Unique. */
  readonly code_name?: string
  readonly description?: string | null
  /** Each as `resource:action`. Both must exist; the permission itself need not yet. */
  readonly permissions?: readonly string[]
  /** `aal2`: the permissions of the role hold only in a session that showed a second factor or a passkey. Null and `aal1` mean the same: in every one. */
  readonly requires_aal?: 'aal1' | 'aal2' | null
}

export interface RoleRead {
  readonly id: number
  readonly name: string
  readonly code_name: string
  readonly description: string | null
  /** Each as `resource:action`, sorted. */
  readonly permissions: readonly string[]
  /** Its permissions hold only in a session that showed a second factor or a passkey. Absent where they hold in every one. */
  readonly requires_aal?: 'aal2'
  readonly refusals?: RoleRefusals
}

/** What the rules of rank would refuse the caller now, each with the reason in the language of the answer; absent where they would not. The permission that a route asks for comes on top, and each write checks again. */
export interface RoleRefusals {
  /** Why the caller can neither give it to accounts nor take it from them, nor change `requires_aal`: they lack one of its permissions. */
  readonly assign?: string
  /** Why the caller cannot change its `code_name`: a holder is of higher rank. */
  readonly rename?: string
  /** Why the caller cannot delete it. */
  readonly delete?: string
}

export interface RoleReplace {
  /** What people read. Unique: two that a reader takes for one another are the same. */
  readonly name: string
  /** What programs read. Unique. */
  readonly code_name: string
  readonly description?: string | null
  /** Each as `resource:action`. Both must exist; the permission itself need not yet. */
  readonly permissions: readonly string[]
  /** `aal2`: the permissions of the role hold only in a session that showed a second factor or a passkey. Null and `aal1` mean the same: in every one. */
  readonly requires_aal?: 'aal1' | 'aal2' | null
}

export interface RoleWrite {
  /** What people read. Unique: two that a reader takes for one another are the same. */
  readonly name: string
  /** What programs read. Unique. */
  readonly code_name: string
  readonly description?: string | null
  /** Each as `resource:action`. Both must exist; the permission itself need not yet. */
  readonly permissions?: readonly string[]
  /** `aal2`: the permissions of the role hold only in a session that showed a second factor or a passkey. Null and `aal1` mean the same: in every one. */
  readonly requires_aal?: 'aal1' | 'aal2' | null
}

export interface RowCount {
  /** Rows that fit filters and search; at most 10,000. */
  readonly rows: number
  /** False where there are more than `rows`, or may be. */
  readonly is_exact: boolean
}

export interface SecondStep {
  readonly next: 'second_factor'
  /** SECRET: for `/login/factor/`. Works once, for ten minutes and five factors. */
  readonly ticket: string
  /** What the account can show, in the order in which a page offers it. */
  readonly methods: ReadonlyArray<'passkey' | 'totp' | 'recovery'>
}

export interface SentInvitation {
  readonly id: number
  readonly email: string
  readonly first_name: string | null
  readonly last_name: string | null
  readonly middle_name: string | null
  /** Code names, sorted. */
  readonly roles: readonly string[]
  /** The language of the email. Null where it is not known: then `PROPUSK_MAIL_LOCALE`. */
  readonly locale: 'en' | 'ru' | null
  /** `pending`: its link and its code work. `accepted`: the account exists. `revoked`: it was taken back. `expired`: its time is over; it can be sent again. */
  readonly state: 'pending' | 'accepted' | 'revoked' | 'expired'
  /** Who sent it last, and answers for its roles. */
  readonly inviter: {
    readonly id: number
    readonly email: string
    /** Without it a pending invitation does not work, until another person sends it again. */
    readonly may_invite: boolean
  }
  readonly created_at: string
  readonly sent_at: string
  readonly expires_at: string
  /** When it was accepted or revoked, or when another took the place of an expired one. */
  readonly finished_at: string | null
  /** The account that it became. */
  readonly user_id: number | null
  /** SECRET: to be handed over, where this server sends no mail, and shown this once; null where it was sent. */
  readonly link: string | null
}

export interface ServerSettings {
  readonly version: string
  readonly engine: 'sqlite' | 'postgres'
  readonly started_at: string
  /** The node that answers: see `/server/nodes/`. */
  readonly node: string
  /** Of this node, in the order of the documents. */
  readonly settings: readonly Setting[]
}

export interface Session {
  readonly id: number
  /** The `sid` of its tokens. */
  readonly uuid: string
  readonly ip_address: string
  readonly user_agent: string
  readonly created_at: string
  readonly last_used_at: string
  readonly expires_at: string
  readonly is_active: boolean
  readonly user_id: number
  readonly ended_at: string | null
  /** `logout`, `revoked`, `revoked_all`, `ended_by_admin`, `deactivated`, `password_change`, `refresh_reuse`, `session_limit`, `expired` or `idle`. */
  readonly end_reason: string | null
}

export interface SessionEnd {
  readonly is_active: false
}

export interface SessionPage {
  /** Path and query of the next page. */
  readonly next: string | null
  /** Path and query of the previous page. */
  readonly previous: string | null
  readonly results: readonly Session[]
  readonly count?: RowCount
}

export interface Setting {
  /** The environment variable. */
  readonly name: string
  /** What is in force, as one would write it; null where nothing is. Of a secret `***` when it is set; a password in an address is shown as `***`, too. */
  readonly value: string | null
  readonly default: string | null
  readonly is_default: boolean
  /** Whether the value is never shown. */
  readonly secret: boolean
  readonly description: string
}

export interface SetupLink {
  /** What stands behind `#token=` in the link. */
  readonly token: string
}

export interface SignInOptions {
  readonly registration: 'open' | 'verified' | 'closed'
  /** Whether this server sends email, such as that for a new password. */
  readonly mail: boolean
  /** Whether a code from an email signs in. */
  readonly login_code: boolean
  /** Of a new password, in characters. */
  readonly password_min_length: number
  /** For how long a page of this server can leave the second step out in a browser; null: never. */
  readonly remember_device_days: number | null
  /** Whether sessions end when they are idle, unless a sign-in asks to be remembered. */
  readonly session_idle: boolean
}

export interface SignedIn {
  readonly access: string
  readonly refresh: string
  readonly user: UserBrief
}

/** SECRET: what `navigator.credentials.get()` gave, as JSON. */
export interface SignedPasskey {
  readonly id: string
  readonly rawId: string
  readonly type: 'public-key'
  readonly authenticatorAttachment?: string
  readonly clientExtensionResults: {
  }
  readonly response: {
    readonly clientDataJSON: string
    readonly authenticatorData: string
    readonly signature: string
    readonly userHandle?: string
  }
}

export interface SigningKey {
  /** As in the header of a token and in the key set. */
  readonly kid: string
  readonly algorithm: 'ES256' | 'EdDSA'
  /** `next` is published and does not sign yet, `signing` signs, `retired` signs no more and stays published until `published_until`. */
  readonly state: 'next' | 'signing' | 'retired'
  readonly created_at: string
  /** Of the next key: from when on it signs, as soon as a server looks, each minute. Null of the others. */
  readonly signs_at: string | null
  /** When its successor began to sign. */
  readonly retired_at: string | null
  /** When it leaves, or left, the key set: everything that it signed has expired by then. Null before it is retired. */
  readonly published_until: string | null
  /** Whether it signs now. */
  readonly is_signing: boolean
}

export interface SigningKeyRotation {
  /** Whether the next key signs at once: the one that is published already, or a new one. False unless given. */
  readonly now?: boolean
}

export interface Statistics {
  readonly since: string
  readonly until: string
  /** How long a bucket is: 3600, or 86400 (a day of UTC) for more than 72 hours. */
  readonly step_seconds: number
  /** False while events from before an upgrade or an import are still being counted: the newest first, for minutes. */
  readonly is_complete: boolean
  /** Oldest first, empty ones too. The last one is under way. */
  readonly buckets: readonly StatisticsBucket[]
  readonly users: {
    readonly total: number
    readonly active: number
  }
  readonly sessions: {
    readonly active: number
  }
  /** Who has to wait after wrong guesses. */
  readonly locked: {
    readonly accounts: number
    readonly addresses: number
  }
}

export interface StatisticsBucket {
  readonly at: string
  /** `user.login` events. */
  readonly sign_ins: number
  /** `user.login_failed` events. */
  readonly failed_sign_ins: number
  /** `access.denied` events. */
  readonly refusals: number
  /** `user.register` events. */
  readonly registrations: number
  /** `token.reuse` events. */
  readonly token_reuse: number
}

/** One of them. A password is taken only where the account has no second factor. */
export interface StepUp {
  /** SECRET: the code that an authenticator app shows now. */
  readonly totp?: string
  /** SECRET: a recovery code, which works once. Case, spaces and hyphens do not matter. */
  readonly recovery?: string
  readonly passkey?: SignedPasskey
  /** Taken exactly as it is; never trimmed. */
  readonly password?: string
}

export interface ThrottleCounter {
  readonly id: number
  /** `account`: guesses at one account. `device`: guesses at one account from where it signed in before. `address`: guesses from one network address (IPv6: a /64). `password`: one password on many accounts. `registration`: accounts opened from one address. `password_change`: changes asked for by one account. `mail_address`, `mail_account`, `mail_inviter`, `mail_network`, `mail_total`: mails asked for to one address, by one account, invitations by one account, mails from one network address, in all. `code_network`: codes of mails typed from one network address. */
  readonly kind: 'address' | 'account' | 'device' | 'password' | 'registration' | 'password_change' | 'mail_address' | 'mail_account' | 'mail_inviter' | 'mail_network' | 'mail_total' | 'code_network'
  /** Whose guesses: an email address, known or not; an address of the network; for a device both, with a mark of its user agent; for a password a mark of 16 bits; for a password change and mails of an account its id. */
  readonly subject: string
  /** How many there were at `counted_at`; they are forgotten one by one. */
  readonly failures: number
  readonly counted_at: string
  /** Until then every further attempt is answered 429; null when nothing waits. */
  readonly blocked_until: string | null
}

export interface ThrottleCounterPage {
  /** Path and query of the next page. */
  readonly next: string | null
  /** Path and query of the previous page. */
  readonly previous: string | null
  readonly results: readonly ThrottleCounter[]
}

export interface TokenPair {
  /** A JWT (RFC 9068) for `Authorization: Bearer …`. */
  readonly access: string
  /** Works once, for the next pair. */
  readonly refresh: string
}

export interface TokenRevoked {
}

export interface TotpConfirmation {
  readonly id: number
  /** SECRET: the code that the app shows now. */
  readonly code: string
}

export interface TotpEnrolment {
  /** What its owner calls it. */
  readonly name?: string
}

export interface TotpSecret {
  /** What the confirmation names. */
  readonly id: number
  /** SECRET: in base32, to be typed into an app that reads no QR code. */
  readonly secret: string
  /** SECRET: `otpauth://totp/…`, what the QR code says. */
  readonly uri: string
}

export interface User {
  readonly id: number
  readonly email: string
  readonly email_verified: boolean
  readonly first_name: string | null
  readonly last_name: string | null
  readonly middle_name: string | null
  readonly note: string | null
  readonly is_active: boolean
  readonly is_staff: boolean
  readonly is_superuser: boolean
  readonly date_joined: string
  readonly last_login: string | null
  readonly updated_at: string
  /** Code names, sorted. */
  readonly roles: readonly string[]
}

export interface UserBrief {
  readonly id: number
  readonly email: string
  readonly first_name: string | null
  readonly last_name: string | null
  readonly middle_name: string | null
}

export interface UserChange {
  readonly email?: string
  readonly first_name?: string | null
  readonly last_name?: string | null
  readonly middle_name?: string | null
  readonly note?: string | null
  readonly is_active?: boolean
  readonly is_staff?: boolean
  readonly is_superuser?: boolean
  /** Code names of roles that exist. */
  readonly roles?: readonly string[]
  /** Never taken: the owner changes it with `POST /me/password/`. */
  readonly password?: never
}

export interface UserCreate {
  readonly email: string
  /** Taken exactly as it is; never trimmed. */
  readonly password: string
  readonly first_name?: string | null
  readonly last_name?: string | null
  readonly middle_name?: string | null
  readonly note?: string | null
  readonly is_active?: boolean
  readonly is_staff?: boolean
  readonly is_superuser?: boolean
  /** Code names of roles that exist. */
  readonly roles?: readonly string[]
}

export interface UserPage {
  /** Path and query of the next page. */
  readonly next: string | null
  /** Path and query of the previous page. */
  readonly previous: string | null
  readonly results: readonly User[]
  readonly count?: RowCount
}

export interface UserReplace {
  readonly email: string
  readonly first_name?: string | null
  readonly last_name?: string | null
  readonly middle_name?: string | null
  readonly note?: string | null
  readonly is_active?: boolean
  readonly is_staff?: boolean
  readonly is_superuser?: boolean
  /** Code names of roles that exist. */
  readonly roles: readonly string[]
  /** Never taken: the owner changes it with `POST /me/password/`. */
  readonly password?: never
}

export interface UsersCheck {
  readonly users: readonly ProposedUser[]
}

export interface UsersChecked {
  readonly results: readonly CheckedUser[]
}

/** What went wrong (RFC 9457). Programs decide by `code`; `title` and `detail` are for people. */
export interface Problem {
  /** A URI that stays the same for the same `code`. */
  readonly type: string
  /** The kind of problem, in English or Russian by Accept-Language. */
  readonly title: string
  /** The HTTP status, once more. */
  readonly status: number
  /** What is wrong this time and what to do. */
  readonly detail: string
  /** Never renamed, never reused. */
  readonly code: 'invalid_request' | 'not_authenticated' | 'invalid_token' | 'invalid_credentials' | 'invalid_refresh_token' | 'insufficient_user_authentication' | 'permission_denied' | 'registration_closed' | 'cross_site_request' | 'not_found' | 'mail_not_configured' | 'method_not_allowed' | 'request_timeout' | 'conflict' | 'precondition_failed' | 'too_large' | 'unsupported_media_type' | 'too_many_requests' | 'headers_too_large' | 'internal_error' | 'unavailable'
  /** This one answer; the same id stands in the log. */
  readonly instance: string
  /** Messages by field; a nested field is written `checks.0.action`. */
  readonly errors?: Readonly<Record<string, readonly string[]>>
  /** The level of authentication that is asked for (RFC 9470). */
  readonly acr_values?: 'aal1' | 'aal2'
  /** How many seconds ago, at most, the caller must have been authenticated (RFC 9470). */
  readonly max_age?: number
}

/** Every code of a problem, as docs/errors.md explains them. */
export const problemCodes = [
  'invalid_request',
  'not_authenticated',
  'invalid_token',
  'invalid_credentials',
  'invalid_refresh_token',
  'insufficient_user_authentication',
  'permission_denied',
  'registration_closed',
  'cross_site_request',
  'not_found',
  'mail_not_configured',
  'method_not_allowed',
  'request_timeout',
  'conflict',
  'precondition_failed',
  'too_large',
  'unsupported_media_type',
  'too_many_requests',
  'headers_too_large',
  'internal_error',
  'unavailable',
] as const

export type ProblemCode = (typeof problemCodes)[number]

/** What each operation takes and gives; undefined where it takes or gives nothing. */
export interface Operations {
  /** Create an account */
  readonly register: {
    readonly method: 'POST'
    readonly path: '/api/auth/register/'
    readonly params: undefined
    readonly query: undefined
    readonly body: Registration
    readonly success: SignedIn
  }
  /** Sign in */
  readonly login: {
    readonly method: 'POST'
    readonly path: '/api/auth/login/'
    readonly params: undefined
    readonly query: undefined
    readonly body: Login
    readonly success: SignedIn | SecondStep
  }
  /** The second step of a sign-in */
  readonly logInByFactor: {
    readonly method: 'POST'
    readonly path: '/api/auth/login/factor/'
    readonly params: undefined
    readonly query: undefined
    readonly body: LoginFactor
    readonly success: SignedIn
  }
  /** Sign in with a passkey */
  readonly logInByPasskey: {
    readonly method: 'POST'
    readonly path: '/api/auth/login/passkey/'
    readonly params: undefined
    readonly query: undefined
    readonly body: LoginPasskey
    readonly success: SignedIn
  }
  /** Sign in with a code from an email */
  readonly logInByCode: {
    readonly method: 'POST'
    readonly path: '/api/auth/login/code/'
    readonly params: undefined
    readonly query: undefined
    readonly body: Proof
    readonly success: SignedIn | SecondStep
  }
  /** Create an account, for a page of this server */
  readonly registerInBrowser: {
    readonly method: 'POST'
    readonly path: '/api/auth/browser/register/'
    readonly params: undefined
    readonly query: undefined
    readonly body: Registration
    readonly success: BrowserSignedIn
  }
  /** Sign in, for a page of this server */
  readonly logInInBrowser: {
    readonly method: 'POST'
    readonly path: '/api/auth/browser/login/'
    readonly params: undefined
    readonly query: undefined
    readonly body: Login
    readonly success: BrowserSignedIn | SecondStep
  }
  /** The second step of a sign-in, for a page of this server */
  readonly logInByFactorInBrowser: {
    readonly method: 'POST'
    readonly path: '/api/auth/browser/login/factor/'
    readonly params: undefined
    readonly query: undefined
    readonly body: BrowserLoginFactor
    readonly success: BrowserSignedIn
  }
  /** Sign in by a passkey, for a page of this server */
  readonly logInByPasskeyInBrowser: {
    readonly method: 'POST'
    readonly path: '/api/auth/browser/login/passkey/'
    readonly params: undefined
    readonly query: undefined
    readonly body: LoginPasskey
    readonly success: BrowserSignedIn
  }
  /** Exchange the cookie for the next access token */
  readonly refreshInBrowser: {
    readonly method: 'POST'
    readonly path: '/api/auth/browser/refresh/'
    readonly params: undefined
    readonly query: undefined
    readonly body: Nothing
    readonly success: BrowserAccess
  }
  /** Read when the session of the cookie ends, without using it */
  readonly readSessionEndInBrowser: {
    readonly method: 'POST'
    readonly path: '/api/auth/browser/session/'
    readonly params: undefined
    readonly query: undefined
    readonly body: Nothing
    readonly success: BrowserSession
  }
  /** Confirm the identity again, for a page of this server */
  readonly stepUpInBrowser: {
    readonly method: 'POST'
    readonly path: '/api/auth/browser/step_up/'
    readonly params: undefined
    readonly query: undefined
    readonly body: StepUp
    readonly success: BrowserAccess
  }
  /** Sign out and clear the cookie */
  readonly logOutInBrowser: {
    readonly method: 'POST'
    readonly path: '/api/auth/browser/logout/'
    readonly params: undefined
    readonly query: undefined
    readonly body: Nothing
    readonly success: undefined
  }
  /** Sign in by the code of a mail, for a page of this server */
  readonly logInByCodeInBrowser: {
    readonly method: 'POST'
    readonly path: '/api/auth/browser/login/code/'
    readonly params: undefined
    readonly query: undefined
    readonly body: Proof
    readonly success: BrowserSignedIn | SecondStep
  }
  /** Let this browser pass the proxies that use forward-auth */
  readonly enterForward: {
    readonly method: 'POST'
    readonly path: '/api/auth/browser/forward/'
    readonly params: undefined
    readonly query: undefined
    readonly body: ForwardReturn
    readonly success: ForwardEntered
  }
  /** Create the first superuser with a setup link */
  readonly makeFirstSuperuser: {
    readonly method: 'POST'
    readonly path: '/api/auth/setup/'
    readonly params: undefined
    readonly query: undefined
    readonly body: FirstSuperuser
    readonly success: BrowserSignedIn
  }
  /** Change your own password */
  readonly changePassword: {
    readonly method: 'POST'
    readonly path: '/api/auth/me/password/'
    readonly params: undefined
    readonly query: undefined
    readonly body: PasswordChange
    readonly success: undefined
  }
  /** Begin a sign-in by passkey */
  readonly passkeySignInOptions: {
    readonly method: 'POST'
    readonly path: '/api/auth/login/passkey/options/'
    readonly params: undefined
    readonly query: undefined
    readonly body: PasskeySignInStart
    readonly success: PasskeyRequest
  }
  /** Request a sign-in code */
  readonly requestLoginCode: {
    readonly method: 'POST'
    readonly path: '/api/auth/login/code/request/'
    readonly params: undefined
    readonly query: undefined
    readonly body: LoginCodeRequest
    readonly success: CheckMail
  }
  /** Read what a sign-in page can offer */
  readonly readSignInOptions: {
    readonly method: 'GET'
    readonly path: '/api/auth/sign_in/options/'
    readonly params: undefined
    readonly query: undefined
    readonly body: undefined
    readonly success: SignInOptions
  }
  /** Ask whether a setup link still works */
  readonly checkSetupLink: {
    readonly method: 'POST'
    readonly path: '/api/auth/setup/check/'
    readonly params: undefined
    readonly query: undefined
    readonly body: SetupLink
    readonly success: undefined
  }
  /** Exchange a refresh token for the next pair */
  readonly refreshTokens: {
    readonly method: 'POST'
    readonly path: '/api/auth/token/refresh/'
    readonly params: undefined
    readonly query: undefined
    readonly body: RefreshToken
    readonly success: TokenPair
  }
  /** End the session of a refresh token */
  readonly revokeToken: {
    readonly method: 'POST'
    readonly path: '/api/auth/token/revoke/'
    readonly params: undefined
    readonly query: undefined
    readonly body: PresentedRefreshToken
    readonly success: undefined
  }
  /** Sign out on this device */
  readonly logout: {
    readonly method: 'POST'
    readonly path: '/api/auth/logout/'
    readonly params: undefined
    readonly query: undefined
    readonly body: undefined
    readonly success: undefined
  }
  /** Sign out on every device */
  readonly revokeAllTokens: {
    readonly method: 'POST'
    readonly path: '/api/auth/token/revoke_all/'
    readonly params: undefined
    readonly query: undefined
    readonly body: undefined
    readonly success: Revoked
  }
  /** Sign another user out on every device */
  readonly revokeAllTokensOfUser: {
    readonly method: 'POST'
    readonly path: '/api/auth/token/revoke_all/{user_id}/'
    readonly params: {
      /** The id of the user. */
      readonly user_id: number
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: Revoked
  }
  /** Request an email to set a new password */
  readonly requestPasswordReset: {
    readonly method: 'POST'
    readonly path: '/api/auth/password/reset/request/'
    readonly params: undefined
    readonly query: undefined
    readonly body: PasswordResetRequest
    readonly success: CheckMail
  }
  /** Begin to confirm a reset with a passkey */
  readonly resetPasskeyOptions: {
    readonly method: 'POST'
    readonly path: '/api/auth/password/reset/options/'
    readonly params: undefined
    readonly query: undefined
    readonly body: Proof
    readonly success: PasskeyRequest
  }
  /** Set a new password with an email */
  readonly resetPassword: {
    readonly method: 'POST'
    readonly path: '/api/auth/password/reset/'
    readonly params: undefined
    readonly query: undefined
    readonly body: PasswordReset
    readonly success: undefined
  }
  /** Confirm an address with an email */
  readonly verifyEmail: {
    readonly method: 'POST'
    readonly path: '/api/auth/email/verify/'
    readonly params: undefined
    readonly query: undefined
    readonly body: EmailVerification
    readonly success: undefined
  }
  /** Request an email to confirm your own address */
  readonly requestEmailVerification: {
    readonly method: 'POST'
    readonly path: '/api/auth/me/email/verify/'
    readonly params: undefined
    readonly query: undefined
    readonly body: undefined
    readonly success: CheckMail
  }
  /** Request a change of your own address */
  readonly requestEmailChange: {
    readonly method: 'POST'
    readonly path: '/api/auth/me/email/'
    readonly params: undefined
    readonly query: undefined
    readonly body: EmailChange
    readonly success: CheckMail
  }
  /** Confirm the new address */
  readonly confirmEmailChange: {
    readonly method: 'POST'
    readonly path: '/api/auth/me/email/confirm/'
    readonly params: undefined
    readonly query: undefined
    readonly body: EmailConfirmation
    readonly success: undefined
  }
  /** Undo a change of address */
  readonly undoEmailChange: {
    readonly method: 'POST'
    readonly path: '/api/auth/email/undo/'
    readonly params: undefined
    readonly query: undefined
    readonly body: Proof
    readonly success: undefined
  }
  /** Report “this was not me” from a security notice */
  readonly reportNotMe: {
    readonly method: 'POST'
    readonly path: '/api/auth/security/not_me/'
    readonly params: undefined
    readonly query: undefined
    readonly body: NotMe
    readonly success: undefined
  }
  /** Have the owner choose a new password */
  readonly resetPasswordOfUser: {
    readonly method: 'POST'
    readonly path: '/api/auth/users/{id}/password/reset/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: PasswordResetOfUser
  }
  /** List your own second factors */
  readonly listOwnFactors: {
    readonly method: 'GET'
    readonly path: '/api/auth/me/factors/'
    readonly params: undefined
    readonly query: undefined
    readonly body: undefined
    readonly success: Factors
  }
  /** Begin to set up an authenticator app */
  readonly enrolTotp: {
    readonly method: 'POST'
    readonly path: '/api/auth/me/factors/totp/'
    readonly params: undefined
    readonly query: undefined
    readonly body: TotpEnrolment
    readonly success: TotpSecret
  }
  /** Turn on an authenticator app with its first code */
  readonly confirmTotp: {
    readonly method: 'POST'
    readonly path: '/api/auth/me/factors/totp/confirm/'
    readonly params: undefined
    readonly query: undefined
    readonly body: TotpConfirmation
    readonly success: RecoveryCodes
  }
  /** Get ten new recovery codes */
  readonly replaceRecoveryCodes: {
    readonly method: 'POST'
    readonly path: '/api/auth/me/factors/recovery/'
    readonly params: undefined
    readonly query: undefined
    readonly body: undefined
    readonly success: RecoveryCodes
  }
  /** Rename your own second factor */
  readonly renameOwnFactor: {
    readonly method: 'PATCH'
    readonly path: '/api/auth/me/factors/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: FactorPatch
    readonly success: Factor
  }
  /** Remove your own second factor */
  readonly removeOwnFactor: {
    readonly method: 'DELETE'
    readonly path: '/api/auth/me/factors/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: undefined
  }
  /** Begin to create a passkey */
  readonly passkeyCreationOptions: {
    readonly method: 'POST'
    readonly path: '/api/auth/me/factors/passkey/options/'
    readonly params: undefined
    readonly query: undefined
    readonly body: undefined
    readonly success: PasskeyCreation
  }
  /** Turn on a passkey */
  readonly enrolPasskey: {
    readonly method: 'POST'
    readonly path: '/api/auth/me/factors/passkey/'
    readonly params: undefined
    readonly query: undefined
    readonly body: PasskeyEnrolment
    readonly success: EnrolledPasskey
  }
  /** List your own remembered devices */
  readonly listRememberedDevices: {
    readonly method: 'GET'
    readonly path: '/api/auth/me/remembered_devices/'
    readonly params: undefined
    readonly query: undefined
    readonly body: undefined
    readonly success: readonly RememberedDevice[]
  }
  /** Forget all your own remembered devices */
  readonly forgetRememberedDevices: {
    readonly method: 'DELETE'
    readonly path: '/api/auth/me/remembered_devices/'
    readonly params: undefined
    readonly query: undefined
    readonly body: undefined
    readonly success: undefined
  }
  /** Forget your own remembered device */
  readonly forgetRememberedDevice: {
    readonly method: 'DELETE'
    readonly path: '/api/auth/me/remembered_devices/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: undefined
  }
  /** List the second factors of a user */
  readonly listFactorsOfUser: {
    readonly method: 'GET'
    readonly path: '/api/auth/users/{id}/factors/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: FactorsOfUser
  }
  /** Remove every second factor of a user */
  readonly resetFactorsOfUser: {
    readonly method: 'DELETE'
    readonly path: '/api/auth/users/{id}/factors/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: {
      /** Why: how its owner was recognised. */
      readonly reason: string
    }
    readonly body: undefined
    readonly success: undefined
  }
  /** Begin to confirm the identity with a passkey */
  readonly stepUpOptions: {
    readonly method: 'POST'
    readonly path: '/api/auth/me/step_up/options/'
    readonly params: undefined
    readonly query: undefined
    readonly body: undefined
    readonly success: PasskeyRequest
  }
  /** Confirm the identity again */
  readonly stepUp: {
    readonly method: 'POST'
    readonly path: '/api/auth/me/step_up/'
    readonly params: undefined
    readonly query: undefined
    readonly body: StepUp
    readonly success: TokenPair
  }
  /** Read your own profile */
  readonly readProfile: {
    readonly method: 'GET'
    readonly path: '/api/auth/me/'
    readonly params: undefined
    readonly query: undefined
    readonly body: undefined
    readonly success: Profile
  }
  /** Change your own name */
  readonly changeProfile: {
    readonly method: 'PATCH'
    readonly path: '/api/auth/me/'
    readonly params: undefined
    readonly query: undefined
    readonly body: ProfileChange
    readonly success: Profile
  }
  /** Close your own account */
  readonly closeAccount: {
    readonly method: 'DELETE'
    readonly path: '/api/auth/me/'
    readonly params: undefined
    readonly query: undefined
    readonly body: undefined
    readonly success: undefined
  }
  /** Download your own data */
  readonly downloadOwnData: {
    readonly method: 'GET'
    readonly path: '/api/auth/me/data/'
    readonly params: undefined
    readonly query: undefined
    readonly body: undefined
    readonly success: OwnData
  }
  /** List your own sessions */
  readonly listOwnSessions: {
    readonly method: 'GET'
    readonly path: '/api/auth/me/sessions/'
    readonly params: undefined
    readonly query: undefined
    readonly body: undefined
    readonly success: readonly OwnSession[]
  }
  /** List the live sessions of a user */
  readonly listSessionsOfUser: {
    readonly method: 'GET'
    readonly path: '/api/auth/me/get_sessions/{user_id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly user_id: number
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: readonly OwnSession[]
  }
  /** End one of your own sessions */
  readonly endOwnSession: {
    readonly method: 'DELETE'
    readonly path: '/api/auth/me/sessions/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: undefined
  }
  /** End your own sessions but this one */
  readonly endOwnOtherSessions: {
    readonly method: 'POST'
    readonly path: '/api/auth/me/sessions/end_others/'
    readonly params: undefined
    readonly query: undefined
    readonly body: undefined
    readonly success: EndedOthers
  }
  /** List sessions */
  readonly listSessions: {
    readonly method: 'GET'
    readonly path: '/api/auth/sessions/'
    readonly params: undefined
    readonly query: {
      /** How many rows one page holds. */
      readonly limit?: number
      /** Where the page starts: taken from `next` or `previous` of another page of the same list. */
      readonly cursor?: string
      /** A column of the row, with `-` before it for descending. Names of people, roles, resources and actions are ordered without regard to case and marks, Latin before Cyrillic. */
      readonly ordering?: string
      /** Whether the answer also says how many rows the list has: `count`. */
      readonly count?: boolean
      /** Only live sessions, or only ended ones. */
      readonly is_active?: boolean
      /** Only sessions of this user. */
      readonly user_id?: number
    }
    readonly body: undefined
    readonly success: SessionPage
  }
  /** Export sessions */
  readonly exportSessions: {
    readonly method: 'GET'
    readonly path: '/api/auth/sessions/export/'
    readonly params: undefined
    readonly query: {
      /** Only live sessions, or only ended ones. */
      readonly is_active?: boolean
      /** Only sessions of this user. */
      readonly user_id?: number
      /** What stands between two cells: `comma` (unless said otherwise), `semicolon` or `tab`, or the character itself. Excel with Russian or German settings opens a table with semicolons. */
      readonly separator?: string
      /** Which columns, with commas between them, in this order: all of them, unless said otherwise. */
      readonly columns?: string
      /** `csv`, unless said otherwise, or `jsonl`: each row as JSON in a line of its own. */
      readonly format?: 'csv' | 'jsonl'
    }
    readonly body: undefined
    readonly success: string
  }
  /** Sign everyone out */
  readonly endAllSessions: {
    readonly method: 'POST'
    readonly path: '/api/auth/sessions/end_all/'
    readonly params: undefined
    readonly query: undefined
    readonly body: EndEverybody
    readonly success: EndedEverybody
  }
  /** Read a session */
  readonly readSession: {
    readonly method: 'GET'
    readonly path: '/api/auth/sessions/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: Session
  }
  /** End a session */
  readonly endSession: {
    readonly method: 'PATCH'
    readonly path: '/api/auth/sessions/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: SessionEnd
    readonly success: Session
  }
  /** End a session */
  readonly deleteSession: {
    readonly method: 'DELETE'
    readonly path: '/api/auth/sessions/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: undefined
  }
  /** End all sessions of a user but this one */
  readonly endOtherSessions: {
    readonly method: 'POST'
    readonly path: '/api/auth/sessions/{id}/end_others/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: EndedOthers
  }
  /** List users */
  readonly listUsers: {
    readonly method: 'GET'
    readonly path: '/api/auth/users/'
    readonly params: undefined
    readonly query: {
      /** How many rows one page holds. */
      readonly limit?: number
      /** Where the page starts: taken from `next` or `previous` of another page of the same list. */
      readonly cursor?: string
      /** A column of the row, with `-` before it for descending. Names of people, roles, resources and actions are ordered without regard to case and marks, Latin before Cyrillic. */
      readonly ordering?: string
      /** Whether the answer also says how many rows the list has: `count`. */
      readonly count?: boolean
      /** Words of an address or a name, in any order and any case. Each is found in the other alphabet, too (`Petrova` finds Петрова), with `е` for `ё`, and, from three letters on, typed in the other keyboard layout. */
      readonly search?: string
      /** Only accounts that are open, or only closed ones. */
      readonly is_active?: boolean
      /** Only holders of the role with this code name. */
      readonly role?: string
    }
    readonly body: undefined
    readonly success: UserPage
  }
  /** Create an account */
  readonly createUser: {
    readonly method: 'POST'
    readonly path: '/api/auth/users/'
    readonly params: undefined
    readonly query: undefined
    readonly body: UserCreate
    readonly success: User
  }
  /** Ask whether accounts could be created */
  readonly checkUsers: {
    readonly method: 'POST'
    readonly path: '/api/auth/users/check/'
    readonly params: undefined
    readonly query: undefined
    readonly body: UsersCheck
    readonly success: UsersChecked
  }
  /** Export users */
  readonly exportUsers: {
    readonly method: 'GET'
    readonly path: '/api/auth/users/export/'
    readonly params: undefined
    readonly query: {
      /** Words of an address or a name, in any order and any case. Each is found in the other alphabet, too (`Petrova` finds Петрова), with `е` for `ё`, and, from three letters on, typed in the other keyboard layout. */
      readonly search?: string
      /** Only accounts that are open, or only closed ones. */
      readonly is_active?: boolean
      /** Only holders of the role with this code name. */
      readonly role?: string
      /** A column of the row, with `-` before it for descending. Names of people, roles, resources and actions are ordered without regard to case and marks, Latin before Cyrillic. */
      readonly ordering?: string
      /** What stands between two cells: `comma` (unless said otherwise), `semicolon` or `tab`, or the character itself. Excel with Russian or German settings opens a table with semicolons. */
      readonly separator?: string
      /** Which columns, with commas between them, in this order: all of them, unless said otherwise. */
      readonly columns?: string
      /** `csv`, unless said otherwise, or `jsonl`: each row as JSON in a line of its own. */
      readonly format?: 'csv' | 'jsonl'
    }
    readonly body: undefined
    readonly success: string
  }
  /** Read a user */
  readonly readUser: {
    readonly method: 'GET'
    readonly path: '/api/auth/users/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: User
  }
  /** Replace a user */
  readonly replaceUser: {
    readonly method: 'PUT'
    readonly path: '/api/auth/users/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: UserReplace
    readonly success: User
  }
  /** Change a user */
  readonly changeUser: {
    readonly method: 'PATCH'
    readonly path: '/api/auth/users/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: UserChange
    readonly success: User
  }
  /** Deactivate an account */
  readonly deactivateUser: {
    readonly method: 'DELETE'
    readonly path: '/api/auth/users/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: undefined
  }
  /** Grant a user one role */
  readonly giveRole: {
    readonly method: 'PUT'
    readonly path: '/api/auth/users/{id}/roles/{code_name}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
      /** The code name of the role. */
      readonly code_name: string
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: undefined
  }
  /** Revoke one role from a user */
  readonly takeRole: {
    readonly method: 'DELETE'
    readonly path: '/api/auth/users/{id}/roles/{code_name}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
      /** The code name of the role. */
      readonly code_name: string
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: undefined
  }
  /** List invitations */
  readonly listInvitations: {
    readonly method: 'GET'
    readonly path: '/api/auth/invitations/'
    readonly params: undefined
    readonly query: {
      /** How many rows one page holds. */
      readonly limit?: number
      /** Where the page starts: taken from `next` or `previous` of another page of the same list. */
      readonly cursor?: string
      /** A column of the row, with `-` before it for descending. Names of people, roles, resources and actions are ordered without regard to case and marks, Latin before Cyrillic. */
      readonly ordering?: string
      /** Parts of a name or address, in any case. */
      readonly search?: string
      /** `pending`: its link and its code work. `accepted`: the account exists. `revoked`: it was taken back. `expired`: its time is over; it can be sent again. */
      readonly state?: 'pending' | 'accepted' | 'revoked' | 'expired'
    }
    readonly body: undefined
    readonly success: InvitationPage
  }
  /** Invite a person */
  readonly invite: {
    readonly method: 'POST'
    readonly path: '/api/auth/invitations/'
    readonly params: undefined
    readonly query: undefined
    readonly body: NewInvitation
    readonly success: SentInvitation
  }
  /** Read an invitation */
  readonly readInvitation: {
    readonly method: 'GET'
    readonly path: '/api/auth/invitations/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: Invitation
  }
  /** Revoke an invitation */
  readonly revokeInvitation: {
    readonly method: 'DELETE'
    readonly path: '/api/auth/invitations/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: undefined
  }
  /** Send an invitation again */
  readonly resendInvitation: {
    readonly method: 'POST'
    readonly path: '/api/auth/invitations/{id}/resend/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: SentInvitation
  }
  /** Read the invitation of an email */
  readonly readOwnInvitation: {
    readonly method: 'POST'
    readonly path: '/api/auth/invitations/read/'
    readonly params: undefined
    readonly query: undefined
    readonly body: Proof
    readonly success: InvitationToRead
  }
  /** Accept an invitation */
  readonly acceptInvitation: {
    readonly method: 'POST'
    readonly path: '/api/auth/invitations/accept/'
    readonly params: undefined
    readonly query: undefined
    readonly body: InvitationAcceptance
    readonly success: AcceptedInvitation
  }
  /** List roles */
  readonly listRoles: {
    readonly method: 'GET'
    readonly path: '/api/auth/roles/'
    readonly params: undefined
    readonly query: {
      /** How many rows one page holds. */
      readonly limit?: number
      /** Where the page starts: taken from `next` or `previous` of another page of the same list. */
      readonly cursor?: string
      /** A column of the row, with `-` before it for descending. Names of people, roles, resources and actions are ordered without regard to case and marks, Latin before Cyrillic. */
      readonly ordering?: string
      /** Parts of a name or address, in any case. */
      readonly search?: string
    }
    readonly body: undefined
    readonly success: RolePage
  }
  /** Create a role */
  readonly createRole: {
    readonly method: 'POST'
    readonly path: '/api/auth/roles/'
    readonly params: undefined
    readonly query: undefined
    readonly body: RoleWrite
    readonly success: Role
  }
  /** Read a role */
  readonly readRole: {
    readonly method: 'GET'
    readonly path: '/api/auth/roles/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: {
      /** Whether to say as well what the rules of rank would refuse the caller about it. */
      readonly refusals?: boolean
    }
    readonly body: undefined
    readonly success: RoleRead
  }
  /** Replace a role */
  readonly replaceRole: {
    readonly method: 'PUT'
    readonly path: '/api/auth/roles/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: RoleReplace
    readonly success: Role
  }
  /** Change a role */
  readonly changeRole: {
    readonly method: 'PATCH'
    readonly path: '/api/auth/roles/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: RolePatch
    readonly success: Role
  }
  /** Delete a role */
  readonly deleteRole: {
    readonly method: 'DELETE'
    readonly path: '/api/auth/roles/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: undefined
  }
  /** Give a role one permission */
  readonly givePermission: {
    readonly method: 'PUT'
    readonly path: '/api/auth/roles/{id}/permissions/{name}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
      /** The permission: `resource:action`. */
      readonly name: string
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: undefined
  }
  /** Take one permission from a role */
  readonly takePermission: {
    readonly method: 'DELETE'
    readonly path: '/api/auth/roles/{id}/permissions/{name}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
      /** The permission: `resource:action`. */
      readonly name: string
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: undefined
  }
  /** List resources */
  readonly listResources: {
    readonly method: 'GET'
    readonly path: '/api/auth/resources/'
    readonly params: undefined
    readonly query: {
      /** How many rows one page holds. */
      readonly limit?: number
      /** Where the page starts: taken from `next` or `previous` of another page of the same list. */
      readonly cursor?: string
      /** A column of the row, with `-` before it for descending. Names of people, roles, resources and actions are ordered without regard to case and marks, Latin before Cyrillic. */
      readonly ordering?: string
      /** Parts of a name or address, in any case. */
      readonly search?: string
    }
    readonly body: undefined
    readonly success: ResourcePage
  }
  /** Create a resource */
  readonly createResource: {
    readonly method: 'POST'
    readonly path: '/api/auth/resources/'
    readonly params: undefined
    readonly query: undefined
    readonly body: ResourceWrite
    readonly success: Resource
  }
  /** Read a resource */
  readonly readResource: {
    readonly method: 'GET'
    readonly path: '/api/auth/resources/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: Resource
  }
  /** Replace a resource */
  readonly replaceResource: {
    readonly method: 'PUT'
    readonly path: '/api/auth/resources/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: ResourceWrite
    readonly success: Resource
  }
  /** Change a resource */
  readonly changeResource: {
    readonly method: 'PATCH'
    readonly path: '/api/auth/resources/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: ResourcePatch
    readonly success: Resource
  }
  /** Delete a resource */
  readonly deleteResource: {
    readonly method: 'DELETE'
    readonly path: '/api/auth/resources/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: undefined
  }
  /** List actions */
  readonly listActions: {
    readonly method: 'GET'
    readonly path: '/api/auth/actions/'
    readonly params: undefined
    readonly query: {
      /** How many rows one page holds. */
      readonly limit?: number
      /** Where the page starts: taken from `next` or `previous` of another page of the same list. */
      readonly cursor?: string
      /** A column of the row, with `-` before it for descending. Names of people, roles, resources and actions are ordered without regard to case and marks, Latin before Cyrillic. */
      readonly ordering?: string
      /** Parts of a name or address, in any case. */
      readonly search?: string
    }
    readonly body: undefined
    readonly success: ActionPage
  }
  /** Create an action */
  readonly createAction: {
    readonly method: 'POST'
    readonly path: '/api/auth/actions/'
    readonly params: undefined
    readonly query: undefined
    readonly body: ActionWrite
    readonly success: Action
  }
  /** Read an action */
  readonly readAction: {
    readonly method: 'GET'
    readonly path: '/api/auth/actions/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: Action
  }
  /** Replace an action */
  readonly replaceAction: {
    readonly method: 'PUT'
    readonly path: '/api/auth/actions/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: ActionWrite
    readonly success: Action
  }
  /** Change an action */
  readonly changeAction: {
    readonly method: 'PATCH'
    readonly path: '/api/auth/actions/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: ActionPatch
    readonly success: Action
  }
  /** Delete an action */
  readonly deleteAction: {
    readonly method: 'DELETE'
    readonly path: '/api/auth/actions/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: undefined
  }
  /** List permissions */
  readonly listPermissions: {
    readonly method: 'GET'
    readonly path: '/api/auth/permissions/'
    readonly params: undefined
    readonly query: {
      /** How many rows one page holds. */
      readonly limit?: number
      /** Where the page starts: taken from `next` or `previous` of another page of the same list. */
      readonly cursor?: string
      /** A column of the row, with `-` before it for descending. Names of people, roles, resources and actions are ordered without regard to case and marks, Latin before Cyrillic. */
      readonly ordering?: string
      /** Parts of a name or address, in any case. */
      readonly search?: string
    }
    readonly body: undefined
    readonly success: PermissionPage
  }
  /** Create a permission */
  readonly createPermission: {
    readonly method: 'POST'
    readonly path: '/api/auth/permissions/'
    readonly params: undefined
    readonly query: undefined
    readonly body: PermissionWrite
    readonly success: Permission
  }
  /** Read a permission */
  readonly readPermission: {
    readonly method: 'GET'
    readonly path: '/api/auth/permissions/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: Permission
  }
  /** Replace a permission */
  readonly replacePermission: {
    readonly method: 'PUT'
    readonly path: '/api/auth/permissions/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: PermissionWrite
    readonly success: Permission
  }
  /** Change a permission */
  readonly changePermission: {
    readonly method: 'PATCH'
    readonly path: '/api/auth/permissions/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: PermissionPatch
    readonly success: Permission
  }
  /** Delete a permission */
  readonly deletePermission: {
    readonly method: 'DELETE'
    readonly path: '/api/auth/permissions/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: undefined
  }
  /** Ask what is allowed */
  readonly checkAccess: {
    readonly method: 'POST'
    readonly path: '/api/auth/access/check/'
    readonly params: undefined
    readonly query: undefined
    readonly body: AccessCheck
    readonly success: AccessChecked
  }
  /** Ask why something is allowed */
  readonly explainAccess: {
    readonly method: 'GET'
    readonly path: '/api/auth/access/explain/'
    readonly params: undefined
    readonly query: {
      /** Whose permissions; the caller’s unless given. Another user’s need `users:read`. */
      readonly user_id?: number
      /** The level of the session that is asked about. Unless given that of the token for oneself, and the lowest for another user. */
      readonly acr?: 'aal1' | 'aal2'
      readonly resource: string
      readonly action: string
      /** Whether to say as well what would turn the decision round; needs `roles:read` and `users:read`, about oneself too. */
      readonly alternatives?: boolean
    }
    readonly body: undefined
    readonly success: AccessExplained
  }
  /** Ask what a user can do */
  readonly effectiveAccess: {
    readonly method: 'GET'
    readonly path: '/api/auth/access/effective/'
    readonly params: undefined
    readonly query: {
      /** Whose permissions; the caller’s unless given. Another user’s need `users:read`. */
      readonly user_id?: number
      /** Whether to list for an inactive account what its roles would give, should it be reactivated. Nothing is allowed to it now. */
      readonly as_if_active?: boolean
    }
    readonly body: undefined
    readonly success: EffectiveAccess
  }
  /** Ask who can do something */
  readonly whoCan: {
    readonly method: 'GET'
    readonly path: '/api/auth/access/who_can/'
    readonly params: undefined
    readonly query: {
      readonly resource: string
      readonly action: string
      /** How many rows one page holds. */
      readonly limit?: number
      /** Where the page starts: taken from `next` or `previous` of another page of the same list. */
      readonly cursor?: string
    }
    readonly body: undefined
    readonly success: CapableUserPage
  }
  /** Ask what changes would change */
  readonly previewAccess: {
    readonly method: 'POST'
    readonly path: '/api/auth/access/preview/'
    readonly params: undefined
    readonly query: undefined
    readonly body: AccessPreview
    readonly success: AccessPreviewed
  }
  /** List API keys */
  readonly listApiKeys: {
    readonly method: 'GET'
    readonly path: '/api/auth/api_keys/'
    readonly params: undefined
    readonly query: {
      /** How many rows one page holds. */
      readonly limit?: number
      /** Where the page starts: taken from `next` or `previous` of another page of the same list. */
      readonly cursor?: string
      /** A column of the row, with `-` before it for descending. Names of people, roles, resources and actions are ordered without regard to case and marks, Latin before Cyrillic. */
      readonly ordering?: string
      /** Parts of a name or address, in any case. */
      readonly search?: string
      readonly owner_id?: number
    }
    readonly body: undefined
    readonly success: ApiKeyPage
  }
  /** Create an API key */
  readonly createApiKey: {
    readonly method: 'POST'
    readonly path: '/api/auth/api_keys/'
    readonly params: undefined
    readonly query: undefined
    readonly body: ApiKeyWrite
    readonly success: ApiKeyWithSecret
  }
  /** Read an API key */
  readonly readApiKey: {
    readonly method: 'GET'
    readonly path: '/api/auth/api_keys/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: ApiKey
  }
  /** Rename an API key, or change its expiry */
  readonly changeApiKey: {
    readonly method: 'PATCH'
    readonly path: '/api/auth/api_keys/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: ApiKeyPatch
    readonly success: ApiKey
  }
  /** Delete an API key */
  readonly deleteApiKey: {
    readonly method: 'DELETE'
    readonly path: '/api/auth/api_keys/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: undefined
  }
  /** Give an API key a new secret */
  readonly rotateApiKey: {
    readonly method: 'POST'
    readonly path: '/api/auth/api_keys/{id}/rotate/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: ApiKeyRotate
    readonly success: ApiKeyWithSecret
  }
  /** List forward-auth rules */
  readonly listForwardRules: {
    readonly method: 'GET'
    readonly path: '/api/auth/forward_rules/'
    readonly params: undefined
    readonly query: {
      /** How many rows one page holds. */
      readonly limit?: number
      /** Where the page starts: taken from `next` or `previous` of another page of the same list. */
      readonly cursor?: string
      /** A column of the row, with `-` before it for descending. Names of people, roles, resources and actions are ordered without regard to case and marks, Latin before Cyrillic. */
      readonly ordering?: string
      /** Parts of a name or address, in any case. */
      readonly search?: string
    }
    readonly body: undefined
    readonly success: ForwardRulePage
  }
  /** Add a forward-auth rule */
  readonly createForwardRule: {
    readonly method: 'POST'
    readonly path: '/api/auth/forward_rules/'
    readonly params: undefined
    readonly query: undefined
    readonly body: ForwardRuleWrite
    readonly success: ForwardRule
  }
  /** Ask which rule would answer */
  readonly findForwardAnswer: {
    readonly method: 'GET'
    readonly path: '/api/auth/forward_rules/answer/'
    readonly params: undefined
    readonly query: {
      readonly host: string
      /** As it stands in the address. */
      readonly path: string
      readonly method?: 'DELETE' | 'GET' | 'HEAD' | 'OPTIONS' | 'PATCH' | 'POST' | 'PUT'
      readonly user_id?: number
      /** The level of the session that is asked about, which has just been proved. */
      readonly acr?: 'aal1' | 'aal2'
    }
    readonly body: undefined
    readonly success: ForwardAnswer
  }
  /** Read a forward-auth rule */
  readonly readForwardRule: {
    readonly method: 'GET'
    readonly path: '/api/auth/forward_rules/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: ForwardRule
  }
  /** Change a forward-auth rule */
  readonly changeForwardRule: {
    readonly method: 'PATCH'
    readonly path: '/api/auth/forward_rules/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: ForwardRulePatch
    readonly success: ForwardRule
  }
  /** Remove a forward-auth rule */
  readonly deleteForwardRule: {
    readonly method: 'DELETE'
    readonly path: '/api/auth/forward_rules/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: undefined
  }
  /** Answer a proxy whether a request can pass */
  readonly forwardAuth: {
    readonly method: 'GET'
    readonly path: '/api/auth/access/forward/'
    readonly params: undefined
    readonly query: {
      /** Whose convention the headers follow. It is never guessed. */
      readonly proxy: 'nginx' | 'traefik' | 'caddy' | 'envoy'
    }
    readonly body: undefined
    readonly success: Forwarded
  }
  /** List counters */
  readonly listThrottleCounters: {
    readonly method: 'GET'
    readonly path: '/api/auth/throttle/'
    readonly params: undefined
    readonly query: {
      /** How many rows one page holds. */
      readonly limit?: number
      /** Where the page starts: taken from `next` or `previous` of another page of the same list. */
      readonly cursor?: string
      /** A column of the row, with `-` before it for descending. Names of people, roles, resources and actions are ordered without regard to case and marks, Latin before Cyrillic. */
      readonly ordering?: string
      /** Parts of a name or address, in any case. */
      readonly search?: string
      /** `account`: guesses at one account. `device`: guesses at one account from where it signed in before. `address`: guesses from one network address (IPv6: a /64). `password`: one password on many accounts. `registration`: accounts opened from one address. `password_change`: changes asked for by one account. `mail_address`, `mail_account`, `mail_inviter`, `mail_network`, `mail_total`: mails asked for to one address, by one account, invitations by one account, mails from one network address, in all. `code_network`: codes of mails typed from one network address. */
      readonly kind?: 'address' | 'account' | 'device' | 'password' | 'registration' | 'password_change' | 'mail_address' | 'mail_account' | 'mail_inviter' | 'mail_network' | 'mail_total' | 'code_network'
      /** Only those with a wait under way, or only the others. */
      readonly is_blocked?: boolean
    }
    readonly body: undefined
    readonly success: ThrottleCounterPage
  }
  /** Read a counter */
  readonly readThrottleCounter: {
    readonly method: 'GET'
    readonly path: '/api/auth/throttle/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: ThrottleCounter
  }
  /** Clear a counter */
  readonly clearThrottleCounter: {
    readonly method: 'DELETE'
    readonly path: '/api/auth/throttle/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: undefined
  }
  /** Read name, colour and logo of the product */
  readonly readBrand: {
    readonly method: 'GET'
    readonly path: '/api/auth/brand/'
    readonly params: undefined
    readonly query: undefined
    readonly body: undefined
    readonly success: Brand
  }
  /** List emails */
  readonly listMails: {
    readonly method: 'GET'
    readonly path: '/api/auth/mail/'
    readonly params: undefined
    readonly query: {
      /** How many rows one page holds. */
      readonly limit?: number
      /** Where the page starts: taken from `next` or `previous` of another page of the same list. */
      readonly cursor?: string
      /** A column of the row, with `-` before it for descending. Names of people, roles, resources and actions are ordered without regard to case and marks, Latin before Cyrillic. */
      readonly ordering?: string
      /** `pending`: it waits for its first or next attempt. `sent`: a mail server took it. `failed`: it was given up. `dropped`: what it brings was used, or is over. */
      readonly state?: 'pending' | 'sent' | 'failed' | 'dropped'
    }
    readonly body: undefined
    readonly success: MailPage
  }
  /** Send a failed email again */
  readonly retryMail: {
    readonly method: 'POST'
    readonly path: '/api/auth/mail/{id}/retry/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: Mail
  }
  /** Read the audit */
  readonly listAuditEvents: {
    readonly method: 'GET'
    readonly path: '/api/auth/audit/'
    readonly params: undefined
    readonly query: {
      /** How many rows one page holds. */
      readonly limit?: number
      /** Where the page starts: taken from `next` or `previous` of another page of the same list. */
      readonly cursor?: string
      /** A column of the row, with `-` before it for descending. Names of people, roles, resources and actions are ordered without regard to case and marks, Latin before Cyrillic. */
      readonly ordering?: string
      /** Only what the user with this id did. */
      readonly actor?: number
      /** One of user.register, user.register_request, user.login, user.login_failed, user.login_step, user.create, user.setup, user.update, user.deactivate, user.erase, user.reactivate, user.password_change, user.password_reset, user.code_request, user.reset_request, user.reset_start, user.email_change_request, user.email_change, user.email_undo, user.disown, user.email_verify, user.email_verify_request, user.step_up, user.step_up_failed, factor.enroll, factor.create, factor.update, factor.delete, factor.recovery_codes, factor.cloned, factor.reset, device.remember, device.forget, session.logout, session.end, session.end_all, session.end_everybody, token.revoke, token.reuse, role.create, role.update, role.delete, resource.create, resource.update, resource.delete, action.create, action.update, action.delete, permission.create, permission.update, permission.delete, api_key.create, api_key.update, api_key.rotate, api_key.delete, invitation.create, invitation.resend, invitation.revoke, invitation.accept, forward_rule.create, forward_rule.update, forward_rule.delete, access.denied, throttle.wait, throttle.clear, key.create, key.rotate, mail.fail, mail.retry, data.export, audit.cut, database.restore, database.demo. */
      readonly action?: string
      /** What it was done to, such as `users/5`. */
      readonly target?: string
      /** Not before this instant (RFC 3339). */
      readonly since?: string
      /** Before this instant (RFC 3339). */
      readonly until?: string
      /** Only what came out so. */
      readonly outcome?: 'success' | 'denied' | 'failure'
      /** Events that belong together: `role_changes` are roles given to people and taken from them; `access_changes` are those and all else that changes who may do what; `incidents` are what an administrator should look at. */
      readonly kind?: 'role_changes' | 'access_changes' | 'incidents'
      /** Only what came from this network address. */
      readonly ip_address?: string
      /** Words, each of them in the details, the address, the target, or a name of who did it or of whom or what it was done to; in any case. Of the events that fit the other filters the newest 100,000 are searched: for older ones give `until`. */
      readonly search?: string
    }
    readonly body: undefined
    readonly success: AuditPage
  }
  /** Export the audit */
  readonly exportAuditEvents: {
    readonly method: 'GET'
    readonly path: '/api/auth/audit/export/'
    readonly params: undefined
    readonly query: {
      /** Only what the user with this id did. */
      readonly actor?: number
      /** One of user.register, user.register_request, user.login, user.login_failed, user.login_step, user.create, user.setup, user.update, user.deactivate, user.erase, user.reactivate, user.password_change, user.password_reset, user.code_request, user.reset_request, user.reset_start, user.email_change_request, user.email_change, user.email_undo, user.disown, user.email_verify, user.email_verify_request, user.step_up, user.step_up_failed, factor.enroll, factor.create, factor.update, factor.delete, factor.recovery_codes, factor.cloned, factor.reset, device.remember, device.forget, session.logout, session.end, session.end_all, session.end_everybody, token.revoke, token.reuse, role.create, role.update, role.delete, resource.create, resource.update, resource.delete, action.create, action.update, action.delete, permission.create, permission.update, permission.delete, api_key.create, api_key.update, api_key.rotate, api_key.delete, invitation.create, invitation.resend, invitation.revoke, invitation.accept, forward_rule.create, forward_rule.update, forward_rule.delete, access.denied, throttle.wait, throttle.clear, key.create, key.rotate, mail.fail, mail.retry, data.export, audit.cut, database.restore, database.demo. */
      readonly action?: string
      /** What it was done to, such as `users/5`. */
      readonly target?: string
      /** Not before this instant (RFC 3339). */
      readonly since?: string
      /** Before this instant (RFC 3339). */
      readonly until?: string
      /** Only what came out so. */
      readonly outcome?: 'success' | 'denied' | 'failure'
      /** Events that belong together: `role_changes` are roles given to people and taken from them; `access_changes` are those and all else that changes who may do what; `incidents` are what an administrator should look at. */
      readonly kind?: 'role_changes' | 'access_changes' | 'incidents'
      /** Only what came from this network address. */
      readonly ip_address?: string
      /** Words, each of them in the details, the address, the target, or a name of who did it or of whom or what it was done to; in any case. Of the events that fit the other filters the newest 100,000 are searched: for older ones give `until`. */
      readonly search?: string
      /** What stands between two cells: `comma` (unless said otherwise), `semicolon` or `tab`, or the character itself. Excel with Russian or German settings opens a table with semicolons. */
      readonly separator?: string
      /** Which columns, with commas between them, in this order: all of them, unless said otherwise. */
      readonly columns?: string
      /** `csv`, unless said otherwise, or `jsonl`: each row as JSON in a line of its own. */
      readonly format?: 'csv' | 'jsonl'
    }
    readonly body: undefined
    readonly success: string
  }
  /** Read an event of the audit */
  readonly readAuditEvent: {
    readonly method: 'GET'
    readonly path: '/api/auth/audit/{id}/'
    readonly params: {
      /** An id, as another answer has shown it. */
      readonly id: number
    }
    readonly query: undefined
    readonly body: undefined
    readonly success: AuditEvent
  }
  /** Read what happened to your own account */
  readonly listOwnEvents: {
    readonly method: 'GET'
    readonly path: '/api/auth/me/events/'
    readonly params: undefined
    readonly query: {
      /** How many rows one page holds. */
      readonly limit?: number
      /** Where the page starts: taken from `next` or `previous` of another page of the same list. */
      readonly cursor?: string
      /** A column of the row, with `-` before it for descending. Names of people, roles, resources and actions are ordered without regard to case and marks, Latin before Cyrillic. */
      readonly ordering?: string
    }
    readonly body: undefined
    readonly success: OwnEventPage
  }
  /** Count what happened */
  readonly readStatistics: {
    readonly method: 'GET'
    readonly path: '/api/auth/statistics/'
    readonly params: undefined
    readonly query: {
      /** How far back, the hour or day under way included. */
      readonly hours?: number
    }
    readonly body: undefined
    readonly success: Statistics
  }
  /** List the signing keys */
  readonly listSigningKeys: {
    readonly method: 'GET'
    readonly path: '/api/auth/server/keys/'
    readonly params: undefined
    readonly query: undefined
    readonly body: undefined
    readonly success: readonly SigningKey[]
  }
  /** Rotate the signing keys */
  readonly rotateSigningKeys: {
    readonly method: 'POST'
    readonly path: '/api/auth/server/keys/rotate/'
    readonly params: undefined
    readonly query: undefined
    readonly body: SigningKeyRotation
    readonly success: SigningKey
  }
  /** Read the settings */
  readonly readServerSettings: {
    readonly method: 'GET'
    readonly path: '/api/auth/server/settings/'
    readonly params: undefined
    readonly query: undefined
    readonly body: undefined
    readonly success: ServerSettings
  }
  /** List the nodes */
  readonly listNodes: {
    readonly method: 'GET'
    readonly path: '/api/auth/server/nodes/'
    readonly params: undefined
    readonly query: undefined
    readonly body: undefined
    readonly success: readonly Node[]
  }
  /** Follow events */
  readonly followEvents: {
    readonly method: 'GET'
    readonly path: '/api/auth/events/'
    readonly params: undefined
    readonly query: undefined
    readonly body: undefined
    readonly success: string
  }
  /** Follow the changes that a gate needs */
  readonly followChanges: {
    readonly method: 'GET'
    readonly path: '/api/auth/changes/'
    readonly params: undefined
    readonly query: {
      /** A cursor. The answer is JSON. */
      readonly after?: string
      /** How long to wait for a change, `0s` to `30s`. The answer is JSON. */
      readonly wait?: string
    }
    readonly body: undefined
    readonly success: string
  }
  /** What this server offers to OAuth clients */
  readonly getAuthorizationServerMetadata: {
    readonly method: 'GET'
    readonly path: '/.well-known/oauth-authorization-server'
    readonly params: undefined
    readonly query: undefined
    readonly body: undefined
    readonly success: AuthorizationServerMetadata
  }
  /** What this server offers of AuthZEN */
  readonly getAuthzenConfiguration: {
    readonly method: 'GET'
    readonly path: '/.well-known/authzen-configuration'
    readonly params: undefined
    readonly query: undefined
    readonly body: undefined
    readonly success: AuthzenConfiguration
  }
  /** Ask for a decision */
  readonly evaluateAccess: {
    readonly method: 'POST'
    readonly path: '/access/v1/evaluation'
    readonly params: undefined
    readonly query: undefined
    readonly body: AuthzenEvaluation
    readonly success: AuthzenDecision
  }
  /** Ask for many decisions */
  readonly evaluateAccesses: {
    readonly method: 'POST'
    readonly path: '/access/v1/evaluations'
    readonly params: undefined
    readonly query: undefined
    readonly body: AuthzenEvaluations
    readonly success: AuthzenDecisions
  }
  /** Ask who can do something */
  readonly searchSubjects: {
    readonly method: 'POST'
    readonly path: '/access/v1/search/subject'
    readonly params: undefined
    readonly query: undefined
    readonly body: AuthzenSubjectSearch
    readonly success: AuthzenFoundSubjects
  }
  /** Ask what a user can do */
  readonly searchActions: {
    readonly method: 'POST'
    readonly path: '/access/v1/search/action'
    readonly params: undefined
    readonly query: undefined
    readonly body: AuthzenActionSearch
    readonly success: AuthzenFoundActions
  }
  /** The public keys */
  readonly getKeySet: {
    readonly method: 'GET'
    readonly path: '/.well-known/jwks.json'
    readonly params: undefined
    readonly query: undefined
    readonly body: undefined
    readonly success: {
      readonly keys: ReadonlyArray<Readonly<Record<string, unknown>>>
    }
  }
  /** Is the process alive */
  readonly getLiveness: {
    readonly method: 'GET'
    readonly path: '/health/live'
    readonly params: undefined
    readonly query: undefined
    readonly body: undefined
    readonly success: {
      readonly status?: string
    }
  }
  /** Can the server answer */
  readonly getReadiness: {
    readonly method: 'GET'
    readonly path: '/health/ready'
    readonly params: undefined
    readonly query: undefined
    readonly body: undefined
    readonly success: {
      readonly status: 'ok' | 'unavailable'
      readonly checks: Readonly<Record<string, string>>
    }
  }
  /** Metrics */
  readonly getMetrics: {
    readonly method: 'GET'
    readonly path: '/metrics'
    readonly params: undefined
    readonly query: undefined
    readonly body: undefined
    readonly success: string
  }
  /** This document */
  readonly getOpenApi: {
    readonly method: 'GET'
    readonly path: '/openapi.json'
    readonly params: undefined
    readonly query: undefined
    readonly body: undefined
    readonly success: Readonly<Record<string, unknown>>
  }
  /** This document, to try out */
  readonly getSwagger: {
    readonly method: 'GET'
    readonly path: '/swagger/'
    readonly params: undefined
    readonly query: undefined
    readonly body: undefined
    readonly success: string
  }
  /** This document, to read */
  readonly getRedoc: {
    readonly method: 'GET'
    readonly path: '/redoc/'
    readonly params: undefined
    readonly query: undefined
    readonly body: undefined
    readonly success: string
  }
}

export type OperationId = keyof Operations

/** Where each operation is, and which take and give a device token. */
export const operations = {
  register: { method: 'POST', path: '/api/auth/register/', usesDevice: true },
  login: { method: 'POST', path: '/api/auth/login/', usesDevice: true },
  logInByFactor: { method: 'POST', path: '/api/auth/login/factor/', usesDevice: true },
  logInByPasskey: { method: 'POST', path: '/api/auth/login/passkey/', usesDevice: true },
  logInByCode: { method: 'POST', path: '/api/auth/login/code/', usesDevice: true },
  registerInBrowser: { method: 'POST', path: '/api/auth/browser/register/' },
  logInInBrowser: { method: 'POST', path: '/api/auth/browser/login/' },
  logInByFactorInBrowser: { method: 'POST', path: '/api/auth/browser/login/factor/' },
  logInByPasskeyInBrowser: { method: 'POST', path: '/api/auth/browser/login/passkey/' },
  refreshInBrowser: { method: 'POST', path: '/api/auth/browser/refresh/' },
  readSessionEndInBrowser: { method: 'POST', path: '/api/auth/browser/session/' },
  stepUpInBrowser: { method: 'POST', path: '/api/auth/browser/step_up/' },
  logOutInBrowser: { method: 'POST', path: '/api/auth/browser/logout/' },
  logInByCodeInBrowser: { method: 'POST', path: '/api/auth/browser/login/code/' },
  enterForward: { method: 'POST', path: '/api/auth/browser/forward/' },
  makeFirstSuperuser: { method: 'POST', path: '/api/auth/setup/' },
  changePassword: { method: 'POST', path: '/api/auth/me/password/', usesDevice: true },
  passkeySignInOptions: { method: 'POST', path: '/api/auth/login/passkey/options/' },
  requestLoginCode: { method: 'POST', path: '/api/auth/login/code/request/' },
  readSignInOptions: { method: 'GET', path: '/api/auth/sign_in/options/' },
  checkSetupLink: { method: 'POST', path: '/api/auth/setup/check/' },
  refreshTokens: { method: 'POST', path: '/api/auth/token/refresh/' },
  revokeToken: { method: 'POST', path: '/api/auth/token/revoke/' },
  logout: { method: 'POST', path: '/api/auth/logout/' },
  revokeAllTokens: { method: 'POST', path: '/api/auth/token/revoke_all/' },
  revokeAllTokensOfUser: { method: 'POST', path: '/api/auth/token/revoke_all/{user_id}/' },
  requestPasswordReset: { method: 'POST', path: '/api/auth/password/reset/request/' },
  resetPasskeyOptions: { method: 'POST', path: '/api/auth/password/reset/options/' },
  resetPassword: { method: 'POST', path: '/api/auth/password/reset/' },
  verifyEmail: { method: 'POST', path: '/api/auth/email/verify/' },
  requestEmailVerification: { method: 'POST', path: '/api/auth/me/email/verify/' },
  requestEmailChange: { method: 'POST', path: '/api/auth/me/email/' },
  confirmEmailChange: { method: 'POST', path: '/api/auth/me/email/confirm/' },
  undoEmailChange: { method: 'POST', path: '/api/auth/email/undo/' },
  reportNotMe: { method: 'POST', path: '/api/auth/security/not_me/' },
  resetPasswordOfUser: { method: 'POST', path: '/api/auth/users/{id}/password/reset/' },
  listOwnFactors: { method: 'GET', path: '/api/auth/me/factors/' },
  enrolTotp: { method: 'POST', path: '/api/auth/me/factors/totp/' },
  confirmTotp: { method: 'POST', path: '/api/auth/me/factors/totp/confirm/' },
  replaceRecoveryCodes: { method: 'POST', path: '/api/auth/me/factors/recovery/' },
  renameOwnFactor: { method: 'PATCH', path: '/api/auth/me/factors/{id}/' },
  removeOwnFactor: { method: 'DELETE', path: '/api/auth/me/factors/{id}/' },
  passkeyCreationOptions: { method: 'POST', path: '/api/auth/me/factors/passkey/options/' },
  enrolPasskey: { method: 'POST', path: '/api/auth/me/factors/passkey/' },
  listRememberedDevices: { method: 'GET', path: '/api/auth/me/remembered_devices/' },
  forgetRememberedDevices: { method: 'DELETE', path: '/api/auth/me/remembered_devices/' },
  forgetRememberedDevice: { method: 'DELETE', path: '/api/auth/me/remembered_devices/{id}/' },
  listFactorsOfUser: { method: 'GET', path: '/api/auth/users/{id}/factors/' },
  resetFactorsOfUser: { method: 'DELETE', path: '/api/auth/users/{id}/factors/' },
  stepUpOptions: { method: 'POST', path: '/api/auth/me/step_up/options/' },
  stepUp: { method: 'POST', path: '/api/auth/me/step_up/' },
  readProfile: { method: 'GET', path: '/api/auth/me/' },
  changeProfile: { method: 'PATCH', path: '/api/auth/me/' },
  closeAccount: { method: 'DELETE', path: '/api/auth/me/' },
  downloadOwnData: { method: 'GET', path: '/api/auth/me/data/' },
  listOwnSessions: { method: 'GET', path: '/api/auth/me/sessions/' },
  listSessionsOfUser: { method: 'GET', path: '/api/auth/me/get_sessions/{user_id}/' },
  endOwnSession: { method: 'DELETE', path: '/api/auth/me/sessions/{id}/' },
  endOwnOtherSessions: { method: 'POST', path: '/api/auth/me/sessions/end_others/' },
  listSessions: { method: 'GET', path: '/api/auth/sessions/' },
  exportSessions: { method: 'GET', path: '/api/auth/sessions/export/' },
  endAllSessions: { method: 'POST', path: '/api/auth/sessions/end_all/' },
  readSession: { method: 'GET', path: '/api/auth/sessions/{id}/' },
  endSession: { method: 'PATCH', path: '/api/auth/sessions/{id}/' },
  deleteSession: { method: 'DELETE', path: '/api/auth/sessions/{id}/' },
  endOtherSessions: { method: 'POST', path: '/api/auth/sessions/{id}/end_others/' },
  listUsers: { method: 'GET', path: '/api/auth/users/' },
  createUser: { method: 'POST', path: '/api/auth/users/' },
  checkUsers: { method: 'POST', path: '/api/auth/users/check/' },
  exportUsers: { method: 'GET', path: '/api/auth/users/export/' },
  readUser: { method: 'GET', path: '/api/auth/users/{id}/' },
  replaceUser: { method: 'PUT', path: '/api/auth/users/{id}/' },
  changeUser: { method: 'PATCH', path: '/api/auth/users/{id}/' },
  deactivateUser: { method: 'DELETE', path: '/api/auth/users/{id}/' },
  giveRole: { method: 'PUT', path: '/api/auth/users/{id}/roles/{code_name}/' },
  takeRole: { method: 'DELETE', path: '/api/auth/users/{id}/roles/{code_name}/' },
  listInvitations: { method: 'GET', path: '/api/auth/invitations/' },
  invite: { method: 'POST', path: '/api/auth/invitations/' },
  readInvitation: { method: 'GET', path: '/api/auth/invitations/{id}/' },
  revokeInvitation: { method: 'DELETE', path: '/api/auth/invitations/{id}/' },
  resendInvitation: { method: 'POST', path: '/api/auth/invitations/{id}/resend/' },
  readOwnInvitation: { method: 'POST', path: '/api/auth/invitations/read/' },
  acceptInvitation: { method: 'POST', path: '/api/auth/invitations/accept/' },
  listRoles: { method: 'GET', path: '/api/auth/roles/' },
  createRole: { method: 'POST', path: '/api/auth/roles/' },
  readRole: { method: 'GET', path: '/api/auth/roles/{id}/' },
  replaceRole: { method: 'PUT', path: '/api/auth/roles/{id}/' },
  changeRole: { method: 'PATCH', path: '/api/auth/roles/{id}/' },
  deleteRole: { method: 'DELETE', path: '/api/auth/roles/{id}/' },
  givePermission: { method: 'PUT', path: '/api/auth/roles/{id}/permissions/{name}/' },
  takePermission: { method: 'DELETE', path: '/api/auth/roles/{id}/permissions/{name}/' },
  listResources: { method: 'GET', path: '/api/auth/resources/' },
  createResource: { method: 'POST', path: '/api/auth/resources/' },
  readResource: { method: 'GET', path: '/api/auth/resources/{id}/' },
  replaceResource: { method: 'PUT', path: '/api/auth/resources/{id}/' },
  changeResource: { method: 'PATCH', path: '/api/auth/resources/{id}/' },
  deleteResource: { method: 'DELETE', path: '/api/auth/resources/{id}/' },
  listActions: { method: 'GET', path: '/api/auth/actions/' },
  createAction: { method: 'POST', path: '/api/auth/actions/' },
  readAction: { method: 'GET', path: '/api/auth/actions/{id}/' },
  replaceAction: { method: 'PUT', path: '/api/auth/actions/{id}/' },
  changeAction: { method: 'PATCH', path: '/api/auth/actions/{id}/' },
  deleteAction: { method: 'DELETE', path: '/api/auth/actions/{id}/' },
  listPermissions: { method: 'GET', path: '/api/auth/permissions/' },
  createPermission: { method: 'POST', path: '/api/auth/permissions/' },
  readPermission: { method: 'GET', path: '/api/auth/permissions/{id}/' },
  replacePermission: { method: 'PUT', path: '/api/auth/permissions/{id}/' },
  changePermission: { method: 'PATCH', path: '/api/auth/permissions/{id}/' },
  deletePermission: { method: 'DELETE', path: '/api/auth/permissions/{id}/' },
  checkAccess: { method: 'POST', path: '/api/auth/access/check/' },
  explainAccess: { method: 'GET', path: '/api/auth/access/explain/' },
  effectiveAccess: { method: 'GET', path: '/api/auth/access/effective/' },
  whoCan: { method: 'GET', path: '/api/auth/access/who_can/' },
  previewAccess: { method: 'POST', path: '/api/auth/access/preview/' },
  listApiKeys: { method: 'GET', path: '/api/auth/api_keys/' },
  createApiKey: { method: 'POST', path: '/api/auth/api_keys/' },
  readApiKey: { method: 'GET', path: '/api/auth/api_keys/{id}/' },
  changeApiKey: { method: 'PATCH', path: '/api/auth/api_keys/{id}/' },
  deleteApiKey: { method: 'DELETE', path: '/api/auth/api_keys/{id}/' },
  rotateApiKey: { method: 'POST', path: '/api/auth/api_keys/{id}/rotate/' },
  listForwardRules: { method: 'GET', path: '/api/auth/forward_rules/' },
  createForwardRule: { method: 'POST', path: '/api/auth/forward_rules/' },
  findForwardAnswer: { method: 'GET', path: '/api/auth/forward_rules/answer/' },
  readForwardRule: { method: 'GET', path: '/api/auth/forward_rules/{id}/' },
  changeForwardRule: { method: 'PATCH', path: '/api/auth/forward_rules/{id}/' },
  deleteForwardRule: { method: 'DELETE', path: '/api/auth/forward_rules/{id}/' },
  forwardAuth: { method: 'GET', path: '/api/auth/access/forward/' },
  listThrottleCounters: { method: 'GET', path: '/api/auth/throttle/' },
  readThrottleCounter: { method: 'GET', path: '/api/auth/throttle/{id}/' },
  clearThrottleCounter: { method: 'DELETE', path: '/api/auth/throttle/{id}/' },
  readBrand: { method: 'GET', path: '/api/auth/brand/' },
  listMails: { method: 'GET', path: '/api/auth/mail/' },
  retryMail: { method: 'POST', path: '/api/auth/mail/{id}/retry/' },
  listAuditEvents: { method: 'GET', path: '/api/auth/audit/' },
  exportAuditEvents: { method: 'GET', path: '/api/auth/audit/export/' },
  readAuditEvent: { method: 'GET', path: '/api/auth/audit/{id}/' },
  listOwnEvents: { method: 'GET', path: '/api/auth/me/events/' },
  readStatistics: { method: 'GET', path: '/api/auth/statistics/' },
  listSigningKeys: { method: 'GET', path: '/api/auth/server/keys/' },
  rotateSigningKeys: { method: 'POST', path: '/api/auth/server/keys/rotate/' },
  readServerSettings: { method: 'GET', path: '/api/auth/server/settings/' },
  listNodes: { method: 'GET', path: '/api/auth/server/nodes/' },
  followEvents: { method: 'GET', path: '/api/auth/events/' },
  followChanges: { method: 'GET', path: '/api/auth/changes/' },
  getAuthorizationServerMetadata: { method: 'GET', path: '/.well-known/oauth-authorization-server' },
  getAuthzenConfiguration: { method: 'GET', path: '/.well-known/authzen-configuration' },
  evaluateAccess: { method: 'POST', path: '/access/v1/evaluation' },
  evaluateAccesses: { method: 'POST', path: '/access/v1/evaluations' },
  searchSubjects: { method: 'POST', path: '/access/v1/search/subject' },
  searchActions: { method: 'POST', path: '/access/v1/search/action' },
  getKeySet: { method: 'GET', path: '/.well-known/jwks.json' },
  getLiveness: { method: 'GET', path: '/health/live' },
  getReadiness: { method: 'GET', path: '/health/ready' },
  getMetrics: { method: 'GET', path: '/metrics' },
  getOpenApi: { method: 'GET', path: '/openapi.json' },
  getSwagger: { method: 'GET', path: '/swagger/' },
  getRedoc: { method: 'GET', path: '/redoc/' },
} as const satisfies { readonly [Id in OperationId]: Pick<Operations[Id], 'method' | 'path'> & { usesDevice?: true } }
