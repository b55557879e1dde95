import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import { describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { readBytes } from './read-bytes.ts'

/** A body that comes as it is written; `told` grows with each time that its reader is told. */
function reading(limit: number, headers: Record<string, string> = {}) {
  const body = new PassThrough()
  const told: (string | undefined)[] = []
  const request = Object.assign(body, { headers }) as unknown as IncomingMessage
  readBytes(request, limit, (refusal, bytes) => told.push(refusal?.code ?? Buffer.from(bytes).toString()))
  return { body, told }
}

describe('a body', () => {
  it('is put together from its pieces', async () => {
    const { body, told } = reading(10)
    body.write('abc')
    await setImmediate()
    body.end('defghij')
    await setImmediate()
    assert.deepEqual(told, ['abcdefghij'])
  })

  it('may be empty', async () => {
    const { body, told } = reading(10)
    body.end()
    await setImmediate()
    assert.deepEqual(told, [''])
  })

  it('that announces too much is refused at once', () => {
    assert.deepEqual(reading(10, { 'content-length': '11' }).told, ['too_large'])
    assert.deepEqual(reading(10, { 'content-length': '10' }).told, [])
  })

  it('that grows too long is refused once, and what comes after changes nothing', async () => {
    const { body, told } = reading(10)
    body.write('x'.repeat(11))
    body.write('more')
    body.end()
    await setImmediate()
    assert.deepEqual(told, ['too_large'])
  })

  it('that breaks off is refused, and later faults are nobody’s', async () => {
    const { body, told } = reading(10)
    body.write('abc')
    body.destroy(new Error('gone'))
    await setImmediate()
    body.emit('error', new Error('again'))
    assert.deepEqual(told, ['invalid_request'])
  })
})
