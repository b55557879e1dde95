import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest, RouteOptions } from 'fastify'
import type { AuthenticationRequirement } from '../step-up.ts'
import type { Principal } from '../verdict.ts'
import {
  type AdapterOptions,
  actionOf,
  authorizing,
  type CheckingGate,
  type Needed,
  neededOf,
} from './authorize-request.ts'
import { presentedByNode } from './node-request.ts'
import { protectedResource } from './protected-resource.ts'

export type { Principal } from '../verdict.ts'
export type { CheckingGate, RefusalReport } from './authorize-request.ts'

/** What a route says of its callers: a resource, and an action where its method does not say it; or that it is public. */
export interface RouteAccess {
  readonly resource?: string
  readonly action?: string
  readonly stepUp?: AuthenticationRequirement
  readonly access?: 'public'
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The code name of the resource that the route is about. */
    resource?: string
    /** What is done to it; without it the method says it. */
    action?: string
    /** How strongly and how recently the caller must have proved who is there (RFC 9470). */
    stepUp?: AuthenticationRequirement
    /** The route asks for no token. */
    access?: 'public'
  }
  interface FastifyRequest {
    /** Who is asking. Throws on a public route. */
    readonly principal: Principal
  }
}

export interface PropuskOptions extends AdapterOptions {
  readonly gate: CheckingGate
  /** Says it for routes that cannot say it themselves: those that another plugin adds. */
  readonly accessOf?: (route: { readonly method: string; readonly url: string }) => RouteAccess | undefined
}

const known = Symbol('propusk.principal')

/**
 * Each route of the application says its resource in its `config`, or `access: 'public'`; a route that says nothing cannot be
 * registered. Register it before the routes, and after `@fastify/cors`: a preflight has no token.
 */
const register: FastifyPluginAsync<PropuskOptions> = async (app, { gate, accessOf, ...options }) => {
  const authorize = authorizing(gate, options)
  decorate(app)
  app.addHook('onRoute', route => checkRoute(route, accessOf))

  const check = async (request: FastifyRequest, reply: FastifyReply) => {
    if (request.is404) return
    const { config } = request.routeOptions
    const { resource, action, stepUp, access } = config
    if (resource === undefined && access === 'public') return
    // It was registered before this plugin.
    if (resource === undefined) throw new TypeError(`${nameOf(request.routeOptions)} ${whatToSay}`)
    const answer = await authorize(presentedByNode(request.raw), { resource, action, stepUp })
    if (answer.ok) {
      ;(request as Principled)[known] = answer.principal
      return
    }
    const { status, headers, problem } = answer.refusal
    return reply.code(status).headers(headers).send(JSON.stringify(problem))
  }
  app.addHook('onRequest', check)
  // What was true when the head came may have ended while the body came.
  app.addHook('preHandler', async (request, reply) => {
    if (request.body !== undefined) return check(request, reply)
  })
  if (options.protectedResource !== undefined) serveMetadata(app, gate, options.protectedResource)
}

/** For all of the application, and not for the plugin's own part of it: what `fastify-plugin` does. */
export const propusk: FastifyPluginAsync<PropuskOptions> = Object.assign(register, {
  [Symbol.for('skip-override')]: true,
  [Symbol.for('fastify.display-name')]: '@propusk/gate',
  [Symbol.for('plugin-meta')]: { name: '@propusk/gate', fastify: '5.x' },
})

type Principled = FastifyRequest & { [known]?: Principal | null }

function decorate(app: FastifyInstance): void {
  app.decorateRequest(known, null)
  app.decorateRequest('principal', {
    getter(this: Principled) {
      const principal = this[known]
      if (principal) return principal
      throw new TypeError(`${nameOf(this.routeOptions)} has no principal: it is public`)
    },
  })
}

/** Throws a TypeError for a route that does not say who may call it. */
function checkRoute(route: RouteOptions, accessOf: PropuskOptions['accessOf']): void {
  const methods = [route.method].flat()
  const config = { ...route.config, ...foundOf(route, methods, accessOf) }
  route.config = config
  const { resource, action, stepUp, access } = config
  const name = nameOf(route)
  if (resource === undefined && access === undefined) throw new TypeError(`${name} ${whatToSay}`)
  if (resource === undefined && (access !== 'public' || action !== undefined)) {
    throw new TypeError(
      `${name} has access ${JSON.stringify(access)} and action ${JSON.stringify(action)}: ${advice}`,
    )
  }
  if (resource === undefined && stepUp !== undefined) {
    throw new TypeError(`${name} asks for a step-up and is public: say a resource`)
  }
  if (resource === undefined) return
  if (access !== undefined) throw new TypeError(`${name} names a resource and is public: say one of both`)
  checkNeeded(name, methods, { resource, action, stepUp })
}

/** What a route says itself counts. */
function foundOf(
  { url, config }: RouteOptions,
  methods: readonly string[],
  accessOf: PropuskOptions['accessOf'],
): RouteAccess | undefined {
  if (config?.resource !== undefined || config?.access !== undefined) return undefined
  const found = methods.map(method => accessOf?.({ method, url }))
  const isOne = found.every(each => JSON.stringify(each) === JSON.stringify(found[0]))
  if (!isOne) throw new TypeError(`accessOf says different things for ${methods.join(', ')} ${url}`)
  return found[0]
}

function checkNeeded(name: string, methods: readonly string[], needed: Needed): void {
  try {
    neededOf(needed.resource, needed)
    for (const method of methods) actionOf(method, needed)
  } catch (cause) {
    throw new TypeError(`${name}: ${(cause as Error).message}`, { cause })
  }
}

const nameOf = ({ method, url }: { readonly method?: unknown; readonly url?: unknown }): string =>
  `Route ${[method].flat().join(', ')} ${url}`

const advice =
  "say { config: { resource: 'documents' } }, with an action if need be, or { config: { access: 'public' } }"
const whatToSay = `does not say who may call it: ${advice}. For a route of another plugin give accessOf, or register that plugin first where its hooks answer (CORS)`

function serveMetadata(app: FastifyInstance, gate: CheckingGate, address: string): void {
  const { path, body, headers } = protectedResource(gate, address)
  app.get(path, { config: { access: 'public' } }, (_request, reply) => reply.headers(headers).send(body))
}
