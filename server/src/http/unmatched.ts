import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { message, Rejection } from '../kernel/index.ts'

const routableMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const

/** The methods that have a route at the address, in the order in which `Allow` names them. */
export function methodsAt(app: FastifyInstance, url: string): readonly string[] {
  const path = url.split(/[?#]/, 1)[0]!
  return routableMethods.filter(method => app.findRoute({ method, url: path }) !== null)
}

/**
 * Answers what no route answers: 204 with `Allow` to OPTIONS on a known address, 405 with `Allow` to any other method
 * there, 404 everywhere else. X-HTTP-Method-Override means nothing.
 */
export function answerUnmatched(app: FastifyInstance, request: FastifyRequest, reply: FastifyReply) {
  const methods = methodsAt(app, request.url)
  // A route that is there may have found nothing itself, such as a file.
  if (methods.length === 0 || methods.includes(request.method)) throw new Rejection('not_found')

  const allowed = [...methods, 'OPTIONS'].join(', ')
  // RFC 9110 section 15.5.6: a 405 must say what would have been taken.
  reply.header('allow', allowed)
  if (request.method !== 'OPTIONS') {
    throw new Rejection('method_not_allowed', {
      detail: message('rejection.method_not_allowed', { method: request.method, allowed }),
    })
  }
  return reply.code(204).send()
}
