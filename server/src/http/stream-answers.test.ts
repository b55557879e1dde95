import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { describe, it } from 'node:test'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { promisify } from 'node:util'
import { Rejection } from '../kernel/index.ts'
import { type Route, route } from './route.ts'
import { RouteRegistry } from './route-registry.ts'
import { TextStream } from './schema.ts'
import { testApp, testGuard } from './testing/test-app.ts'

/** What became of a source. */
interface Source {
  given: number
  hasEnded: boolean
}

type Pieces = (source: Source) => AsyncIterable<string> | Promise<AsyncIterable<string>>

const streamRoute = (handler: () => AsyncIterable<string> | Promise<AsyncIterable<string>>): Route =>
  route({
    method: 'GET',
    path: '/lines/',
    access: 'authenticated',
    operationId: 'readLines',
    tag: 'Items',
    summary: 'Read lines',
    description: 'Line by line.',
    success: {
      status: 200,
      description: 'The lines.',
      contentType: 'text/csv; charset=utf-8',
      stream: true,
      schema: TextStream(),
      example: '1\n2\n',
      headers: { 'content-disposition': 'attachment' },
    },
    rejections: ['conflict'],
    handler,
  })

const headers = { authorization: 'Bearer good' }

function world(pieces: Pieces, options: Parameters<typeof testApp>[0] = {}) {
  const source: Source = { given: 0, hasEnded: false }
  const opened = testApp(options, [streamRoute(() => pieces(source))])
  return { ...opened, source }
}

async function* count(source: Source, until: number, piece = 'line\n') {
  try {
    while (source.given < until) {
      source.given += 1
      yield piece
    }
  } finally {
    source.hasEnded = true
  }
}

/** A client on a real socket that has asked; `text` grows while it reads. */
async function ask(app: ReturnType<typeof world>['app'], method = 'GET', more = '') {
  const { hostname, port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }))
  const socket: Socket = connect(Number(port), hostname)
  const received = { socket, text: '', closed: once(socket, 'close') }
  socket.setEncoding('utf8')
  socket.on('error', () => {})
  socket.on('data', (chunk: string) => {
    received.text += chunk
  })
  socket.write(`${method} /api/test/lines/ HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\n${more}\r\n`)
  return received
}

/** A source that waits for ever and can be ended meanwhile, as the events of a client are. */
function closable(source: Source): AsyncIterable<string> {
  const end = Promise.withResolvers<void>()
  return {
    [Symbol.asyncIterator]: () => ({
      async next() {
        source.given += 1
        await end.promise
        return { done: true, value: undefined }
      },
      async return() {
        source.hasEnded = true
        end.resolve()
        return { done: true, value: undefined }
      },
    }),
  }
}

/** The client goes, and the server has noticed it. */
async function leave(socket: Socket, app: ReturnType<typeof world>['app']) {
  socket.destroy()
  const connections = () => promisify(app.server.getConnections.bind(app.server))()
  while ((await connections()) > 0) await setImmediate()
}

/** Fails where a source is left open, instead of waiting for ever. */
async function endOf(source: Source) {
  for (let turns = 0; turns < 1_000 && !source.hasEnded; turns++) await setImmediate()
  assert.ok(source.hasEnded, 'the source was left open')
}

/** The answer is there, and nobody may rely on it any more. */
async function lostAfter<T>(work: Promise<T>): Promise<T> {
  await work
  throw new Rejection('unavailable')
}

const until = async (condition: () => boolean) => {
  while (!condition()) await setImmediate()
}
const isComplete = (text: string) => text.endsWith('0\r\n\r\n')

describe('a route that answers a stream', () => {
  it('sends every piece, with its own headers and those of every answer', async () => {
    const { app, source, log } = world(given => count(given, 3))
    const answer = await app.inject({ url: '/api/test/lines/', headers })
    assert.deepEqual([answer.statusCode, answer.body], [200, 'line\nline\nline\n'])
    assert.equal(answer.headers['content-type'], 'text/csv; charset=utf-8')
    assert.equal(answer.headers['content-disposition'], 'attachment')
    assert.equal(answer.headers['cache-control'], 'no-store')
    assert.equal(answer.headers['x-content-type-options'], 'nosniff')
    assert.ok(source.hasEnded)
    assert.deepEqual(
      log.map(line => [line.msg, line.status]),
      [['request', 200]],
    )
  })

  it('may have nothing to say', async () => {
    const { app } = world(async given => count(given, 0))
    const answer = await app.inject({ url: '/api/test/lines/', headers })
    assert.deepEqual([answer.statusCode, answer.body], [200, ''])
  })

  it('answers what is refused before the first piece as any other route does', async () => {
    const refuseAtOnce = () => {
      throw new Rejection('conflict')
    }
    const refuseLater = async () => refuseAtOnce()
    // biome-ignore lint/correctness/useYield: it refuses before it could.
    async function* refuseInside() {
      throw new Rejection('conflict')
    }
    for (const pieces of [refuseAtOnce, refuseLater, refuseInside]) {
      const answer = await world(pieces).app.inject({ url: '/api/test/lines/', headers })
      assert.deepEqual([answer.statusCode, answer.json().code], [409, 'conflict'])
      assert.equal(answer.headers['content-type'], 'application/problem+json; charset=utf-8')
      assert.equal(answer.headers['content-disposition'], undefined)
    }
  })

  it('is behind the same guard', async () => {
    const { app, source } = world(given => count(given, 3))
    assert.equal((await app.inject({ url: '/api/test/lines/' })).statusCode, 401)
    assert.equal(source.given, 0)
  })

  it('answers HEAD with the head and leaves the rest of the source alone', async () => {
    const { app, source } = world(given => count(given, 1_000_000))
    const received = await ask(app, 'HEAD', 'Connection: close\r\n')
    await received.closed
    assert.match(received.text, /^HTTP\/1\.1 200 /)
    assert.match(received.text, /content-type: text\/csv; charset=utf-8\r\n/)
    assert.doesNotMatch(received.text, /content-length|line/)
    assert.deepEqual(source, { given: 1, hasEnded: true })
    await app.close()
  })

  it('asks the source for no more than a client reads', async () => {
    const { app, source } = world(given => count(given, 10_000, 'x'.repeat(10_000)))
    const received = await ask(app)
    received.socket.pause()
    await until(() => source.given > 1)
    let before = 0
    // The buffers between the two fill up; then nothing moves any more.
    while (before !== source.given) {
      before = source.given
      await setTimeout(100)
    }
    assert.ok(source.given < 9_000, `${source.given} pieces`)
    assert.ok(!source.hasEnded)
    received.socket.resume()
    await until(() => isComplete(received.text))
    assert.deepEqual(source, { given: 10_000, hasEnded: true })
    received.socket.destroy()
    await app.close()
  })

  it('ends the source when the client goes away, and writes the request down', async () => {
    const { app, source, log } = world(given => count(given, Number.POSITIVE_INFINITY))
    const received = await ask(app)
    await until(() => source.given > 5)
    received.socket.destroy()
    await until(() => source.hasEnded && log.some(line => line.msg === 'request'))
    assert.ok(!log.some(line => line.level === 'error'))
    await app.close()
  })

  for (const method of ['GET', 'HEAD']) {
    it(`ends a source whose client is gone before its first piece, at ${method}`, async () => {
      const [asked, first] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      const { app, source } = world(async function* (given) {
        try {
          asked.resolve()
          await first.promise
          yield* count(given, Number.POSITIVE_INFINITY)
        } finally {
          given.hasEnded = true
        }
      })
      const received = await ask(app, method)
      await asked.promise
      await leave(received.socket, app)
      first.resolve()
      await endOf(source)
      await app.close()
    })

    it(`ends a source that is still being made when its client goes, at ${method}`, async () => {
      const [asked, made] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      const { app, source } = world(async given => {
        asked.resolve()
        await made.promise
        return closable(given)
      })
      const received = await ask(app, method)
      await asked.promise
      await leave(received.socket, app)
      made.resolve()
      await endOf(source)
      await app.close()
    })

    it(`a waiting source is ended at once when its client is gone, at ${method}`, async () => {
      const { app, source } = world(closable)
      const received = await ask(app, method)
      await until(() => source.given > 0)
      received.socket.destroy()
      await endOf(source)
      await app.close()
    })

    it(`ends a source that was opened while the node lost its knowledge, at ${method}`, async () => {
      const { app, source } = world(given => count(given, Number.POSITIVE_INFINITY), {
        guard: { ...testGuard, whileSure: lostAfter },
      })
      const answer = await app.inject({ method: method as 'GET', url: '/api/test/lines/', headers })
      assert.equal(answer.statusCode, 503)
      await endOf(source)
      assert.equal(source.given, 1)
    })
  }

  it('the connection is cut when the source fails in the middle, and the failure is logged', async () => {
    const { app, log } = world(async function* (given) {
      yield* count(given, 3)
      throw new Error('the store is gone')
    })
    const received = await ask(app)
    await received.closed
    assert.match(received.text, /^HTTP\/1\.1 200 .*line/s)
    assert.ok(!isComplete(received.text))
    const fault = log.find(line => line.level === 'error')
    assert.equal((fault?.err as { message: string }).message, 'the store is gone')
    assert.equal(fault?.requestId, log.find(line => line.msg === 'request')?.requestId)
    await app.close()
  })

  it('is finished by a closing server when it comes to its end soon', async () => {
    const last = Promise.withResolvers<void>()
    const { app } = world(async function* (given) {
      yield* count(given, 1)
      await last.promise
      yield* count(given, 2)
    })
    const received = await ask(app)
    await until(() => received.text.includes('line'))
    const closed = app.close()
    last.resolve()
    await Promise.all([closed, received.closed])
    assert.ok(isComplete(received.text))
  })

  it('is cut by a closing server when it goes on and on, also where its source is waiting', async () => {
    const { app, source } = world(async function* (given) {
      yield* count(given, 1)
      await new Promise(() => {})
    })
    const received = await ask(app)
    await until(() => received.text.includes('line'))
    await Promise.all([app.close(), received.closed])
    assert.ok(!isComplete(received.text))
    assert.equal(source.given, 1)
  })

  it('is a text of its media type in the documents', async () => {
    const { app } = world(given => count(given, 1))
    const document = (await app.inject('/openapi.json')).json()
    const operation = document.paths['/api/test/lines/']?.get as { responses: Record<string, object> }
    assert.deepEqual((operation.responses['200'] as { content: object }).content, {
      'text/csv': { schema: { type: 'string' }, example: '1\n2\n' },
    })
  })

  it('names its content type, or cannot be registered', () => {
    const { contentType: _, ...success } = streamRoute(() => count({ given: 0, hasEnded: false }, 1)).success
    const unnamed = { ...streamRoute(() => count({ given: 0, hasEnded: false }, 1)), success }
    assert.throws(() => new RouteRegistry().add('/api/test', unnamed), /content type/)
  })
})
