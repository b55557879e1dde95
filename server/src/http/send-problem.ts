import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { invalidField, localeOf, message, type Random, Rejection } from '../kernel/index.ts'
import { type Log, reasonOf } from './log.ts'
import { STATUS_CODES } from './node-server.ts'
import {
  type ProblemCause,
  type ProblemCode,
  problemHeaders,
  toProblem,
  transportProblem,
} from './problem.ts'
import { addVary } from './request.ts'

/** Answers with the problem that the error stands for. Whatever it was, the caller sees no more than that. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const cause = toProblemCause(error)
  const refuse = request.routeOptions.config?.record?.standard?.refuse
  const locale = refuse === undefined ? localeOf(request.headers['accept-language']) : 'en'
  const problem = toProblem(cause, locale, request.id)
  const reason = error instanceof Rejection ? reasonOf(error.cause) : undefined
  request.problem = { code: cause.code, reason }
  if (problem.status >= 500) {
    request.log.error({ requestId: request.id, err: error, code: cause.code }, 'request failed')
  }
  if (refuse !== undefined) {
    const scheme = request.headers.authorization?.split(' ', 1)[0]?.toLowerCase()
    const { status, body, headers } = refuse(problem, reason, scheme)
    const common = { ...problemHeaders(cause, locale), 'content-type': 'application/json; charset=utf-8' }
    return reply
      .code(status)
      .headers({ ...common, ...headers })
      .send(JSON.stringify(body))
  }
  addVary(reply, 'Accept-Language')
  return reply.code(problem.status).headers(problemHeaders(cause, locale)).send(JSON.stringify(problem))
}

/** An unknown error is a fault of ours: an opaque 500, its cause in the log only. */
function toProblemCause(error: unknown): ProblemCause {
  if (error instanceof Rejection) return error
  return rejectionOf(error as Partial<FastifyError> | null) ?? transportProblem('internal_error')
}

/** What Fastify and its plugins throw by themselves, as the rejection it means. */
function rejectionOf(error: Partial<FastifyError> | null): ProblemCause | undefined {
  switch (error?.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new Rejection('too_large')
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new Rejection('unsupported_media_type')
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'ECONNRESET':
      return new Rejection('invalid_request')
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return invalidField('path', message('path.malformed'))
    case 'FST_ERR_NOT_FOUND':
      return new Rejection('not_found')
  }
  // What @fastify/static and @fastify/send refuse: a path that leads out of their folder, or that is none.
  const { statusCode = 500 } = error ?? {}
  if (statusCode === 403 || statusCode === 404) return new Rejection('not_found')
  return statusCode >= 400 && statusCode < 500 ? invalidField('path', message('path.malformed')) : undefined
}

/**
 * Answers on the bare socket what Node could not read as a request, then closes it: after a malformed message the start
 * of the next one is unknown (RFC 9112 section 11.2).
 */
export function clientErrorAnswer(random: Random, log: Log, commonHeaders: Readonly<Record<string, string>>) {
  return function answer(error: NodeJS.ErrnoException, socket: Socket): void {
    if (error.code === 'ECONNRESET' || !socket.writable || openAnswerOf(socket)?.headersSent) {
      socket.destroy()
      return
    }
    const current = openAnswerOf(socket)
    if (current?.req.complete) {
      // What cannot be read came after a whole request. That one has its own answer, the last on this connection.
      current.shouldKeepAlive = false
      return
    }
    log.info({ reason: error.code }, 'a request could not be read')
    const cause = transportProblem(codeOf(error.code))
    const problem = toProblem(cause, 'en', random.uuid())
    const body = JSON.stringify(problem)
    const headers = {
      ...commonHeaders,
      ...problemHeaders(cause, 'en'),
      'content-length': String(Buffer.byteLength(body)),
      connection: 'close',
    }
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.end(`HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}\r\n${lines.join('')}\r\n${body}`)
    // The client may go on sending; it has its answer, and nothing more is read.
    socket.destroySoon()
  }
}

/** In the middle of an answer a second one would be read as part of it; Node keeps the answer on its socket. */
const openAnswerOf = (socket: Socket): ServerResponse | undefined =>
  (socket as Socket & { _httpMessage?: ServerResponse | null })._httpMessage ?? undefined

function codeOf(errorCode: string | undefined): ProblemCode {
  switch (errorCode) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return 'request_timeout'
    case 'HPE_HEADER_OVERFLOW':
      return 'headers_too_large'
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return 'too_large'
    default:
      return 'invalid_request'
  }
}

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
