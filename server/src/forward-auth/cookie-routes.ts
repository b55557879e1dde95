import { type BrowserTokenDeps, refreshSession } from '../browser/index.ts'
import { type Route, route, Type } from '../http/index.ts'
import { invalidField, message, Rejection } from '../kernel/index.ts'
import type { ForwardRuleStore } from './forward-rule-store.sql.ts'
import type { ForwardTokens } from './forward-token.ts'
import { longestReturnAddress, readReturnAddress } from './return-address.ts'

export interface ForwardCookieDeps {
  /** Committed state. */
  readonly forwardRules: Pick<ForwardRuleStore, 'listFor'>
  readonly tokens: BrowserTokenDeps
  /** Undefined where PROPUSK_FORWARD_COOKIE_DOMAIN is off. */
  readonly forwardTokens: ForwardTokens | undefined
}

const To = Type.String({ minLength: 1, maxLength: longestReturnAddress })
const ReturnBody = Type.Object(
  {
    to: { ...To, description: 'Where to go on: an https address within the domain, whose host has a rule.' },
  },
  { $id: 'ForwardReturn', additionalProperties: false },
)

const returnExample = { to: 'https://app.example.org/reports?year=2026' }

export const forwardCookieRoutes = ({
  forwardRules,
  tokens,
  forwardTokens,
}: ForwardCookieDeps): readonly Route[] => [
  route({
    method: 'POST',
    path: '/browser/forward/',
    access: 'browser',
    operationId: 'enterForward',
    tag: 'Forward-auth',
    summary: 'Let this browser pass the proxies that ask',
    description:
      'Exchanges the refresh token of the cookie as `/browser/refresh/` does, and sets a second cookie, `__Secure-propusk-forward`, for the domain of PROPUSK_FORWARD_COOKIE_DOMAIN. It holds the name of the session, lives no longer than it, and is looked at by forward-auth alone.',
    body: ReturnBody,
    bodyExample: returnExample,
    success: {
      status: 200,
      description: 'The cookie is set.',
      schema: Type.Object({ to: Type.String({ description: 'Where to go on.' }) }, { $id: 'ForwardEntered' }),
      example: returnExample,
    },
    rejections: ['not_found', 'invalid_refresh_token', 'too_many_requests'],
    async handler({ body, sessionCookie, forwardCookie, origin }) {
      if (forwardTokens === undefined)
        throw new Rejection('not_found', { detail: message('forward.cookie_off') })
      const { domain } = forwardTokens
      const address = readReturnAddress(body.to, domain)
      if (address === undefined || (await forwardRules.listFor(address.host)).length === 0) {
        throw invalidField('to', message('forward.to', { domain }))
      }
      const { refresh } = await refreshSession(tokens, sessionCookie, { origin })
      const nowMs = tokens.clock.nowMs()
      const session = tokens.openRefreshToken(refresh, nowMs)
      // Its last moment may have passed by now.
      if (session === undefined) throw new Rejection('invalid_refresh_token')
      const lifeSeconds = (session.expiresAtMs - nowMs) / 1000
      forwardCookie.keep(forwardTokens.sign(session, nowMs), { domain, lifeSeconds })
      return { to: address.href }
    },
  }),
]
