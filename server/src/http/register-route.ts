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

  const judge = async (request: FastifyRequest) => {
    if (access !== 'public') await authorise(guard, { method, access }, request)
    route.assertOpen?.()
    if (route.body !== undefined) requireJson(request.headers)
    // RFC 9110 section 9.3.1: content in a GET has no meaning, so it can only be a mistake or a smuggled request.
    else if (method === 'GET' && hasBody(request.headers))
      throw invalidField('body', message('body.unexpected'))
  }

  const handler = async (request: FastifyRequest, reply: FastifyReply) => {
    const result: unknown = await route.handler(readCall(request))
    return sendSuccess(reply, route, result)
  }

  for (const path of [route.path, ...(route.deprecatedPaths ?? [])]) {
    engine.route({ method, url: `${basePath}${path}`, onRequest: judge, handler })
  }
}

function sendSuccess(reply: FastifyReply, route: Route, result: unknown): FastifyReply {
  const { status, contentType, headers } = route.success
  reply.code(status)
  if (headers !== undefined) reply.headers(headers)
  if (status === 204) return reply.send()
  if (contentType !== undefined) return reply.type(contentType).send(result)
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(result))
}
