import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Server } from 'node:http'
import { describe, it } from 'node:test'
import { testWorld } from '../support/world.ts'

/** In a process of its own: it goes on while this one stands still. Ends when the connection is reset. */
const resettingClient = `
  const [port, request] = process.argv.slice(1)
  const socket = require('node:net').connect(Number(port), '127.0.0.1', () => {
    socket.write(request, () => setTimeout(() => socket.resetAndDestroy(), 50))
  })
  socket.on('error', () => {})
`

/** Nothing of this process runs meanwhile, so what arrives is found by the event loop all at once. */
const standStill = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

describe('a connection that is reset after a whole request', async () => {
  const world = await testWorld({ env: { PROPUSK_LOG_LEVEL: 'error' } })
  const { app } = world.server
  const port = new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port
  const server: Server = app.server

  const signInAndReset = (email: string) => {
    const body = JSON.stringify({ email, password: 'not the password' })
    const head = `POST /api/auth/login/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`
    return spawn(process.execPath, ['-e', resettingClient, port, head + body], { stdio: 'inherit' })
  }
  const countersOf = async (subject: string) =>
    await world.core.database.read
      .selectFrom('throttle_counters')
      .select('failures')
      .where('subject', '=', subject)
      .execute()
  const settled = async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    server.getConnections((_, count) =>
      count === 0 ? resolve() : setTimeout(() => settled().then(resolve), 20),
    )
    await promise
  }

  it('is carried out under the address that it was opened from', async () => {
    server.once('connection', () => standStill(1_500))
    const client = signInAndReset('reset@example.com')
    await once(client, 'exit')
    await settled()
    const deadline = performance.now() + 10_000
    while ((await countersOf('reset@example.com')).length === 0 && performance.now() < deadline)
      await settled()
    assert.equal((await countersOf('reset@example.com')).length, 1)
    assert.equal((await countersOf('127.0.0.1')).length, 1)
    assert.deepEqual(await countersOf('unknown'), [])
    const failed = async () =>
      await world.core.database.read
        .selectFrom('audit_events')
        .select('ip_address')
        .where('action', '=', 'user.login_failed')
        .execute()
    while ((await failed()).length === 0 && performance.now() < deadline) await settled()
    assert.deepEqual(await failed(), [{ ip_address: '127.0.0.1' }])
  })

  it('is not carried out where the address was gone before the connection was taken', async () => {
    const client = signInAndReset('gone@example.com')
    const opened = once(server, 'connection')
    standStill(1_500)
    await opened
    if (client.exitCode === null) await once(client, 'exit')
    await settled()
    assert.deepEqual(await countersOf('gone@example.com'), [])
    assert.deepEqual(await countersOf('unknown'), [])
  })
})
