import { stepUpChallenge } from '@propusk/gate/core'
import {
  type Locale,
  type Message,
  message,
  type Rejection,
  type RejectionCode,
  render,
} from '../kernel/index.ts'

/** Every `code` that an answer can carry: the rejections of the domain, and what only the transport can meet. */
export type ProblemCode = RejectionCode | 'request_timeout' | 'headers_too_large' | 'internal_error'

/** The only place with the status codes of rejections. */
export const statusOf = {
  invalid_request: 400,
  not_authenticated: 401,
  invalid_token: 401,
  invalid_credentials: 401,
  invalid_refresh_token: 401,
  insufficient_user_authentication: 401,
  permission_denied: 403,
  registration_closed: 403,
  cross_site_request: 403,
  not_found: 404,
  mail_not_configured: 404,
  method_not_allowed: 405,
  request_timeout: 408,
  conflict: 409,
  precondition_failed: 412,
  too_large: 413,
  unsupported_media_type: 415,
  too_many_requests: 429,
  headers_too_large: 431,
  internal_error: 500,
  unavailable: 503,
} as const satisfies Record<ProblemCode, number>

export const problemMediaType = 'application/problem+json'

/**
 * RFC 9457 section 3, with extension members: `code`, `errors`, and what RFC 9470 puts into the challenge, which a script
 * of another origin cannot read.
 */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: ProblemCode
  readonly instance: string
  readonly errors?: Record<string, string[]>
  readonly acr_values?: string
  readonly max_age?: number
}

/** RFC 9457 section 3.1.1 wants a URI that stays; this one does not change with the host that answers. */
const problemType = (code: ProblemCode): string => `urn:propusk:problem:${code}`

/** Why a request is answered with a problem: a rejection of the domain, or a fault of the transport. */
export type ProblemCause = Pick<Rejection, 'detail' | 'errors' | 'retryAfterSeconds' | 'stepUp'> & {
  readonly code: ProblemCode
}

export const transportProblem = (code: ProblemCode): ProblemCause => ({
  code,
  detail: undefined,
  errors: undefined,
  retryAfterSeconds: undefined,
  stepUp: undefined,
})

export function toProblem(cause: ProblemCause, locale: Locale, requestId: string): Problem {
  const detail = cause.detail ?? message(`rejection.${cause.code}`)
  return {
    type: problemType(cause.code),
    title: render(locale, message(`title.${cause.code}`)),
    status: statusOf[cause.code],
    detail: render(locale, detail),
    code: cause.code,
    instance: `urn:uuid:${requestId}`,
    ...(cause.errors && { errors: renderErrors(cause.errors, locale) }),
    ...(cause.stepUp && {
      acr_values: cause.stepUp.acr,
      ...(cause.stepUp.maxAgeSeconds !== undefined && { max_age: cause.stepUp.maxAgeSeconds }),
    }),
  }
}

function renderErrors(errors: Readonly<Record<string, readonly Message[]>>, locale: Locale) {
  // No prototype: a field of the caller's may be called `__proto__`.
  const rendered: Record<string, string[]> = Object.create(null)
  for (const [field, messages] of Object.entries(errors)) {
    rendered[field] = messages.map(each => render(locale, each))
  }
  return rendered
}

/** The headers that a problem carries beside its body. */
export function problemHeaders(cause: ProblemCause, locale: Locale): Record<string, string> {
  const headers: Record<string, string> = {
    'content-type': `${problemMediaType}; charset=utf-8`,
    'content-language': locale,
    'cache-control': 'no-store',
  }
  const challenge = cause.stepUp ? stepUpChallenge(cause.stepUp, 'propusk') : challengeOf(cause.code)
  if (challenge !== undefined) headers['www-authenticate'] = challenge
  const retryAfterSeconds = cause.retryAfterSeconds ?? defaultRetrySeconds(cause.code)
  if (retryAfterSeconds !== undefined)
    headers['retry-after'] = String(Math.max(1, Math.ceil(retryAfterSeconds)))
  // RFC 9110 section 15.5.16: the answer says which content codings would have been taken.
  if (cause.code === 'unsupported_media_type') headers['accept-encoding'] = 'identity'
  return headers
}

/** RFC 9110 section 11.6.1 asks for a challenge on every 401; RFC 6750 section 3.1 says what it tells. */
export function challengeOf(code: ProblemCode): string | undefined {
  if (statusOf[code] !== 401) return undefined
  return code === 'invalid_token'
    ? 'Bearer realm="propusk", error="invalid_token", error_description="The access token is expired, revoked or malformed"'
    : 'Bearer realm="propusk"'
}

/** A 429 and a 503 always say when to come back, also where the rejection does not know it better. */
const defaultRetrySeconds = (code: ProblemCode): number | undefined =>
  code === 'unavailable' || code === 'too_many_requests' ? 1 : undefined
