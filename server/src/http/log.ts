import { type Clock, toRfc3339 } from '../kernel/index.ts'
import { describeError } from './describe-error.ts'

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

interface Say {
  (message: string): void
  /** A field `err` is described without what an error may hold of other people's values. */
  (fields: Readonly<Record<string, unknown>>, message: string): void
}

/** JSON lines. What a stranger sent stands inside a JSON string, so nothing in it can begin a line of its own. */
export interface Log {
  readonly info: Say
  readonly warn: Say
  readonly error: Say
  /** Whether lines of `info` are written at all: to make one costs more than to ask. */
  readonly tellsInfo: boolean
}

export interface LogOptions {
  readonly level: LogLevel
  /** Without one nothing is written. */
  readonly stream?: { write(line: string): void }
}

export function createLog({ level, stream }: LogOptions, clock: Clock): Log {
  const timeText = createTimeText(clock)
  const writes = (asked: LogLevel) =>
    stream !== undefined && logLevels.indexOf(asked) >= logLevels.indexOf(level)

  const sayAt = (at: 'info' | 'warn' | 'error'): Say => {
    if (stream === undefined || !writes(at)) return () => {}
    return (first: string | Readonly<Record<string, unknown>>, message?: string) => {
      const fields = typeof first === 'string' ? '' : membersOf(first)
      const text = typeof first === 'string' ? first : message
      stream.write(`{"level":"${at}","time":"${timeText()}"${fields},"msg":${JSON.stringify(text)}}\n`)
    }
  }
  return { info: sayAt('info'), warn: sayAt('warn'), error: sayAt('error'), tellsInfo: writes('info') }
}

/** The members of a JSON object, each with a comma before it. */
function membersOf(fields: Readonly<Record<string, unknown>>): string {
  const told = 'err' in fields ? { ...fields, err: describeError(fields.err) } : fields
  const json = JSON.stringify(told)
  return json === '{}' ? '' : `,${json.slice(1, -1)}`
}

/** The same text serves every line of one millisecond: a busy server writes many. */
function createTimeText(clock: Clock): () => string {
  let writtenMs = Number.NaN
  let text = ''
  return () => {
    const nowMs = clock.nowMs()
    if (nowMs !== writtenMs) {
      writtenMs = nowMs
      text = toRfc3339(nowMs)
    }
    return text
  }
}
