import type { Gate } from './gate.ts'
import { decodeBase64url, parseJsonObject, readHeader, splitToken } from './read-signed-token.ts'
import { isSessionId, startOfSessionMs } from './session-table.ts'
import { type AuthenticationRequirement, authenticationOf } from './step-up.ts'
import { type Asked, type GateVerdict, missingStepUp, type Principal, refused } from './verdict.ts'
import { accessTokenType } from './verify-token.ts'

const askWithinMs = 2_000

/** What the gate of this process can add to the answer. */
export interface KnownHere {
  /** Answers later questions about the token by what the gate knows then. */
  readonly may: Principal['may']
  rolesOf(claims: HolderClaims): readonly string[]
  /** The clock of the server. */
  nowMs(): number
}

/** Asks the server whether the bearer of a token may do this, with a deadline. Never rejects. */
export async function askServer(
  issuer: string,
  token: string,
  asked: Asked,
  { may, rolesOf, nowMs }: KnownHere,
): Promise<GateVerdict> {
  // The server would take an API key, too. It is no sign-in, so a service refuses it, asked or not (ADR 38).
  const claims = readHolder(token)
  if (claims === undefined) return refused(401, { token: 'malformed' })
  try {
    const answer = await fetch(`${issuer}/api/auth/access/check/`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ checks: [{ resource: asked.resource, action: asked.action }] }),
      signal: AbortSignal.timeout(askWithinMs),
      redirect: 'manual',
    })
    if (answer.status === 401) return refused(401, { token: 'ended' })
    if (answer.status !== 200) return refused(503, { unreachable: true })
    const { results } = (await answer.json()) as { results: readonly Result[] }
    const { sub: subject, sid: session } = claims
    const isSuperuser = claims.superuser === true
    const roles = rolesOf(claims)
    const authentication = authenticationOf(claims)
    const principal = Object.freeze({ id: subject, session, roles, isSuperuser, authentication, may })
    const known = { subject, session, roles, isSuperuser, principal }
    const stepUp = stepUpOf(results[0], asked, missingStepUp(asked, authentication, nowMs()))
    if (stepUp !== undefined) return { allowed: false, status: 401, ...known, because: [{ stepUp }] }
    return results[0]?.allowed === true
      ? { allowed: true, status: 200, ...known, because: [] }
      : { allowed: false, status: 403, ...known, because: [{ missing: `${asked.resource}:${asked.action}` }] }
  } catch {
    return refused(503, { unreachable: true })
  }
}

interface Result {
  readonly allowed: boolean
  /** A session of this level would be allowed, and the one of the token is not. */
  readonly requires_aal?: 'aal2'
}

function stepUpOf(
  result: Result | undefined,
  { stepUp }: Asked,
  missing: AuthenticationRequirement | undefined,
): AuthenticationRequirement | undefined {
  if (result?.allowed === true) return missing
  return result?.requires_aal === 'aal2' ? { ...stepUp, acr: 'aal2' } : undefined
}

type HolderClaims = Parameters<Gate['grantsOf']>[0] &
  Parameters<typeof authenticationOf>[0] & {
    readonly sub: string
    readonly sid: string
  }

/** What an access token says of its holder: to be believed once the server has accepted this very text. */
function readHolder(token: string): HolderClaims | undefined {
  const parts = splitToken(token)
  if (parts === undefined || readHeader(parts.header, accessTokenType) === undefined) return undefined
  const payload = decodeBase64url(parts.payload)
  const { sub, sid, roles, role_ids, superuser, iat, acr, auth_time } =
    (payload && parseJsonObject(payload)) ?? {}
  if (typeof sub !== 'string' || !isSessionId(sid) || !Array.isArray(roles)) return undefined
  return {
    sub,
    sid,
    roles,
    userId: Number(sub),
    iat: Number(iat),
    startedAtMs: startOfSessionMs(sid),
    ...(typeof acr === 'string' && { acr }),
    ...(typeof auth_time === 'number' && { auth_time }),
    ...(Array.isArray(role_ids) && { roleIds: role_ids }),
    ...(superuser === true && { superuser }),
  }
}
