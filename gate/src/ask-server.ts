import { decodeBase64url, parseJsonObject, readHeader, splitToken } from './read-signed-token.ts'
import { type Asked, type GateVerdict, type Principal, refused } from './verdict.ts'
import { accessTokenType } from './verify-token.ts'

const askWithinMs = 2_000

/**
 * Asks the server whether the bearer of a token may do this, with a deadline. Never rejects. `may` answers later questions
 * about the token by what the gate knows then.
 */
export async function askServer(
  issuer: string,
  token: string,
  asked: Asked,
  may: Principal['may'],
): Promise<GateVerdict> {
  // The server would take an API key, too. It is no sign-in, so a service refuses it, asked or not (ADR 38).
  const who = readHolder(token)
  if (who === undefined) return refused(401, { token: 'malformed' })
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
    const principal = Object.freeze({ ...who, may })
    const { id: subject, ...rest } = who
    const known = { subject, ...rest, principal }
    return results[0]?.allowed === true
      ? { allowed: true, status: 200, ...known, because: [] }
      : { allowed: false, status: 403, ...known, because: [{ missing: `${asked.resource}:${asked.action}` }] }
  } catch {
    return refused(503, { unreachable: true })
  }
}

/** What an access token says of its holder: to be believed once the server has accepted this very text. */
function readHolder(token: string): Omit<Principal, 'may'> | undefined {
  const parts = splitToken(token)
  if (parts === undefined || readHeader(parts.header, accessTokenType) === undefined) return undefined
  const payload = decodeBase64url(parts.payload)
  const { sub, sid, roles, superuser } = (payload && parseJsonObject(payload)) ?? {}
  if (typeof sub !== 'string' || typeof sid !== 'string' || !Array.isArray(roles)) return undefined
  return { id: sub, session: sid, roles, isSuperuser: superuser === true }
}
