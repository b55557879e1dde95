import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { defaultLimits } from '../../server/src/http/index.ts'
import { testApp } from '../../server/src/http/testing/test-app.ts'
import { rawClient, sendRaw, statusesIn } from './support/raw-client.ts'

/** A request that nobody sent: an answer to it would mean that we read a message otherwise than its sender. */
const smuggled = 'GET /api/test/items/?search=smuggled HTTP/1.1\r\nHost: x\r\n\r\n'

const get = (headers: string, path = '/api/test/items/') =>
  `GET ${path} HTTP/1.1\r\nHost: x\r\n${headers}\r\n`

const post = (headers: string, body: string) =>
  `POST /api/test/items/ HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\nContent-Type: application/json\r\n${headers}\r\n${body}`

const chunked = (body: string) => post('Transfer-Encoding: chunked\r\n', body)
const lamp = '{"name":"Lamp"}'
const goodChunk = `f\r\n${lamp}\r\n`

/** What must not be read as a message that ends early, with the status of the one answer. */
const shapes: Readonly<Record<string, readonly [bytes: string, status: number]>> = {
  'a chunk larger than any number': [chunked(`FFFFFFFFFFFFFFFFF\r\n${smuggled}`), 400],
  'a chunk of two gigabytes': [chunked(`7FFFFFFF\r\n${'x'.repeat(100_000)}`), 413],
  'a chunk of which only a byte comes': [chunked('7FFFFFFF\r\n{'), 400],
  'a chunk of less than nothing': [chunked(`-1\r\n${smuggled}`), 400],
  'a chunk size with 0x': [chunked(`0x5\r\nhello\r\n0\r\n\r\n${smuggled}`), 400],
  'a chunk size after a blank': [chunked(` 5\r\nhello\r\n0\r\n\r\n${smuggled}`), 400],
  'a chunk size before a blank': [chunked(`5 \r\nhello\r\n0\r\n\r\n${smuggled}`), 400],
  'no chunk size': [chunked(`\r\n${smuggled}`), 400],
  'a chunk with more than it announces': [chunked(`1\r\nhello\r\n0\r\n\r\n${smuggled}`), 400],
  'chunks that end with a bare LF': [chunked(`5\nhello\n0\n\n${smuggled}`), 400],
  'a chunk extension that ends with a bare LF': [chunked(`5;a\nhello\r\n0\r\n\r\n${smuggled}`), 400],
  'no last chunk': [chunked(goodChunk), 400],
  'a chunk extension of 20 KB': [chunked(`f;${'a'.repeat(20_000)}\r\n${lamp}\r\n0\r\n\r\n${smuggled}`), 413],
  'ten thousand trailers': [chunked(`${goodChunk}0\r\n${'X: 1\r\n'.repeat(10_000)}\r\n${smuggled}`), 431],
  'chunked twice': [post('Transfer-Encoding: chunked, chunked\r\n', `0\r\n\r\n${smuggled}`), 400],
  'chunked in two headers': [
    post('Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n', `0\r\n\r\n${smuggled}`),
    400,
  ],
  'chunked, and not last': [post('Transfer-Encoding: chunked, identity\r\n', `0\r\n\r\n${smuggled}`), 400],
  'another coding alone': [post('Transfer-Encoding: identity\r\n', `0\r\n\r\n${smuggled}`), 400],
  'no coding': [post('Transfer-Encoding:\r\n', `0\r\n\r\n${smuggled}`), 400],
  'chunked in quotes': [post('Transfer-Encoding: "chunked"\r\n', `0\r\n\r\n${smuggled}`), 400],
  'chunked after a vertical tab': [post('Transfer-Encoding: \vchunked\r\n', `0\r\n\r\n${smuggled}`), 400],
  'chunked on a folded line': [post('Transfer-Encoding:\r\n chunked\r\n', `0\r\n\r\n${smuggled}`), 400],
  'chunked in HTTP/1.0': [chunked(`0\r\n\r\n${smuggled}`).replace('HTTP/1.1', 'HTTP/1.0'), 400],
  'two lengths in one header': [post('Content-Length: 0, 0\r\n', smuggled), 400],
  'two lengths that agree': [post('Content-Length: 0\r\nContent-Length: 0\r\n', smuggled), 400],
  'a length in two words': [post('Content-Length: 5 5\r\n', smuggled), 400],
  'a length on a folded line': [post('Content-Length: 0\r\n 5\r\n', smuggled), 400],
  'a length in hex': [post('Content-Length: 0x5\r\n', smuggled), 400],
  'a length with an exponent': [post('Content-Length: 1e1\r\n', smuggled), 400],
  'a length below zero': [post('Content-Length: -1\r\n', smuggled), 400],
  'a length beyond any number': [post('Content-Length: 99999999999999999999\r\n', smuggled), 400],
  'an empty length': [post('Content-Length:\r\n', smuggled), 400],
  'a request in the body of a GET': [get(`Content-Length: ${smuggled.length}\r\n`) + smuggled, 400],
  'a folded header': [get('X-A: b\r\n c\r\n'), 400],
  'a folded first line': ['GET /health/live HTTP/1.1\r\n Host: x\r\n\r\n', 400],
  'lines that end with a bare LF': ['GET /health/live HTTP/1.1\nHost: x\n\n', 400],
  'a header that ends with a bare LF': [get('X-A: b\nContent-Length: 5\r\n'), 400],
  'headers that end with a bare LF': [`GET /health/live HTTP/1.1\r\nHost: x\r\n\n${smuggled}`, 400],
  'a bare CR in a header': [get('X-A: b\rContent-Length: 5\r\n'), 400],
  'a NUL in a name': [get('X\0A: b\r\n'), 400],
  'a control character in a header': [get('X-A: b\x01c\r\n'), 400],
  'a blank before the colon': [get('X-A : b\r\n'), 400],
  'a header without a name': [get(': b\r\n'), 400],
  'a header without a colon': [get('abc\r\n'), 400],
  'HTTP/0.9': ['GET /health/live\r\n', 400],
  'HTTP/9.9': ['GET /health/live HTTP/9.9\r\nHost: x\r\n\r\n', 400],
  'http in small letters': ['GET /health/live http/1.1\r\nHost: x\r\n\r\n', 400],
  'the hello of TLS': [`\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03${'a'.repeat(200)}`, 400],
  'a method of 100 KB': ['A'.repeat(100_000), 400],
  'a target of 100 KB': [get('', `/${'a'.repeat(100_000)}`), 431],
  'a header of 64 KB': [get(`X-A: ${'a'.repeat(65_536)}\r\n`), 431],
  'a header of 1 MB': [get(`X-A: ${'a'.repeat(1 << 20)}\r\n`), 431],
  'a name of 64 KB': [get(`${'a'.repeat(65_536)}: 1\r\n`), 431],
  'ten thousand headers': [get('X-A: 1\r\n'.repeat(10_000)), 431],
  'an upgrade to what nobody speaks': [
    get('Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n') + smuggled,
    200,
  ],
  'an upgrade to HTTP/2': [
    get('Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n'),
    200,
  ],
  'a target with a host of its own': [get('', 'http://user:secret@evil.example/health/live'), 200],
  'a target of another protocol': [get('', 'ftp://evil.example'), 404],
  'a target that is a host': [get('', 'evil.example:80'), 400],
  'a second Host behind three thousand headers': [get(`${'a:1\r\n'.repeat(2_900)}Host: y\r\n`), 400],
  'a second Authorization behind three thousand headers': [
    get(
      `Authorization: Bearer good\r\n${'a:1\r\n'.repeat(2_900)}Authorization: Bearer weak\r\n`,
      '/api/test/whoami/',
    ),
    401,
  ],
}

describe('a message that can be read in two ways', { timeout: 120_000 }, () => {
  const { app, log } = testApp({ limits: { ...defaultLimits, keepAliveMs: 1 } })
  let address: string
  before(async () => {
    address = await app.listen({ host: '127.0.0.1', port: 0 })
  })
  after(() => app.close())

  for (const [shape, [bytes, status]] of Object.entries(shapes)) {
    it(`has one answer: ${shape}`, async () => {
      const answer = await sendRaw(address, Buffer.from(bytes, 'latin1'))
      assert.deepEqual(statusesIn(answer), [status], answer.slice(0, 200))
      assert.doesNotMatch(answer, /smuggled/)
    })
  }

  it('is not needed for a body in honest chunks, whose extensions and trailers mean nothing', async () => {
    const body = `f;a=b\r\n${lamp}\r\n0\r\nAuthorization: Bearer weak\r\nHost: evil.example\r\n\r\n`
    assert.deepEqual(statusesIn(await sendRaw(address, chunked(body))), [201])
  })

  it('opens no tunnel', async () => {
    assert.equal(await sendRaw(address, `CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n${smuggled}`), '')
  })

  it('does not take from a whole request before it the answer that it has earned', async () => {
    const started = Promise.withResolvers<void>()
    const proceed = Promise.withResolvers<void>()
    const slow = testApp({
      async readiness() {
        started.resolve()
        await proceed.promise
        return { ready: true, checks: {} }
      },
    })
    const slowAddress = await slow.app.listen({ host: '127.0.0.1', port: 0 })
    const { closed, socket } = rawClient(slowAddress, get('', '/health/ready'))
    await started.promise
    socket.write('nonsense\r\n\r\n')
    socket.write('more nonsense\r\n\r\n')
    // The server has read it once it has answered somebody who came later.
    await sendRaw(slowAddress, get('', '/health/live'))
    proceed.resolve()
    const answer = await closed
    assert.deepEqual(statusesIn(answer), [200])
    assert.match(answer, /connection: close/i)
    await slow.app.close()
  })

  it('answers a thousand requests that come at once, each once and in their order', async () => {
    const requests = Array.from({ length: 1_000 }, (_, index) => get('', `/api/test/items/?search=n${index}`))
    const answer = await sendRaw(address, requests.join(''))
    assert.deepEqual(
      [...answer.matchAll(/"search":"n(\d+)"/g)].map(([, index]) => Number(index)),
      requests.map((_, index) => index),
    )
    assert.equal(statusesIn(answer).length, 1_000)
  })

  it('is no fault of ours', () => {
    assert.deepEqual(
      log.filter(line => line.level === 'error'),
      [],
    )
  })
})
