import type { GrantsStore } from '../access/index.ts'
import { type PresentedProof, type StepUpDeps, type StepUpStores, stepUp } from '../step-up/index.ts'
import type { PresentedRefreshToken } from '../tokens/index.ts'
import {
  type BrowserTokenDeps,
  endOfKept,
  refreshSession,
  type SessionCookie,
  type SessionEnd,
} from './session-cookie.ts'

export type BrowserStepUpDeps = StepUpDeps<StepUpStores & { readonly userGrants: GrantsStore }>

interface BrowserStepUp extends Omit<PresentedRefreshToken, 'presented'> {
  readonly sessionCookie: SessionCookie
  readonly presented: PresentedProof
}

/**
 * Proves anew who is there, for the session of the cookie, and gives the next access token of it. The cookie is exchanged
 * first, which shows that it is this session's; so other tabs go on with it. Rejects as `stepUp` and a refresh do.
 */
export async function stepUpByCookie(
  deps: BrowserStepUpDeps,
  tokens: BrowserTokenDeps,
  { sessionCookie, idempotencyKey, origin, presented }: BrowserStepUp,
): Promise<{ readonly access: string; readonly end: SessionEnd }> {
  const { claims } = await refreshSession(tokens, sessionCookie, { idempotencyKey, origin })
  const { userId, sessionId } = claims!
  const end = await endOfKept(tokens, claims)
  const attempt = { userId, sessionId, origin, presented }
  return await stepUp(deps, attempt, async (stores, session, nowMs) => {
    const grants = await stores.userGrants.get(userId)
    return { session, grants, nowMs }
  }).then(({ session, grants, nowMs }) => ({
    access: tokens.issuer.accessToken(session, grants, nowMs),
    end,
  }))
}
