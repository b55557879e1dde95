import type { JsonObject, TokenRejection } from './read-signed-token.ts'
import { isSessionId, startOfSessionMs } from './session-table.ts'

/** What a verified access token says (RFC 9068 section 2.2). Frozen; members we do not know are left out. */
export interface AccessClaims {
  readonly iss: string
  /** The user's id in decimal. */
  readonly sub: string
  readonly aud: string
  /** Seconds since 1970, as `iat` and `nbf` are. */
  readonly exp: number
  readonly iat: number
  readonly nbf?: number
  readonly jti: string
  /** The session's uuid. */
  readonly sid: string
  readonly client_id: string
  /** Code names as they stood when the token was made; ask `grantsOf` for what holds now. */
  readonly roles: readonly string[]
  /**
   * The same roles by their ids, the claim `role_ids`: what the gate goes by, since a code name may pass from one role to
   * another. Absent from a token that has no room for them, and from those of release 0.1.0.
   */
  readonly roleIds?: readonly number[]
  readonly superuser?: true
  /** When the bearer last proved who is there, in seconds since 1970; absent from tokens of release 0.1.0, as the next two are. */
  readonly auth_time?: number
  /** How strongly: `aal1` with one factor, `aal2` with two. */
  readonly acr?: string
  /** By which methods (RFC 8176), such as `pwd` and `otp`. */
  readonly amr?: readonly string[]
  /** `sub` as a number. */
  readonly userId: number
  /** When the session began, as its `sid` says. */
  readonly startedAtMs: number
  /** `exp` in milliseconds. */
  readonly expiresAtMs: number
}

export interface ExpectedClaims {
  readonly issuer: string
  readonly audience: string
  readonly maxTokenLifeSeconds: number
}

/** How far ahead the clock of another issuing node may be. */
const clockAllowanceMs = 60_000
/** Above what a token of 8,192 characters holds with names of ordinary length. */
const maxRoles = 1024
/** Characters of `jti`, `client_id` and the name of a role. */
const maxNameLength = 256
/** Members of `amr`. */
const maxMethods = 16

/** Checks the content of a token whose signature holds: gives its claims, or why they are refused. */
export function readClaims(
  presented: JsonObject,
  expected: ExpectedClaims,
  nowMs: number,
): AccessClaims | TokenRejection {
  if (presented.iss !== expected.issuer) return 'wrong_issuer'
  // RFC 7519 section 4.1.3 also allows an array; our tokens are for one audience and spelled one way.
  if (presented.aud !== expected.audience) return 'wrong_audience'
  return readForm(presented, expected, nowMs)
}

function readForm(
  presented: JsonObject,
  expected: ExpectedClaims,
  nowMs: number,
): AccessClaims | TokenRejection {
  const { sub, exp, iat, nbf, jti, sid, client_id, roles, role_ids, superuser } = presented
  const userId = readUserId(sub)
  if (userId === undefined || !isSessionId(sid) || !isName(jti) || !isName(client_id)) return 'wrong_claims'
  if (!isRoleList(roles) || (superuser !== undefined && superuser !== true)) return 'wrong_claims'
  if (role_ids !== undefined && !isIdList(role_ids)) return 'wrong_claims'
  if (!isAuthentication(presented)) return 'wrong_claims'
  if (!isNumericDate(exp) || !isNumericDate(iat) || exp <= iat) return 'wrong_claims'
  if (nbf !== undefined && !isNumericDate(nbf)) return 'wrong_claims'
  const rejection = checkTimes({ exp, iat, nbf }, expected, nowMs)
  if (rejection !== undefined) return rejection
  return Object.freeze({
    iss: expected.issuer,
    sub: String(userId),
    aud: expected.audience,
    exp,
    iat,
    ...(nbf === undefined ? undefined : { nbf }),
    jti,
    sid,
    client_id,
    roles: Object.freeze(roles),
    ...(role_ids === undefined ? undefined : { roleIds: Object.freeze(role_ids) }),
    ...(superuser === undefined ? undefined : { superuser }),
    ...authenticationOf(presented),
    userId,
    startedAtMs: startOfSessionMs(sid),
    expiresAtMs: toMs(exp),
  })
}

/** RFC 9068 section 2.2.1: how the bearer was authenticated. */
const isAuthentication = ({ auth_time, acr, amr }: JsonObject): boolean =>
  (auth_time === undefined || isNumericDate(auth_time)) &&
  (acr === undefined || isName(acr)) &&
  (amr === undefined || (Array.isArray(amr) && amr.length <= maxMethods && amr.every(isName)))

function authenticationOf({
  auth_time,
  acr,
  amr,
}: JsonObject): Pick<AccessClaims, 'auth_time' | 'acr' | 'amr'> {
  return {
    ...(auth_time === undefined ? undefined : { auth_time: auth_time as number }),
    ...(acr === undefined ? undefined : { acr: acr as string }),
    ...(amr === undefined ? undefined : { amr: Object.freeze(amr as string[]) }),
  }
}

interface TokenTimes {
  readonly exp: number
  readonly iat: number
  readonly nbf: number | undefined
}

function checkTimes(
  { exp, iat, nbf }: TokenTimes,
  { maxTokenLifeSeconds }: Pick<ExpectedClaims, 'maxTokenLifeSeconds'>,
  nowMs: number,
): TokenRejection | undefined {
  // RFC 7519 section 4.1.4: not «on or after» exp. No leeway: the issuer and its users agree on the last instant.
  if (toMs(exp) <= nowMs) return 'expired'
  if (toMs(iat) > nowMs + clockAllowanceMs) return 'not_yet_valid'
  if (nbf !== undefined && toMs(nbf) > nowMs) return 'not_yet_valid'
  // INVARIANT: an accepted token was issued less than maxTokenLifeSeconds ago, because exp is still ahead and no
  // further from iat than that. So a change may be forgotten after this time and no token outlives it.
  return toMs(exp) - toMs(iat) > maxTokenLifeSeconds * 1000 ? 'too_long_lived' : undefined
}

function readUserId(sub: unknown): number | undefined {
  if (typeof sub !== 'string' || !/^[1-9][0-9]{0,15}$/.test(sub)) return undefined
  const userId = Number(sub)
  return Number.isSafeInteger(userId) ? userId : undefined
}

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value !== '' && value.length <= maxNameLength

const isRoleList = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length <= maxRoles && value.every(isName)

const isIdList = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.length <= maxRoles && value.every(id => Number.isSafeInteger(id) && id > 0)

/** RFC 7519 section 2 allows fractions, which our issuer writes for lives under a minute. */
const isNumericDate = (value: unknown): value is number =>
  typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER

/** A NumericDate counts seconds. Rounded, since 0.001 s is no exact number in binary. */
const toMs = (seconds: number): number => Math.round(seconds * 1000)
