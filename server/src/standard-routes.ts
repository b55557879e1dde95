import type { Gate } from '@propusk/gate/core'
import type { AuthenticateApiKey } from './api-keys/index.ts'
import { authzenRoutes } from './authzen/index.ts'
import type { Core } from './core.ts'
import type { Pager, Route } from './http/index.ts'
import { oauthRoutes } from './oauth/index.ts'
import type { RequestLimits } from './request-limits.ts'
import type { OpenRefreshToken } from './tokens/index.ts'

interface StandardParts {
  readonly gate: Gate
  readonly openRefreshToken: OpenRefreshToken
  readonly authenticateApiKey: AuthenticateApiKey
  readonly limits: RequestLimits
  readonly pager: Pager
}

/** Routes whose addresses and forms are those of published standards, at the root of the host. */
export function standardRoutes(
  { config, stores, transaction, clock }: Core,
  { gate, openRefreshToken, authenticateApiKey, limits, pager }: StandardParts,
): readonly Route[] {
  const { accessChecks: checkLimiter } = limits
  const oauth = oauthRoutes({
    gate,
    openRefreshToken,
    authenticateApiKey,
    stores,
    transaction,
    clock,
    issuer: config.publicUrl,
    audience: config.audience,
    checkLimiter,
    hasDocuments: config.docs === 'on',
  })
  return [...oauth, ...authzenRoutes({ stores, pager, checkLimiter, publicUrl: config.publicUrl })]
}
