import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import { invalidField, localeOf, message, Rejection } from '../kernel/index.ts'
import { type ProblemCause, problemHeaders, toProblem, transportProblem } from './problem.ts'
import { addVary } from './request.ts'
import { reasonOf } from './request-log.ts'

/** Answers with the problem that the error stands for. Whatever it was, the caller sees no more than that. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const cause = toProblemCause(error)
  const locale = localeOf(request.headers['accept-language'])
  const problem = toProblem(cause, locale, request.id)
  const origin = error instanceof Rejection ? error.cause : undefined
  request.problem = { code: cause.code, reason: reasonOf(origin) }
  if (problem.status >= 500) {
    request.log.error({ requestId: request.id, err: error, code: cause.code }, 'request failed')
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
