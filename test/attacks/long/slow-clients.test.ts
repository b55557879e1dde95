import assert from 'node:assert/strict'
import { once } from 'node:events'
import { after, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { defaultLimits, type ServerLimits } from '../../../server/src/http/index.ts'
import { testApp } from '../../../server/src/http/testing/test-app.ts'
import { eventually, longestWaitMs } from '../../support/eventually.ts'
import { type RawClient, rawClient, sendRaw, statusesIn } from '../support/raw-client.ts'

const live = 'GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n'
const post =
  'POST /api/test/items/ HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\nContent-Type: application/json\r\n'

/** A server with limits that a test can wait for. */
async function hastyServer(limits: Partial<ServerLimits>) {
  const { app, log } = testApp({ limits: { ...defaultLimits, checkEveryMs: 20, ...limits } })
  const address = await app.listen({ host: '127.0.0.1', port: 0 })
  const connections = () =>
    new Promise<number>((resolve, reject) =>
      app.server.getConnections((error, count) => (error ? reject(error) : resolve(count))),
    )
  after(async () => {
    app.server.closeAllConnections()
    await app.close()
    // Whatever was done to it, nothing was a fault of its own.
    assert.deepEqual(
      log.filter(line => line.level === 'error'),
      [],
    )
  })
  return {
    address,
    /** Resolves when the server holds so many connections. */
    async holds(count: number): Promise<void> {
      const isThere = async () => (await connections()) === count
      assert.ok(await eventually(isThere), `the server does not come to hold ${count} connections`)
    },
  }
}

/** Sends one byte after the other for as long as anybody listens. */
async function drip({ socket, closed }: RawClient, bytes: string): Promise<string> {
  for (let index = 0; socket.writable; index++) {
    socket.write(bytes[index % bytes.length] ?? '')
    await sleep(10)
  }
  return await closed
}

const limit = { timeout: longestWaitMs }

describe('a client that takes its time', limit, async () => {
  const { address, holds } = await hastyServer({
    headersTimeoutMs: 500,
    requestTimeoutMs: 1_000,
    idleMs: 500,
  })

  it('a client that drips its headers gets 408', async () => {
    const answer = await drip(rawClient(address, 'GET /health/live HTTP/1.1\r\nHost: x\r\n'), 'X: y\r\n')
    assert.deepEqual(statusesIn(answer), [408])
    assert.match(answer, /"code":"request_timeout"/)
  })

  it('a client that drips its body gets 408', async () => {
    const answer = await drip(rawClient(address, `${post}Content-Length: 60000\r\n\r\n`), ' ')
    assert.deepEqual(statusesIn(answer), [408])
  })

  it('a client that drips chunks of one byte gets 408', async () => {
    const answer = await drip(rawClient(address, `${post}Transfer-Encoding: chunked\r\n\r\n`), '1\r\n \r\n')
    assert.deepEqual(statusesIn(answer), [408])
  })

  it('a client that sends nothing is disconnected', async () => {
    assert.doesNotMatch(await rawClient(address).closed, /HTTP\/1\.1 [25]/)
  })

  it('in the middle of its second request keeps the answer to the first', async () => {
    const answer = await rawClient(address, `${live}GET /health/li`).closed
    assert.deepEqual(statusesIn(answer), [200, 408])
  })

  it('a client that does not read is disconnected, and its answers are dropped', async () => {
    await holds(0)
    const { socket } = rawClient(address)
    socket.pause()
    await once(socket, 'connect')
    // More than the system buffers for it.
    socket.write('GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(2_000))
    await holds(1)
    await holds(0)
    socket.destroy()
  })
})

describe('a client that is only half there', limit, async () => {
  const { address, holds } = await hastyServer({ idleMs: 1_000, headersTimeoutMs: 1_000 })

  it('has its answer when it has said all before it stopped', async () => {
    assert.deepEqual(statusesIn(await sendRaw(address, live)), [200])
  })

  it('a client that half-closes in the middle of a request gets 400, or nothing', async () => {
    for (const bytes of ['', 'GET /health', live.slice(0, -2), `${post}Content-Length: 50\r\n\r\n{"name"`]) {
      const answer = await sendRaw(address, bytes)
      assert.ok(['', '400'].includes(statusesIn(answer).join()), answer)
    }
  })

  it('is let go of when it never closes its own half, or vanishes', async () => {
    const { socket } = rawClient(address, live.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n'))
    socket.removeAllListeners('end')
    const { socket: vanishing } = rawClient(address, `${post}Content-Length: 50\r\n\r\n{"name"`)
    await once(vanishing, 'connect')
    vanishing.resetAndDestroy()
    await holds(0)
    socket.destroy()
  })
})

describe('a crowd of idle clients', limit, async () => {
  it('a crowd of idle clients delays no other client, and is disconnected', async () => {
    const { address, holds } = await hastyServer({ keepAliveMs: 200, headersTimeoutMs: 2_000 })
    const slow = Array.from({ length: 200 }, () => rawClient(address, 'GET /health/live HTTP/1.1\r\nHo'))
    const idle = Array.from({ length: 200 }, () => rawClient(address, live))
    await Promise.all(idle.map(({ socket }) => once(socket, 'data')))
    for (let asked = 0; asked < 20; asked++) assert.deepEqual(statusesIn(await sendRaw(address, live)), [200])
    for (const { closed } of idle) assert.deepEqual(statusesIn(await closed), [200])
    for (const { closed } of slow) assert.deepEqual(statusesIn(await closed), [408])
    await holds(0)
  })

  it('connections beyond the maximum are closed, and accepted again when there is room', async () => {
    const { address, holds } = await hastyServer({ maxConnections: 20 })
    const inside = Array.from({ length: 20 }, () => rawClient(address, live))
    await Promise.all(inside.map(({ socket }) => once(socket, 'data')))
    assert.equal(await rawClient(address, live).closed, '')
    for (const { socket } of inside) {
      socket.write(live)
      await once(socket, 'data')
    }
    inside[0]?.socket.destroy()
    await holds(19)
    assert.deepEqual(statusesIn(await sendRaw(address, live)), [200])
    for (const { socket } of inside) socket.destroy()
  })
})
