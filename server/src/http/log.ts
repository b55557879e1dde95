import type { FastifyReply, FastifyRequest } from 'fastify'
import pino, { type DestinationStream, type Logger } from 'pino'
import { type Clock, toRfc3339 } from '../kernel/index.ts'

const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]
export type Log = Logger

export interface LogOptions {
  readonly level: LogLevel
  /** Without one nothing is written. */
  readonly stream?: DestinationStream
}

/** Fields that hold a secret wherever they stand, should one ever be logged. */
const secretFields = [
  'password',
  'password2',
  'current_password',
  'access',
  'refresh',
  'token',
  'authorization',
  'cookie',
]

/** JSON lines. What a client sent stands inside a JSON string, so nothing in it can begin a line of its own. */
export function createLog({ level, stream }: LogOptions, clock: Clock): Log {
  const options = {
    level: stream === undefined ? 'silent' : level,
    base: null,
    timestamp: () => `,"time":"${toRfc3339(clock.nowMs())}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError },
    redact: secretFields.flatMap(field => [field, `*.${field}`]),
  }
  return stream === undefined ? pino(options) : pino(options, stream)
}

/** Long enough for every path of ours; what a client sends beyond that is of no use in a log. */
const maxLoggedPath = 200

/** No segment that a route of ours begins with is longer. */
const maxUnmatchedSegment = 24

/** A path without its query string and without anything in it that looks like a token. */
export function pathForLog(url: string): string {
  const path = url.split(/[?#]/, 1)[0]!
  return (path.includes('eyJ') ? path.replace(/eyJ[\w-]*(?:\.[\w-]*)*/g, '[token]') : path).slice(
    0,
    maxLoggedPath,
  )
}

/**
 * What is left of an address that no route has: its first two segments, since people paste tokens into addresses. A
 * long segment says nothing but might be one.
 */
function unmatchedPathForLog(url: string): string {
  const [first, ...others] = pathForLog(url).split('/').slice(1)
  const [second, ...rest] = others
  const shown = [first, second].filter(segment => segment !== undefined)
  const path = shown.map(segment => `/${segment.length > maxUnmatchedSegment ? '[long]' : segment}`).join('')
  return rest.some(segment => segment !== '') ? `${path}/[more]` : path
}

/** One line when a request is over: what was asked, from where, how it ended, and why it was refused. */
export function logRequest(request: FastifyRequest, reply: FastifyReply): void {
  if (!(request.log as Log).isLevelEnabled('info')) return
  const { problem, principal } = request
  request.log.info(
    {
      requestId: request.id,
      method: request.method,
      path: isMatched(request) ? pathForLog(request.url) : unmatchedPathForLog(request.url),
      status: reply.statusCode,
      ip: request.clientAddress,
      durationMs: Math.round(reply.elapsedTime * 10) / 10,
      ...(principal && { userId: principal.userId }),
      ...(problem && { code: problem.code, ...(problem.reason && { reason: problem.reason }) }),
    },
    'request',
  )
}

/** A malformed address meets no route either, and its request knows of none. */
const isMatched = ({ is404, routeOptions }: FastifyRequest): boolean =>
  !is404 && routeOptions?.url !== undefined

/** Why a request was refused, when the rejection names it as a plain code; a sentence might hold a secret. */
export const reasonOf = (cause: unknown): string | undefined => {
  const text = cause instanceof Error ? cause.message : cause
  return typeof text === 'string' && /^[a-z0-9_.-]{1,60}$/.test(text) ? text : undefined
}

type ErrorRecord = { type: string; message: string; stack: string; [key: string]: unknown }

/**
 * What a log tells of a fault. Only fields that are known to hold no values: a driver puts the row it choked
 * on into others.
 */
function describeError(error: unknown, depth = 0): ErrorRecord {
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
