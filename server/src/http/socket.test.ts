import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { type TestApp, testApp } from './testing/test-app.ts'

describe('on a real socket', () => {
  let world: TestApp
  let port: number

  before(async () => {
    world = testApp()
    port = Number(new URL(await world.app.listen({ host: '127.0.0.1', port: 0 })).port)
  })
  after(() => world.app.close())

  /** Sends bytes as they are and gives back everything that was answered until the server closed. */
  const send = (bytes: string | Buffer): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(bytes))
      let answer = ''
      socket.setEncoding('utf8')
      socket.on('data', (chunk: string) => {
        answer += chunk
      })
      socket.on('close', () => resolve(answer))
      socket.on('error', reject)
    })

  const get = (path: string, ...headers: string[]) =>
    send(
      [
        'GET ',
        path,
        ' HTTP/1.1\r\n',
        ['Host: x', 'Connection: close', ...headers].join('\r\n'),
        '\r\n\r\n',
      ].join(''),
    )
  const statusOf = (answer: string) => Number(answer.split(' ')[1])
  const answersIn = (answer: string) => answer.match(/HTTP\/1\.1 \d{3}/g)?.length

  it('two Authorization headers are no authentication, in either order', async () => {
    for (const pair of [
      ['good', 'weak'],
      ['good', 'good'],
      ['weak', 'good'],
    ]) {
      const answer = await get('/api/test/whoami/', ...pair.map(token => `Authorization: Bearer ${token}`))
      assert.equal(statusOf(answer), 401)
      assert.match(answer, /"code":"not_authenticated"/)
    }
    assert.equal(statusOf(await get('/api/test/whoami/', 'authorization: Bearer good')), 200)
  })

  it('a request without a Host, or with two, is a 400 in our form', async () => {
    for (const hosts of ['', 'Host: a\r\nHost: b\r\n']) {
      const answer = await send(`GET /api/test/items/ HTTP/1.1\r\n${hosts}Connection: close\r\n\r\n`)
      assert.equal(statusOf(answer), 400)
      assert.match(answer, /"errors":\{"host"/)
    }
    assert.equal(statusOf(await send('GET /health/live HTTP/1.0\r\n\r\n')), 200)
  })

  it('what is no HTTP gets one problem with all headers and a closed connection', async () => {
    const cases: [string, number][] = [
      ['nonsense\r\n\r\n', 400],
      ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400],
      ['GET / HTTP/1.1\r\nHost: x\r\nBad Header: 1\r\n\r\n', 400],
      ['GET / HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n', 400],
      [`GET / HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
      [`GET /${'a'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`, 431],
    ]
    for (const [bytes, status] of cases) {
      const answer = await send(bytes)
      assert.equal(statusOf(answer), status, bytes.slice(0, 40))
      assert.equal(answersIn(answer), 1)
      assert.match(answer, /content-type: application\/problem\+json; charset=utf-8\r\n/)
      assert.match(answer, /x-content-type-options: nosniff\r\n/)
      assert.match(answer, /connection: close\r\n/)
      const body = JSON.parse(answer.slice(answer.indexOf('\r\n\r\n') + 4))
      assert.equal(body.status, status)
    }
  })

  it('no shape of smuggling gets a second request answered', async () => {
    const smuggled = 'GET /api/test/items/ HTTP/1.1\r\nHost: x\r\n\r\n'
    const head = 'POST /api/test/fault/ HTTP/1.1\r\nHost: x\r\n'
    const cases = [
      `${head}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${smuggled}`,
      `${head}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n${smuggled}`,
      `${head}Content-Length: 0\r\nContent-Length: 5\r\n\r\n${smuggled}`,
      `${head}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n${smuggled}`,
      `${head}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n${smuggled}`,
      `${head}Content-Length: +5\r\n\r\n${smuggled}`,
      `${head}Transfer-Encoding: chunked\r\n\r\n1;a\n0\r\n\r\n${smuggled}`,
    ]
    for (const bytes of cases) {
      const answer = await send(bytes)
      assert.equal(statusOf(answer), 400, JSON.stringify(bytes.slice(44, 100)))
      assert.equal(answersIn(answer), 1, answer)
    }
  })

  it('raw bytes in a path are a 400 or a 404, never a fault', async () => {
    for (const path of [
      '/api/test/items/\xff/',
      '/api/test/items/\x80',
      '*',
      'http://evil.example/api/test/whoami/',
      '/api/test/items/1/../',
      '/api/test/items/1/%2e%2e/',
      '/api/test/x/../items/1/',
    ]) {
      const answer = await send(
        Buffer.from(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`, 'latin1'),
      )
      assert.ok([400, 401, 404].includes(statusOf(answer)), `${path} ${answer.slice(0, 20)}`)
    }
  })

  it('an unknown Expect header is ignored', async () => {
    assert.equal(statusOf(await get('/health/live', 'Expect: miracles')), 200)
  })

  it('a body that is too long is refused by its announced length', async () => {
    const answer = await send(
      'POST /api/test/items/ HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\nContent-Type: application/json\r\nContent-Length: 99999999\r\n\r\n{',
    )
    assert.equal(statusOf(answer), 413)
  })

  it('says who is in the log only as JSON, whatever the path holds', async () => {
    await get('/x%0a%7b%22level%22:%22error%22%7d')
    assert.ok(world.log.every(line => typeof line.level === 'string'))
  })

  it('a closing server finishes what is under way and refuses the rest in our form', async () => {
    const started = Promise.withResolvers<void>()
    const slow = Promise.withResolvers<void>()
    const closing = testApp({
      readiness: async () => {
        started.resolve()
        await slow.promise
        return { ready: true, checks: {} }
      },
    })
    const address = new URL(await closing.app.listen({ host: '127.0.0.1', port: 0 }))
    const socket = connect(Number(address.port), '127.0.0.1')
    let text = ''
    socket.on('data', chunk => {
      text += chunk
    })
    const closed = new Promise(resolve => socket.on('close', resolve))
    socket.write('GET /health/ready HTTP/1.1\r\nHost: x\r\n\r\n')
    await started.promise
    const done = closing.app.close()
    socket.write('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n')
    // Its rejection is decided, and logged as an error, while its answer waits behind the first.
    while (!closing.log.some(line => line.code === 'unavailable')) await setImmediate()
    slow.resolve()
    await Promise.all([done, closed])
    const [first, second] = text.split(/(?=HTTP\/1\.1 )/)
    assert.equal(statusOf(first ?? ''), 200)
    assert.equal(statusOf(second ?? ''), 503)
    assert.match(second ?? '', /"code":"unavailable"/)
    assert.match(second ?? '', /x-content-type-options: nosniff/i)
  })

  it('a closing server does not wait for a connection to fall idle', async () => {
    const closing = testApp()
    const address = new URL(await closing.app.listen({ host: '127.0.0.1', port: 0 }))
    const socket = connect(Number(address.port), '127.0.0.1')
    socket.write('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n')
    await new Promise(resolve => socket.once('data', resolve))
    await closing.app.close()
    socket.destroy()
  })
})
