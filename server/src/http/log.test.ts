import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { prettyFactory } from 'pino-pretty'
import { createLog, type LogLevel } from './log.ts'

function logTo(level: LogLevel, nowMs = 1_763_900_000_123) {
  const written: string[] = []
  const log = createLog({ level, stream: { write: line => void written.push(line) } }, { nowMs: () => nowMs })
  return { log, written, lines: () => written.map(line => JSON.parse(line)) }
}

describe('the log', () => {
  it('writes a line of JSON each time, with its level, its time and its fields', () => {
    const { log, written, lines } = logTo('info')
    log.info('up')
    log.warn({ userId: 7, none: undefined }, 'odd')
    log.error({}, 'bad')
    assert.ok(written.every(line => line.indexOf('\n') === line.length - 1))
    const time = '2025-11-23T12:13:20.123Z'
    assert.deepEqual(lines(), [
      { level: 'info', time, msg: 'up' },
      { level: 'warn', time, userId: 7, msg: 'odd' },
      { level: 'error', time, msg: 'bad' },
    ])
  })

  it('leaves out what is below its level', () => {
    const written = (level: LogLevel) => {
      const { log, lines } = logTo(level)
      for (const at of ['info', 'warn', 'error'] as const) log[at]('x')
      return lines().map(line => line.level)
    }
    assert.deepEqual(written('trace'), ['info', 'warn', 'error'])
    assert.deepEqual(written('info'), ['info', 'warn', 'error'])
    assert.deepEqual(written('warn'), ['warn', 'error'])
    assert.deepEqual(written('fatal'), [])
    assert.deepEqual(written('silent'), [])
    assert.deepEqual(
      ['info', 'warn'].map(at => logTo(at as LogLevel).log.isLevelEnabled('info')),
      [true, false],
    )
  })

  it('the log escapes what a client sent, so that it begins no line or field of its own', () => {
    const { log, written, lines } = logTo('info')
    const text = '\n{"level":"error"}\u2028","msg":"forged'
    log.info({ path: text, level: 'error' }, text)
    assert.equal(written.length, 1)
    assert.equal(written[0]!.split('\n').length, 2)
    assert.deepEqual([lines()[0].path, lines()[0].msg], [text, text])
  })

  it('the log shows only those parts of an error that hold no values', () => {
    const { log, lines } = logTo('error')
    const row = { password: 'secret' }
    const cause = Object.assign(new TypeError('deeper'), { code: 'E_DEEP', row })
    log.error({ err: new Error('top', { cause }) }, 'failed')
    const { err } = lines()[0]
    assert.deepEqual(
      [err.type, err.message, err.cause.type, err.cause.code],
      ['Error', 'top', 'TypeError', 'E_DEEP'],
    )
    assert.match(err.stack, /log\.test/)
    assert.doesNotMatch(JSON.stringify(err), /secret/)
  })

  it('is shown by pino-pretty', () => {
    const { log, written } = logTo('info')
    log.warn({ status: 503 }, 'request')
    const shown = prettyFactory({ colorize: false })(written[0]!)
    assert.match(shown, /^\[.*\] WARN: request\n\s+status: 503\n$/)
  })

  it('shows no field that is named like a secret, at the first or second level', () => {
    const { log, lines } = logTo('info')
    log.info({ password: 'hunter2', body: { refresh: 'eyJ', email: 'a@example.org' } }, 'x')
    const { password, body } = lines()[0]
    assert.deepEqual([password, body.refresh, body.email], ['[Redacted]', '[Redacted]', 'a@example.org'])
  })
})
