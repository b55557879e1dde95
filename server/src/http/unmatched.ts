import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { message, Refusal } from '../kernel/index.ts'
import type { Cors } from './cors.ts'

const routableMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/**
 * Answers what no route answers: 204 with `Allow` to OPTIONS on a known address (and the CORS preflight with
 * it), 405 with `Allow` to any other method there, 404 everywhere else. X-HTTP-Method-Override means nothing.
 */
export function answerUnmatched(
  engine: FastifyInstance,
  cors: Cors,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  const path = request.raw.url ?? '/'
  const methods = routableMethods.filter(method => engine.findRoute({ method, url: path }) !== null)
  if (methods.length === 0) throw new Refusal('not_found')

  const allowed = [...methods, 'OPTIONS'].join(', ')
  // RFC 9110 section 15.5.6: a 405 must say what would have been taken.
  reply.header('allow', allowed)
  if (request.method !== 'OPTIONS') {
    throw new Refusal('method_not_allowed', {
      detail: message('refusal.method_not_allowed', { method: request.method, allowed }),
    })
  }
  cors.preflight(request, reply, methods)
  return reply.code(204).send()
}
