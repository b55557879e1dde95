import type { Gate } from '@propusk/gate/core'
import { isApiKey } from '../api-keys/index.ts'
import {
  type ClientInfo,
  message,
  type Principal,
  Rejection,
  type SessionId,
  type TimeSource,
  type Transact,
} from '../kernel/index.ts'
import { type EndingStores, endSessionByUuid } from '../sessions/index.ts'
import type { OpenRefreshToken } from '../tokens/index.ts'
import { unsupportedTokenType } from './refusal.ts'

export interface RevocationDeps {
  readonly gate: Pick<Gate, 'verify'>
  readonly openRefreshToken: OpenRefreshToken
  readonly transaction: Transact<EndingStores>
  readonly clock: TimeSource
}

interface Presented {
  readonly token: string
  readonly principal: Principal
  readonly origin: ClientInfo
}

/**
 * Ends the session of an access or refresh token. RFC 7009 section 2.1: with a refresh token its access tokens end, and a
 * server may end the refresh token of an access token; here both are one session. What is no token of a live session changes
 * nothing (section 2.2). No rank is asked for: who holds a token could sign out with it. Rejects an API key.
 */
export async function revoke(deps: RevocationDeps, { token, principal, origin }: Presented): Promise<void> {
  if (isApiKey(token)) {
    const errors = { token: [message('oauth.token_type')] }
    throw new Rejection('invalid_request', { errors, cause: unsupportedTokenType })
  }
  const nowMs = deps.clock.nowMs()
  const sessionId = sessionOf(deps, token, nowMs)
  if (sessionId === undefined) return
  const act = { actorId: principal.userId, origin, nowMs }
  await deps.transaction(stores => endSessionByUuid(stores, sessionId, 'revoked', act))
}

/** Without a look at whether the session still lives: that is asked by the statement that ends it. */
function sessionOf({ gate, openRefreshToken }: RevocationDeps, token: string, nowMs: number) {
  const verdict = gate.verify(token, nowMs)
  return verdict.ok ? (verdict.claims.sid as SessionId) : openRefreshToken(token, nowMs)?.sessionId
}
