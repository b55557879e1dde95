import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { eventually, longestWaitMs } from '../support/eventually.ts'
import { testWorld } from '../support/world.ts'

/** In a process of its own: it goes on while this one stands still. Ends when the connection is reset. */
const resettingClient = `
  const [port, request, done] = process.argv.slice(1)
  const socket = require('node:net').connect(Number(port), '127.0.0.1', () => {
    socket.write(request, () => setTimeout(() => socket.resetAndDestroy(), 50))
  })
  socket.on('error', () => {})
  socket.on('close', () => require('node:fs').writeFileSync(done, ''))
`

const blockFor = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

/** Nothing of this process runs until the file is there, so what arrived is found by the event loop all at once. */
function blockUntilThere(file: string): void {
  for (let waitedMs = 0; !existsSync(file) && waitedMs < longestWaitMs; waitedMs += 20) blockFor(20)
}

describe('a connection that is reset after a whole request', async () => {
  const world = await testWorld({ env: { PROPUSK_LOG_LEVEL: 'error' } })
  const { app } = world.server
  const port = new URL(await app.listen({ host: '127.0.0.1', port: 0 })).port
  const server: Server = app.server

  const folder = mkdtempSync(join(tmpdir(), 'propusk-reset-'))
  after(() => rmSync(folder, { recursive: true, force: true }))

  /** Ends, and leaves the file `done`, when it has reset its connection. */
  const signInAndReset = (email: string, done: string) => {
    const body = JSON.stringify({ email, password: 'not the password' })
    const head = `POST /api/auth/login/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`
    return spawn(process.execPath, ['-e', resettingClient, port, head + body, done], { stdio: 'inherit' })
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
    const done = join(folder, 'reset')
    server.once('connection', () => blockUntilThere(done))
    const client = signInAndReset('reset@example.com', done)
    await once(client, 'exit')
    await settled()
    await eventually(async () => (await countersOf('reset@example.com')).length > 0)
    assert.equal((await countersOf('reset@example.com')).length, 1)
    assert.equal((await countersOf('127.0.0.1')).length, 1)
    assert.deepEqual(await countersOf('unknown'), [])
    const failed = async () =>
      await world.core.database.read
        .selectFrom('audit_events')
        .select('ip_address')
        .where('action', '=', 'user.login_failed')
        .execute()
    await eventually(async () => (await failed()).length > 0)
    assert.deepEqual(await failed(), [{ ip_address: '127.0.0.1' }])
  })

  it('is not carried out where the address was gone before the connection was taken', async () => {
    const done = join(folder, 'gone')
    const client = signInAndReset('gone@example.com', done)
    const opened = once(server, 'connection')
    blockUntilThere(done)
    await opened
    if (client.exitCode === null) await once(client, 'exit')
    await settled()
    assert.deepEqual(await countersOf('gone@example.com'), [])
    assert.deepEqual(await countersOf('unknown'), [])
  })
})
