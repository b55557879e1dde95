import type { FastifyReply, FastifyRequest } from 'fastify'
import { localeOf, Refusal } from '../kernel/index.ts'
import { toProblemCause } from './fault.ts'
import { type ProblemCode, problemHeaders, toProblem } from './problem.ts'
import { reasonOf } from './request-log.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Why the request was answered with a problem, for the log. */
    problem: { readonly code: ProblemCode; readonly reason: string | undefined } | undefined
  }
}

/** Answers with the problem that the error stands for. Whatever it was, the caller sees no more than the refusal. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const cause = toProblemCause(error)
  const locale = localeOf(request.headers['accept-language'])
  const problem = toProblem(cause, locale, request.id)
  const origin = error instanceof Refusal ? error.cause : undefined
  request.problem = { code: cause.code, reason: reasonOf(origin) }
  if (problem.status >= 500) {
    request.log.error({ requestId: request.id, err: error, code: cause.code }, 'request failed')
  }

  appendVary(reply, 'Accept-Language')
  reply.code(problem.status).headers(problemHeaders(cause, locale)).send(JSON.stringify(problem))
}

export function appendVary(reply: FastifyReply, field: string): void {
  const present = reply.getHeader('vary')
  reply.header('vary', present === undefined ? field : `${String(present)}, ${field}`)
}
