import type { AuthenticationRequirement } from '@propusk/gate/core'
import { isWithin } from '../addresses/index.ts'
import { forwardCookieName, Redirect, type RequestGuard, type Route, route, Type } from '../http/index.ts'
import type { UserStore } from '../identity/index.ts'
import {
  type ClientInfo,
  type Clock,
  isKeyPrincipal,
  message,
  missingPermission,
  type PermissionName,
  type Principal,
  Rejection,
  type SessionPrincipal,
} from '../kernel/index.ts'
import type { KeyRing } from '../keys/index.ts'
import { cookiesBeside, soleCookie } from './cookie-header.ts'
import {
  decide,
  type ForwardCaller,
  type ForwardVerdict,
  findAnswering,
  type Identity,
} from './decide-forward.ts'
import type { ForwardRuleStore } from './forward-rule-store.sql.ts'
import type { ForwardSession, ForwardTokens } from './forward-token.ts'
import { headersOf, nobody } from './identity-headers.ts'
import { isNavigation, isOfOwnPage } from './read-browser.ts'
import {
  type Forwarded,
  type ProxyName,
  type ProxyRequest,
  proxies,
  readForwarded,
  valuesOf,
} from './read-forwarded.ts'
import { signInAddress } from './return-address.ts'

interface ForwardDeps {
  /** Committed state. */
  readonly forwardRules: ForwardRuleStore
  readonly users: Pick<UserStore, 'findById'>
  readonly guard: RequestGuard
  readonly keyRing: KeyRing
  readonly clock: Clock
  /** The public URL. */
  readonly issuer: string
  /** Undefined where PROPUSK_FORWARD_COOKIE_DOMAIN is off. */
  readonly forwardTokens: ForwardTokens | undefined
  /** By its rows; undefined when it is over. Rejects with `unavailable` when this node cannot know. */
  principalOfSession(session: ForwardSession): Promise<Principal | undefined>
}

export const forwardRoutes = (deps: ForwardDeps): readonly Route[] => [
  route({
    method: 'GET',
    path: '/access/forward/',
    access: 'public',
    operationId: 'forwardAuth',
    tag: 'Forward-auth',
    summary: 'Answer a proxy whether a request can pass',
    description:
      'For `auth_request` of nginx, ForwardAuth of Traefik, `forward_auth` of Caddy and `ext_authz` of Envoy, with any method. 200 lets the request pass, with who asks in headers `X-Propusk-*`, each of which is always there, empty where unknown; 401 asks for a sign-in, or for a stronger or newer one where the rule does (RFC 9470), 403 refuses. With PROPUSK_FORWARD_COOKIE_DOMAIN a browser that opens a page is led to the sign-in, or to the proof: by 302, or for nginx by `X-Propusk-Sign-In` beside 401. `Cookie` of a 200 is what the service may see of the cookies. Answers only what PROPUSK_TRUST_PROXY names, because any other caller could forge the headers.',
    query: Type.Object(
      {
        proxy: Type.Enum([...proxies], {
          description: 'Whose convention the headers follow. It is never guessed.',
        }),
      },
      { additionalProperties: false },
    ),
    success: {
      status: 200,
      description: 'The request can pass.',
      schema: Type.Object(
        { rule: Type.Integer({ description: 'The rule that lets it pass.' }) },
        { $id: 'Forwarded' },
      ),
      example: { rule: 4 },
    },
    redirects: 'Of Traefik, Caddy and Envoy: the browser is led to the sign-in.',
    rejections: [
      'invalid_token',
      'not_authenticated',
      'insufficient_user_authentication',
      'permission_denied',
      'unavailable',
    ],
    asksForAnother: true,
    async handler({ query, origin, proxied }) {
      if (!proxied.isTrusted) {
        throw new Rejection('permission_denied', { detail: message('forward.untrusted') })
      }
      const request = readForwarded(query.proxy, proxied)
      const answering = await findAnswering(deps, request)
      const isPublic = answering.found === 'rule' && answering.rule.access === 'public'
      // On a public path the caller is not asked for.
      const known = isPublic || answering.found !== 'rule' ? undefined : await identify(deps, proxied)
      const asked: Asked = { proxy: query.proxy, proxied, request, origin, known }
      assertOwnPage(asked)
      const verdict = decide(answering, known && callerOf(deps, known.principal))
      if (verdict.status !== 200) return await refuse(deps, verdict, asked)
      const { keyRing, issuer, clock } = deps
      const about = { issuer, host: request.host, nowMs: clock.nowMs() }
      proxied.setHeaders({
        ...(known === undefined ? nobody : headersOf(known, keyRing.signer(), about)),
        cookie: cookiesBeside(proxied.rawHeaders, forwardCookieName),
      })
      return { rule: verdict.rule!.id }
    },
  }),
]

interface Known extends Identity {
  /** Whether a browser has sent the cookie by itself. */
  readonly isByCookie: boolean
}

interface Asked {
  readonly proxy: ProxyName
  readonly proxied: ProxyRequest & { setHeaders(headers: Readonly<Record<string, string>>): void }
  readonly request: Forwarded
  readonly origin: ClientInfo
  readonly known: Known | undefined
}

/** What a rule may ask of a caller whom we know. */
export const callerOf = (
  { guard, clock }: { readonly guard: ForwardGuard; readonly clock: Clock },
  principal: Principal,
): ForwardCaller => ({
  holds(resource, action) {
    if (guard.permits(principal, resource, action)) return 'held'
    const { code } = guard.refusalOf(principal, resource, action)
    return code === 'insufficient_user_authentication' ? 'with_factor' : 'missing'
  },
  authentication: isKeyPrincipal(principal) ? undefined : authenticationIn(principal),
  nowMs: clock.nowMs(),
})

type ForwardGuard = Pick<RequestGuard, 'permits' | 'refusalOf'>

/** One that is not known is of the lowest level and of no age. */
const authenticationIn = ({ authentication }: SessionPrincipal) =>
  authentication ?? { acr: 'aal1' as const, authTimeMs: Number.NEGATIVE_INFINITY }

/**
 * Who asks, by a Bearer token, an API key or the cookie; undefined without one, or where the cookie is none that lives. Rejects
 * with `invalid_token` another credential that does not live.
 */
async function identify(deps: ForwardDeps, proxied: ProxyRequest): Promise<Known | undefined> {
  const [authorization, ...others] = valuesOf(proxied.rawHeaders, 'authorization')
  if (authorization === undefined) return await identifyByCookie(deps, proxied)
  if (others.length > 0 || !/^bearer [\x21-\x7e]+$/i.test(authorization))
    throw new Rejection('not_authenticated')
  const principal = await deps.guard.authenticate(authorization)
  const email = await findEmail(deps, principal)
  if (email === undefined) throw new Rejection('invalid_token', { cause: 'ended' })
  return { principal, email, isByCookie: false }
}

async function identifyByCookie(deps: ForwardDeps, { rawHeaders }: ProxyRequest): Promise<Known | undefined> {
  const { forwardTokens, clock } = deps
  const cookie = soleCookie(rawHeaders, forwardCookieName)
  if (forwardTokens === undefined || cookie === undefined) return undefined
  const session = forwardTokens.open(cookie, clock.nowMs())
  const principal = session && (await deps.principalOfSession(session))
  const email = principal && (await findEmail(deps, principal))
  return principal === undefined || email === undefined ? undefined : { principal, email, isByCookie: true }
}

async function findEmail({ users }: ForwardDeps, { userId }: Principal): Promise<string | undefined> {
  const user = await users.findById(userId)
  return user?.isActive ? user.email : undefined
}

/** A browser sends the cookie whichever page asked: what another page of the domain asks for is refused (ADR 42). */
function assertOwnPage({ known, proxied: { rawHeaders }, request }: Asked): void {
  if (known?.isByCookie && !isOfOwnPage({ rawHeaders, ...request })) {
    throw new Rejection('permission_denied', {
      detail: message('forward.cross_site'),
      cause: 'forward_cross_site',
    })
  }
}

/** Throws what the proxy is answered; a refused permission is written to the audit, as everywhere. */
async function refuse(
  deps: ForwardDeps,
  { because, rule, stepUp }: ForwardVerdict,
  asked: Asked,
): Promise<never> {
  if (because === 'not_signed_in') return askForSignIn(deps, asked, new Rejection('not_authenticated'))
  if (stepUp !== undefined) return askForSignIn(deps, asked, stepUpRejection(stepUp))
  const { known, origin, request } = asked
  const rejection =
    because === 'permission_missing'
      ? missingPermission(rule!.access as PermissionName)
      : new Rejection('permission_denied', { detail: message('forward.denied'), cause: `forward_${because}` })
  if (known !== undefined) {
    const at = { method: request.method, path: `${request.host}${request.path}` }
    await deps.guard.denied(known.principal, rejection, origin, at)
  }
  throw rejection
}

export const stepUpRejection = ({ acr = 'aal1', maxAgeSeconds }: AuthenticationRequirement): Rejection =>
  new Rejection('insufficient_user_authentication', {
    stepUp: { acr, ...(maxAgeSeconds !== undefined && { maxAgeSeconds }) },
  })

/**
 * A browser that opens a page is led to ours, where its person signs in or proves anew who is there, and where the cookie can
 * bring it back; everything else gets the 401. Who sent a token gets it, too: the page knows only the session of its cookie.
 */
function askForSignIn(
  { forwardTokens, issuer }: ForwardDeps,
  { proxy, proxied, request, known }: Asked,
  rejection: Rejection,
): never {
  const { rawHeaders } = proxied
  const isOfBrowser = known === undefined || known.isByCookie
  const canReturn = isOfBrowser && forwardTokens !== undefined && isWithin(request.host, forwardTokens.domain)
  if (canReturn && isNavigation({ rawHeaders, ...request })) {
    const location = signInAddress(issuer, request)
    if (proxy !== 'nginx') throw new Redirect(location)
    // auth_request knows 401 and 403 alone; its configuration makes a redirect of this.
    proxied.setHeaders({ 'x-propusk-sign-in': location })
  }
  throw rejection
}
