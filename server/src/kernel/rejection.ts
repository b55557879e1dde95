import type { PermissionName } from './ids.ts'
import { type Message, message } from './messages/message.ts'

/** Every reason for which the server says no. Codes are never renamed and never reused. */
export const rejectionCodes = [
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
  'conflict',
  'precondition_failed',
  'too_large',
  'unsupported_media_type',
  'too_many_requests',
  'unavailable',
] as const

export type RejectionCode = (typeof rejectionCodes)[number]

/** Messages by field, in the order in which they were found. A nested field is written `checks.0.action`. */
export type FieldErrors = Readonly<Record<string, readonly Message[]>>

/** What is asked of the authentication of a caller (RFC 9470): a level, and how long ago it was at most. */
export interface StepUpDemand {
  readonly acr: 'aal1' | 'aal2'
  readonly maxAgeSeconds?: number
}

interface RejectionOptions {
  /** Public: what is wrong and what to do. Without it the code's own sentence is shown. */
  detail?: Message
  errors?: FieldErrors
  retryAfterSeconds?: number
  /** Of `insufficient_user_authentication`. */
  stepUp?: StepUpDemand
  /** Private: goes to the log, never to the wire. */
  cause?: unknown
}

/**
 * A «no» that belongs to the domain. The HTTP layer gives it a status and a language; anything else
 * that is thrown is a fault and becomes an opaque 500.
 */
export class Rejection extends Error {
  readonly code: RejectionCode
  readonly detail: Message | undefined
  readonly errors: FieldErrors | undefined
  readonly retryAfterSeconds: number | undefined
  readonly stepUp: StepUpDemand | undefined

  constructor(code: RejectionCode, options: RejectionOptions = {}) {
    super(code, { cause: options.cause })
    this.name = 'Rejection'
    this.code = code
    this.detail = options.detail
    this.errors = options.errors
    this.retryAfterSeconds = options.retryAfterSeconds
    this.stepUp = options.stepUp
  }
}

/** A 400 about one field. */
export const invalidField = (field: string, ...messages: Message[]): Rejection =>
  new Rejection('invalid_request', { errors: { [field]: messages } })

/** A 409 about one field whose value is taken. */
export const takenField = (field: string, taken: Message): Rejection =>
  new Rejection('conflict', { errors: { [field]: [taken] } })

/**
 * What must still hold of a row when it is written: throws the Rejection `precondition_failed` where the caller has not
 * seen it as it stands. INVARIANT: asked in the transaction of the write, about the row that it has locked.
 */
export type Precondition<State> = (current: State) => void

/** Why a caller is refused who must show a second factor for it. */
export const needsFactor = (): Rejection =>
  new Rejection('insufficient_user_authentication', { stepUp: { acr: 'aal2' } })

/** A 403 that names the permission which would have been needed. */
export const missingPermission = (permission: PermissionName): Rejection =>
  new Rejection('permission_denied', { detail: message('permission.missing', { permission }) })
