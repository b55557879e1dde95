import type { AccessClaims, Gate, Grants } from '@propusk/gate/core'
import type { GrantsStore, RightsStore } from '../access/index.ts'
import { type ApiKeyStore, type AuthenticateApiKey, isApiKey } from '../api-keys/index.ts'
import { Rejection, type TimeSource, toNumericDate } from '../kernel/index.ts'
import type { OpenRefreshToken, RefreshTokenStore } from '../tokens/index.ts'

export interface IntrospectionDeps {
  readonly gate: Pick<Gate, 'authenticate'>
  readonly openRefreshToken: OpenRefreshToken
  readonly authenticateApiKey: AuthenticateApiKey
  /** Committed state. */
  readonly stores: {
    readonly refreshTokens: Pick<RefreshTokenStore, 'isUsable'>
    readonly userGrants: GrantsStore
    readonly apiKeys: Pick<ApiKeyStore, 'findById'>
    readonly rights: RightsStore
  }
  readonly clock: TimeSource
  readonly issuer: string
  readonly audience: string
}

/** RFC 7662 section 2.2; `roles` and `superuser` are ours, `typ` tells the kinds of tokens apart. */
type Introspection = { readonly active: false } | ({ readonly active: true } & Described)

interface Described {
  readonly iss: string
  readonly sub: string
  readonly aud: string
  readonly exp?: number
  readonly iat: number
  readonly nbf?: number
  readonly jti?: string
  readonly sid?: string
  readonly client_id: string
  /** RFC 9470 section 6.2, and RFC 8176: when and how the owner was authenticated. */
  readonly auth_time?: number
  readonly acr?: string
  readonly amr?: string[]
  readonly token_type?: string
  readonly typ: 'access_token' | 'refresh_token' | 'api_key'
  readonly scope?: string
  readonly roles: string[]
  readonly superuser?: boolean
}

/** Section 2.2: why a token is not alive is not said. */
const inactive = { active: false } as const

/**
 * Whether the token is alive now, and what it says: an access token by the gate, so that what has ended is not alive from the
 * next request on; a refresh token and an API key by their rows. Each is known by its form, so a hint about its kind is not
 * needed. Rejects with `unavailable` when this node cannot know.
 */
export async function introspect(deps: IntrospectionDeps, token: string): Promise<Introspection> {
  const described = isApiKey(token)
    ? await describeApiKey(deps, token)
    : (describeAccessToken(deps, token) ?? (await describeRefreshToken(deps, token)))
  return described === undefined ? inactive : { active: true, ...described }
}

function describeAccessToken({ gate, clock }: IntrospectionDeps, token: string): Described | undefined {
  const result = gate.authenticate(token, clock.nowMs(), clock.monotonicMs())
  if (result.ok) return toDescribed(result.claims, result.grants)
  if (result.rejection === 'stale') throw new Rejection('unavailable', { retryAfterSeconds: 1 })
  return undefined
}

function toDescribed(claims: AccessClaims, grants: Grants): Described {
  const { iss, sub, aud, exp, iat, nbf, jti, sid, client_id, auth_time, acr, amr } = claims
  return {
    ...{ iss, sub, aud, exp, iat, jti, sid, client_id },
    ...(nbf !== undefined && { nbf }),
    ...(auth_time !== undefined && { auth_time }),
    ...(acr !== undefined && { acr }),
    ...(amr !== undefined && { amr: [...amr] }),
    token_type: 'Bearer',
    typ: 'access_token',
    // Those that hold now, which may be others than the token's.
    roles: [...grants.roles],
    ...(grants.isSuperuser && { superuser: true }),
  }
}

async function describeRefreshToken(deps: IntrospectionDeps, token: string): Promise<Described | undefined> {
  const { openRefreshToken, stores, clock, issuer } = deps
  const nowMs = clock.nowMs()
  const claims = openRefreshToken(token, nowMs)
  if (claims === undefined) return undefined
  const { jti, sessionId, userId, issuedAtMs, expiresAtMs } = claims
  if (!(await stores.refreshTokens.isUsable(jti, sessionId, nowMs))) return undefined
  const grants = await stores.userGrants.find(userId)
  if (grants === undefined || !grants.isActive) return undefined
  return {
    ...{ iss: issuer, sub: String(userId), aud: issuer, jti, sid: sessionId, client_id: 'propusk' },
    ...{ exp: toNumericDate(expiresAtMs), iat: toNumericDate(issuedAtMs) },
    typ: 'refresh_token',
    roles: [...grants.roles],
    ...(grants.isSuperuser && { superuser: true }),
  }
}

async function describeApiKey(deps: IntrospectionDeps, presented: string): Promise<Described | undefined> {
  const { authenticateApiKey, stores, issuer, audience } = deps
  const found = await authenticateApiKey(presented).catch(ignoreInvalid)
  const key = found && (await stores.apiKeys.findById(found.id))
  if (found === undefined || key === undefined) return undefined
  const own = {
    userId: found.ownerId,
    apiKeyId: found.id,
    roles: [],
    permissions: new Set<string>(),
  } as const
  const { roles, permissions } = await stores.rights.ofCaller({ ...own, isSuperuser: false })
  return {
    ...{ iss: issuer, sub: String(found.ownerId), aud: audience, client_id: key.prefix },
    iat: toNumericDate(key.createdAtMs),
    ...(key.expiresAtMs !== null && { exp: toNumericDate(key.expiresAtMs) }),
    token_type: 'Bearer',
    typ: 'api_key',
    scope: [...permissions].sort().join(' '),
    roles: [...roles],
  }
}

function ignoreInvalid(error: unknown): undefined {
  if (error instanceof Rejection && error.code === 'invalid_token') return undefined
  throw error
}
