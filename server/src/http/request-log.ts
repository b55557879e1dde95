import type { FastifyReply, FastifyRequest } from 'fastify'
import { LogController } from 'fastify'
import { toRfc3339 } from '../kernel/index.ts'
import type { HttpOptions } from './options.ts'
import { addressOf } from './origin-of.ts'

/** Long enough for every path of ours; what a stranger sends beyond that is of no use in a log. */
const maxLoggedPath = 200

/** Our own line per request replaces the engine's, which hold the query string and the peer's address. */
export const quietLogController = () => new LogController({ disableRequestLogging: true })

/** JSON lines. What a stranger sent stands inside a JSON string, so nothing in it can begin a line of its own. */
export const loggerOptions = ({ log, clock }: Pick<HttpOptions, 'log' | 'clock'>) => ({
  level: log.level,
  ...(log.stream && { stream: log.stream }),
  base: null,
  timestamp: timestampOf(clock),
  formatters: { level: (level: string) => ({ level }) },
  serializers: { err: describeError },
})

/** The same text serves every line of one millisecond: a busy server writes many. */
function timestampOf(clock: HttpOptions['clock']): () => string {
  let writtenMs = Number.NaN
  let text = ''
  return () => {
    const nowMs = clock.nowMs()
    if (nowMs !== writtenMs) {
      writtenMs = nowMs
      text = `,"time":"${toRfc3339(nowMs)}"`
    }
    return text
  }
}

/** A path without its query string and without anything in it that looks like a token. */
export function pathForLog(url: string): string {
  const path = url.split(/[?#]/, 1)[0]!
  return (path.includes('eyJ') ? path.replace(/eyJ[\w-]*(?:\.[\w-]*)*/g, '[token]') : path).slice(
    0,
    maxLoggedPath,
  )
}

/** One line when a request is over: what was asked, from where, how it ended, and why it was refused. */
export function logRequest(request: FastifyRequest, reply: FastifyReply): void {
  const { problem, principal } = request
  request.log.info(
    {
      requestId: request.id,
      method: request.method,
      path: pathForLog(request.raw.url ?? ''),
      status: reply.statusCode,
      ip: addressOf(request),
      durationMs: Math.round(reply.elapsedTime * 10) / 10,
      ...(principal && { userId: principal.userId }),
      ...(problem && { code: problem.code, ...(problem.reason && { reason: problem.reason }) }),
    },
    'request',
  )
}

type ErrorRecord = { type: string; message: string; stack: string; [key: string]: unknown }

/**
 * What a log tells of a fault. Only fields that are known to hold no values: a driver puts the row it choked
 * on into others.
 */
export function describeError(error: unknown, depth = 0): ErrorRecord {
  if (!(error instanceof Error)) {
    return { type: typeof error, message: typeof error === 'string' ? error : 'not an Error', stack: '' }
  }
  const { code } = error as { code?: unknown }
  return {
    type: error.name,
    message: error.message,
    ...(typeof code === 'string' && { code }),
    stack: error.stack ?? '',
    ...(error.cause !== undefined && depth < 3 && { cause: describeError(error.cause, depth + 1) }),
  }
}

/** Why a request was refused, when the refusal names it as a plain code; a sentence might hold a secret. */
export const reasonOf = (cause: unknown): string | undefined => {
  const text = cause instanceof Error ? cause.message : cause
  return typeof text === 'string' && /^[a-z0-9_.-]{1,60}$/.test(text) ? text : undefined
}
