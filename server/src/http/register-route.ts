import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { invalidField, message } from '../kernel/index.ts'
import { authorise } from './authorise.ts'
import { hasBody, requireJson } from './body.ts'
import type { RequestGuard } from './options.ts'
import { callReader } from './read-call.ts'
import type { Access, Route } from './route.ts'

/**
 * Adds one route to the engine, under each of its spellings. The guard is a hook of the route itself, after
 * routing and before the body is read: no spelling of a path can lead around it.
 */
export function registerRoute(
  engine: FastifyInstance,
  guard: RequestGuard,
  basePath: string,
  route: Route,
): void {
  const { access, method } = route as { access: Access; method: Route['method'] }
  const readCall = callReader(route)

  const judgeForm = ({ headers }: FastifyRequest) => {
    route.assertOpen?.()
    if (route.body !== undefined) requireJson(headers)
    // RFC 9110 section 9.3.1: content in a GET has no meaning, so it can only be a mistake or a smuggled request.
    else if (method === 'GET' && hasBody(headers)) throw invalidField('body', message('body.unexpected'))
  }

  const judge = (pattern: string) => (request: FastifyRequest, _reply: FastifyReply, done: () => void) => {
    request.pattern = pattern
    const asked = access === 'public' ? undefined : authorise(guard, { method, access }, request)
    // A promise goes back to the engine, which waits for it; `done` is for the common case that nothing waits.
    if (asked instanceof Promise) return asked.then(() => judgeForm(request))
    judgeForm(request)
    done()
  }

  const handler = (request: FastifyRequest, reply: FastifyReply) => {
    const result: unknown = route.handler(readCall(request))
    if (!(result instanceof Promise)) return sendSuccess(reply, route, result)
    const outcome: Promise<unknown> = access === 'public' ? result : guard.whileSure(result)
    return outcome.then(value => sendSuccess(reply, route, value))
  }

  for (const path of [route.path, ...(route.deprecatedPaths ?? [])]) {
    const url = `${basePath}${path}`
    engine.route({ method, url, onRequest: judge(url), handler })
  }
}

const jsonContentType = 'application/json; charset=utf-8'

/** Gives nothing back: the engine would wait for a reply that it was given, as for a promise, to be sent. */
function sendSuccess(reply: FastifyReply, route: Route, result: unknown): void {
  const { status, contentType, headers } = route.success
  reply.code(status)
  if (headers !== undefined) reply.headers(headers)
  if (status === 204) reply.send()
  else if (contentType !== undefined) reply.type(contentType).send(result)
  else reply.header('content-type', jsonContentType).send(JSON.stringify(result))
}
