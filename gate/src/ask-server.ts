import type { Gate } from './gate.ts'
import { decodeBase64url, parseJsonObject, readHeader, splitToken } from './read-signed-token.ts'
import { type Asked, type GateVerdict, type Principal, refused } from './verdict.ts'
import { accessTokenType } from './verify-token.ts'

const askWithinMs = 2_000

/** What the gate of this process can add to the answer. */
export interface KnownHere {
  /** Answers later questions about the token by what the gate knows then. */
  readonly may: Principal['may']
  rolesOf(claims: HolderClaims): readonly string[]
}

/** Asks the server whether the bearer of a token may do this, with a deadline. Never rejects. */
export async function askServer(
  issuer: string,
  token: string,
  asked: Asked,
  { may, rolesOf }: KnownHere,
): Promise<GateVerdict> {
  // The server would take an API key, too. It is no sign-in, so a service refuses it, asked or not (ADR 38).
  const claims = readHolder(token)
  if (claims === undefined) return refused(401, { token: 'malformed' })
  try {
    const answer = await fetch(`${issuer}/api/auth/access/check/`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ checks: [asked] }),
      signal: AbortSignal.timeout(askWithinMs),
      redirect: 'manual',
    })
    if (answer.status === 401) return refused(401, { token: 'ended' })
    if (answer.status !== 200) return refused(503, { unreachable: true })
    const { results } = (await answer.json()) as { results: readonly { allowed: boolean }[] }
    const { sub: subject, sid: session } = claims
    const isSuperuser = claims.superuser === true
    const roles = rolesOf(claims)
    const principal = Object.freeze({ id: subject, session, roles, isSuperuser, may })
    const known = { subject, session, roles, isSuperuser, principal }
    return results[0]?.allowed === true
      ? { allowed: true, status: 200, ...known, because: [] }
      : { allowed: false, status: 403, ...known, because: [{ missing: `${asked.resource}:${asked.action}` }] }
  } catch {
    return refused(503, { unreachable: true })
  }
}

type HolderClaims = Parameters<Gate['grantsOf']>[0] & {
  readonly sub: string
  readonly sid: string
}

/** What an access token says of its holder: to be believed once the server has accepted this very text. */
function readHolder(token: string): HolderClaims | undefined {
  const parts = splitToken(token)
  if (parts === undefined || readHeader(parts.header, accessTokenType) === undefined) return undefined
  const payload = decodeBase64url(parts.payload)
  const { sub, sid, roles, role_ids, superuser, iat } = (payload && parseJsonObject(payload)) ?? {}
  if (typeof sub !== 'string' || typeof sid !== 'string' || !Array.isArray(roles)) return undefined
  return {
    sub,
    sid,
    roles,
    userId: Number(sub),
    iat: Number(iat),
    ...(Array.isArray(role_ids) && { roleIds: role_ids }),
    ...(superuser === true && { superuser }),
  }
}
