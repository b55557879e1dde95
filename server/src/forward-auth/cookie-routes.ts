import type { AuthenticationRequirement } from '@propusk/gate/core'
import { type BrowserTokenDeps, refreshSession } from '../browser/index.ts'
import { type RequestGuard, type Route, route, Type } from '../http/index.ts'
import { type Clock, invalidField, message, type Principal, Rejection } from '../kernel/index.ts'
import { decide, findAnswering } from './decide-forward.ts'
import { callerOf, stepUpRejection } from './forward-routes.ts'
import type { ForwardRuleStore } from './forward-rule-store.sql.ts'
import type { ForwardSession, ForwardTokens } from './forward-token.ts'
import { readPath } from './read-path.ts'
import { longestReturnAddress, readReturnAddress } from './return-address.ts'

interface ForwardCookieDeps {
  /** Committed state. */
  readonly forwardRules: Pick<ForwardRuleStore, 'listFor'>
  readonly tokens: BrowserTokenDeps
  /** Undefined where PROPUSK_FORWARD_COOKIE_DOMAIN is off. */
  readonly forwardTokens: ForwardTokens | undefined
  readonly guard: Pick<RequestGuard, 'permits' | 'refusalOf'>
  /** By its rows; undefined when it is over. */
  principalOfSession(session: ForwardSession): Promise<Principal | undefined>
}

/** What the session must prove before the page that it is led back to lets it pass: or it would be led here again at once. */
async function missingStepUp(
  deps: Pick<ForwardCookieDeps, 'forwardRules' | 'guard'> & { readonly clock: Clock },
  { href, host }: { readonly href: string; readonly host: string },
  principal: Principal,
): Promise<AuthenticationRequirement | undefined> {
  const read = readPath(new URL(href).pathname)
  if (!read.ok) return undefined
  const answering = await findAnswering(deps, { host, path: read.path, method: 'GET' })
  return decide(answering, callerOf(deps, principal)).stepUp
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
  guard,
  principalOfSession,
}: ForwardCookieDeps): readonly Route[] => [
  route({
    method: 'POST',
    path: '/browser/forward/',
    access: 'browser',
    operationId: 'enterForward',
    tag: 'Forward-auth',
    summary: 'Let this browser pass the proxies that use forward-auth',
    description:
      'Exchanges the refresh token of the cookie as `/browser/refresh/` does, and sets a second cookie, `__Secure-propusk-forward`, for the domain of PROPUSK_FORWARD_COOKIE_DOMAIN. It holds the name of the session, lives no longer than it, and is looked at by forward-auth alone. Where the rule for `to` asks for a stronger or a newer proof than the session has shown (RFC 9470), `/browser/step_up/` comes first.',
    body: ReturnBody,
    bodyExample: returnExample,
    success: {
      status: 200,
      description: 'The cookie is set.',
      schema: Type.Object({ to: Type.String({ description: 'Where to go on.' }) }, { $id: 'ForwardEntered' }),
      example: returnExample,
    },
    rejections: [
      'not_found',
      'invalid_refresh_token',
      'insufficient_user_authentication',
      'too_many_requests',
    ],
    takesIdempotencyKey: true,
    async handler({ body, sessionCookie, idempotencyKey, forwardCookie, origin }) {
      if (forwardTokens === undefined)
        throw new Rejection('not_found', { detail: message('forward.cookie_off') })
      const { domain } = forwardTokens
      const address = readReturnAddress(body.to, domain)
      if (address === undefined || (await forwardRules.listFor(address.host)).length === 0) {
        throw invalidField('to', message('forward.to', { domain }))
      }
      const { claims: session } = await refreshSession(tokens, sessionCookie, { idempotencyKey, origin })
      const nowMs = tokens.clock.nowMs()
      const principal = session && (await principalOfSession(session))
      // Its last moment may have passed by now.
      if (session === undefined || principal === undefined) throw new Rejection('invalid_refresh_token')
      const stepUp = await missingStepUp({ forwardRules, guard, clock: tokens.clock }, address, principal)
      if (stepUp !== undefined) throw stepUpRejection(stepUp)
      const lifeSeconds = (session.expiresAtMs - nowMs) / 1000
      forwardCookie.keep(forwardTokens.sign(session, nowMs), { domain, lifeSeconds })
      return { to: address.href }
    },
  }),
]
