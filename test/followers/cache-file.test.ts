import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { demand } from '../nodes/ask.ts'
import type { ServerNode } from '../nodes/node.ts'
import { openSite, type SignedIn, type Site } from '../nodes/site.ts'
import { migratedDatabaseUrl } from '../support/engines.ts'
import { eventually } from '../support/eventually.ts'
import { startTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts'
import { makeKey, registerReader } from './deactivations.ts'

const program = fileURLToPath(new URL('restarted-service.ts', import.meta.url))

async function startService(settings: Record<string, string>) {
  const child = spawn(process.execPath, [program], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...settings },
  })
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]()
  const nextLine = async () => JSON.parse((await lines.next()).value!)
  const begun = await nextLine()
  return {
    /** How it started. */
    begun,
    async ask(token: string) {
      child.stdin.write(`${token}\n`)
      return await nextLine()
    },
    async kill() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

describe('a service that restarts while its server is gone', () => {
  const directory = mkdtempSync(join(tmpdir(), 'propusk-service-'))
  const file = join(directory, 'gate.json')
  let proxy: TcpProxy
  let site: Site
  let server: ServerNode
  let service: Awaited<ReturnType<typeof startService>>
  let settings: Record<string, string>
  let people: { readonly admin: SignedIn; readonly reader: SignedIn; readonly leaver: SignedIn }

  const startServer = async () => {
    server = await site.add({ settings: { PROPUSK_PUBLIC_URL: settings.FOLLOW_ISSUER! } })
    proxy.lead({ host: '127.0.0.1', port: Number(new URL(server.url).port) })
  }
  const restart = async (changed: Record<string, string> = {}) => {
    await service?.kill()
    service = await startService({ ...settings, ...changed })
  }

  before(async () => {
    proxy = await startTcpProxy({ host: '127.0.0.1', port: 1 })
    site = await openSite(await migratedDatabaseUrl('sqlite'))
    settings = { FOLLOW_ISSUER: `http://127.0.0.1:${proxy.port}`, FOLLOW_FILE: file }
    await startServer()
    const { url } = server
    const admin = await site.administrator(url)
    settings = { ...settings, FOLLOW_KEY: await makeKey(url, admin) }
    people = { admin, reader: await registerReader(url, admin), leaver: await registerReader(url, admin) }
    await demand(url, { method: 'POST', path: '/logout/', token: people.leaver.access }, 204)
  })
  after(async () => {
    await service?.kill()
    await site?.close()
    await proxy?.close()
    rmSync(directory, { recursive: true, force: true })
  })

  it('keeps what it knows in a file that only its user may read, written as a whole', async () => {
    await restart()
    assert.equal(service.begun.state, 'live')
    assert.equal((await service.ask(people.reader.access)).status, 200)
    assert.ok(await eventually(() => existsSync(file)))
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.deepEqual(readdirSync(directory), ['gate.json'])
  })

  it('is stale by the file once both were killed, says since when and why, and lets nobody in', async () => {
    await server.kill()
    await restart()
    const { state, knownAt, error } = service.begun
    assert.equal(state, 'stale')
    assert.ok(Math.abs(Date.now() - Date.parse(knownAt)) < 600_000, knownAt)
    assert.match(error, /Error: (?!undefined)/)
    const stale = { state: 'stale', status: 503, because: [{ token: 'stale' }] }
    assert.deepEqual(await service.ask(people.reader.access), stale)
    assert.deepEqual(await service.ask(people.admin.access), stale)
    const ended = { state: 'stale', status: 401, because: [{ token: 'ended' }] }
    assert.deepEqual(await service.ask(people.leaver.access), ended)
  })

  it('knows nothing at all without a file', async () => {
    await restart({ FOLLOW_FILE: join(directory, 'none.json') })
    const unknown = { state: 'starting', status: 503, because: [{ token: 'stale' }] }
    for (const { access } of [people.reader, people.leaver])
      assert.deepEqual(await service.ask(access), unknown)
  })

  it('is live again with the server, and knows what happened while it was not there', async () => {
    await restart()
    assert.equal(service.begun.state, 'stale')
    // Before the service can reach it again.
    proxy.stall()
    await startServer()
    const { admin, reader } = people
    const body = { is_active: false }
    await demand(
      server.url,
      { method: 'PATCH', path: `/users/${reader.id}/`, token: admin.access, body },
      200,
    )
    proxy.heal()
    assert.ok(await eventually(async () => (await service.ask(admin.access)).status === 200))
    assert.equal((await service.ask(reader.access)).status, 401)
  })
})
