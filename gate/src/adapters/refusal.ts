import { type AuthenticationRequirement, stepUpChallenge } from '../step-up.ts'
import type { Refused, VerdictReason } from '../verdict.ts'

/** RFC 9457 section 3 in the server's form, with `code` as an extension member. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: string
  readonly instance: string
  /** What a 401 `insufficient_user_authentication` asks for, as in its challenge: a page of another origin cannot read that. */
  readonly acr_values?: AuthenticationRequirement['acr']
  /** In seconds. */
  readonly max_age?: number
}

/** What a refused caller is answered with. */
export interface Refusal {
  readonly status: Refused['status']
  readonly headers: Readonly<Record<string, string>>
  readonly problem: Problem
  /** For logs: the caller is told less. */
  readonly because: readonly VerdictReason[]
}

export interface Responding {
  readonly realm: string
  /** Where the metadata of RFC 9728 stand. */
  readonly metadataUrl: string | undefined
}

const problems = {
  not_authenticated: {
    title: 'Not signed in',
    status: 401,
    detail: 'Send an access token: Authorization: Bearer <token>.',
  },
  invalid_token: {
    title: 'Token is no longer valid',
    status: 401,
    detail: 'The access token is no longer valid. Refresh it or sign in again.',
  },
  insufficient_user_authentication: {
    title: 'A newer sign-in is needed',
    status: 401,
    detail:
      'Confirm that it is you: with your second factor, or with your password if no second factor is on.',
  },
  permission_denied: {
    title: 'Not permitted',
    status: 403,
    detail: 'You are not permitted to do this.',
  },
  unavailable: {
    title: 'Unavailable',
    status: 503,
    detail: 'The server cannot answer for certain right now. Try again in a moment.',
  },
} as const

type Code = keyof typeof problems

/** By the first reason: what is wrong with the token, the permission, or the knowledge. */
export function refusalOf(verdict: Refused, permission: string, responding: Responding): Refusal {
  const { status, because } = verdict
  const { stepUp } = because.find(reason => 'stepUp' in reason) ?? {}
  if (stepUp !== undefined)
    return refusal('insufficient_user_authentication', responding, { because, stepUp })
  if (status === 401) return refusal('invalid_token', responding, { because })
  if (status === 503) return refusal('unavailable', responding, { because })
  const detail = because.some(reason => 'unknown' in reason)
    ? `There is no permission ${permission}: the resource or the action is unknown.`
    : `You need the permission ${permission}.`
  return refusal('permission_denied', responding, { because, detail })
}

/** RFC 6750 section 3.1: a request without a token is told of no error. */
export const withoutToken = (responding: Responding): Refusal =>
  refusal('not_authenticated', responding, { because: [] })

/** A key is for programs, and only the server can check one (ADR 38). */
export const apiKeyRefusal = (responding: Responding): Refusal =>
  refusal('invalid_token', responding, {
    because: [{ token: 'malformed' }],
    detail: 'This is an API key. This service takes access tokens only: sign in to get one.',
  })

interface Particulars {
  readonly because: Refusal['because']
  readonly detail?: string
  readonly stepUp?: AuthenticationRequirement
}

function refusal(code: Code, responding: Responding, { because, detail, stepUp }: Particulars): Refusal {
  const known = problems[code]
  const { acr, maxAgeSeconds } = stepUp ?? {}
  return {
    status: known.status,
    headers: headersOf(code, challengeOf(code, responding, stepUp)),
    problem: {
      type: `urn:propusk:problem:${code}`,
      ...known,
      ...(detail !== undefined && { detail }),
      code,
      instance: `urn:uuid:${crypto.randomUUID()}`,
      ...(acr !== undefined && { acr_values: acr }),
      ...(maxAgeSeconds !== undefined && { max_age: maxAgeSeconds }),
    },
    because,
  }
}

function headersOf(code: Code, challenge: string | undefined): Record<string, string> {
  return {
    'content-type': 'application/problem+json; charset=utf-8',
    'content-language': 'en',
    'cache-control': 'no-store',
    ...(challenge !== undefined && { 'www-authenticate': challenge }),
    // RFC 9110 section 10.2.3, in seconds: beats of the feed come each second.
    ...(code === 'unavailable' && { 'retry-after': '1' }),
  }
}

/** RFC 6750 section 3, RFC 9470 section 3 and RFC 9728 section 5.1. A 503 says nothing about the token. */
function challengeOf(
  code: Code,
  { realm, metadataUrl }: Responding,
  stepUp: AuthenticationRequirement | undefined,
): string | undefined {
  if (code === 'unavailable') return undefined
  const challenge = stepUp === undefined ? plainChallengeOf(code, realm) : stepUpChallenge(stepUp, realm)
  return metadataUrl === undefined ? challenge : `${challenge}, resource_metadata="${metadataUrl}"`
}

/** RFC 6750 section 3.1. */
const errors: Readonly<Partial<Record<Code, string>>> = {
  invalid_token:
    ', error="invalid_token", error_description="The access token is expired, revoked or malformed"',
  permission_denied: ', error="insufficient_scope"',
}

const plainChallengeOf = (code: Code, realm: string): string => `Bearer realm="${realm}"${errors[code] ?? ''}`
