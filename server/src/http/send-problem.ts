import { localeOf, Refusal } from '../kernel/index.ts'
import { type HeadMaker, send } from './answer.ts'
import type { Exchange } from './exchange.ts'
import type { Log } from './log.ts'
import { problemHeaders, toProblem, toProblemCause } from './problem.ts'
import { reasonOf } from './request-log.ts'

/** Answers with the problem that the error stands for. Whatever it was, the caller sees no more than the refusal. */
export function sendProblem(log: Log, headOf: HeadMaker, exchange: Exchange, error: unknown): void {
  const cause = toProblemCause(error)
  const locale = localeOf(exchange.request.headers['accept-language'])
  const problem = toProblem(cause, locale, exchange.id)
  const origin = error instanceof Refusal ? error.cause : undefined
  exchange.problem = { code: cause.code, reason: reasonOf(origin) }
  if (problem.status >= 500) {
    log.error({ requestId: exchange.id, err: error, code: cause.code }, 'request failed')
  }
  exchange.addVary('Accept-Language')
  send(exchange, {
    status: problem.status,
    head: headOf(problemHeaders(cause, locale)),
    body: JSON.stringify(problem),
  })
}
