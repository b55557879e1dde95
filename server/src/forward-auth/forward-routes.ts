import { type RequestGuard, type Route, route, Type } from '../http/index.ts'
import type { UserStore } from '../identity/index.ts'
import {
  type ClientInfo,
  type Clock,
  message,
  missingPermission,
  type PermissionName,
  type Principal,
  Rejection,
} from '../kernel/index.ts'
import type { KeyRing } from '../keys/index.ts'
import { decide, type ForwardVerdict, findAnswering, type Identity } from './decide-forward.ts'
import type { ForwardRuleStore } from './forward-rule-store.sql.ts'
import { headersOf, nobody } from './identity-headers.ts'
import { type ProxyRequest, proxies, readForwarded, valuesOf } from './read-forwarded.ts'

export interface ForwardDeps {
  /** Committed state. */
  readonly forwardRules: ForwardRuleStore
  readonly users: Pick<UserStore, 'findById'>
  readonly guard: RequestGuard
  readonly keyRing: KeyRing
  readonly clock: Clock
  readonly issuer: string
}

export const forwardRoutes = (deps: ForwardDeps): readonly Route[] => [
  route({
    method: 'GET',
    path: '/access/forward/',
    access: 'public',
    operationId: 'forwardAuth',
    tag: 'Forward-auth',
    summary: 'Answer a proxy whether a request may pass',
    description:
      'For `auth_request` of nginx, ForwardAuth of Traefik, `forward_auth` of Caddy and `ext_authz` of Envoy, with whatever method they ask. 200 lets the request pass, with who asks in headers `X-Propusk-*`, each of which is always there, empty where unknown; 401 asks for a sign-in, 403 refuses. Answers only what PROPUSK_TRUST_PROXY names, because anybody else could make the headers up.',
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
      description: 'The request may pass.',
      schema: Type.Object(
        { rule: Type.Integer({ description: 'The rule that lets it pass.' }) },
        { $id: 'Forwarded' },
      ),
      example: { rule: 4 },
    },
    rejections: ['invalid_token', 'not_authenticated', 'permission_denied', 'unavailable'],
    asksForAnother: true,
    async handler({ query, origin, proxied }) {
      if (!proxied.isTrusted) {
        throw new Rejection('permission_denied', { detail: message('forward.untrusted') })
      }
      const request = readForwarded(query.proxy, proxied)
      const answering = await findAnswering(deps, request)
      const isPublic = answering.found === 'rule' && answering.rule.access === 'public'
      // On a public path the caller is not asked for.
      const identity = isPublic || answering.found !== 'rule' ? undefined : await identify(deps, proxied)
      const verdict = decide(answering, identity && holdsOf(deps, identity))
      if (verdict.status !== 200) return await refuse(deps, verdict, { identity, origin, request })
      const { keyRing, issuer, clock } = deps
      const about = { issuer, host: request.host, nowMs: clock.nowMs() }
      proxied.setHeaders(identity === undefined ? nobody : headersOf(identity, keyRing.signer(), about))
      return { rule: verdict.rule!.id }
    },
  }),
]

const holdsOf =
  ({ guard }: ForwardDeps, { principal }: Identity) =>
  (resource: string, action: string) =>
    guard.permits(principal, resource, action)

/** Who asks, by a Bearer token or an API key; undefined without one. Rejects with `invalid_token` what does not live. */
async function identify(deps: ForwardDeps, { rawHeaders }: ProxyRequest): Promise<Identity | undefined> {
  const [authorization, ...others] = valuesOf(rawHeaders, 'authorization')
  if (authorization === undefined) return undefined
  if (others.length > 0 || !/^bearer [\x21-\x7e]+$/i.test(authorization))
    throw new Rejection('not_authenticated')
  return await identityOf(deps, await deps.guard.authenticate(authorization))
}

async function identityOf({ users }: ForwardDeps, principal: Principal): Promise<Identity> {
  const user = await users.findById(principal.userId)
  if (user === undefined || !user.isActive) throw new Rejection('invalid_token', { cause: 'ended' })
  return { principal, email: user.email }
}

interface Refused {
  readonly identity: Identity | undefined
  readonly origin: ClientInfo
  readonly request: { readonly host: string; readonly path: string; readonly method: string }
}

/** Throws what the proxy is answered; a refused permission is written to the audit, as everywhere. */
async function refuse(
  { guard }: ForwardDeps,
  { because, rule }: ForwardVerdict,
  { identity, origin, request }: Refused,
): Promise<never> {
  if (because === 'not_signed_in') throw new Rejection('not_authenticated')
  const rejection =
    because === 'permission_missing'
      ? missingPermission(rule!.access as PermissionName)
      : new Rejection('permission_denied', { detail: message('forward.denied'), cause: `forward_${because}` })
  if (identity !== undefined) {
    const at = { method: request.method, path: `${request.host}${request.path}` }
    await guard.denied(identity.principal, rejection, origin, at)
  }
  throw rejection
}
