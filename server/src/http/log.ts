import pino, { type DestinationStream, type Logger } from 'pino'
import { type Clock, toRfc3339 } from '../kernel/index.ts'
import { describeError } from './describe-error.ts'

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
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
