import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import {
  type ConnectedGate,
  connectGate,
  FeedRejected,
  type GateVerdict,
  type Principal,
} from '@propusk/gate'
import { startBehindProxy } from '../support/behind-proxy.ts'
import { engines, freshDatabaseUrl } from '../support/engines.ts'
import { eventually } from '../support/eventually.ts'
import { startTcpProxy } from '../support/tcp-proxy.ts'

for (const engine of engines) {
  describe(`a gate in another process that follows a server on ${engine}`, async () => {
    const proxy = await startTcpProxy({ host: '127.0.0.1', port: 1 })
    after(() => proxy.close())
    const databaseUrl = await freshDatabaseUrl(engine)
    let world = await startBehindProxy(proxy, { engine, databaseUrl })
    const issuer = `http://127.0.0.1:${proxy.port}`
    const chief = await world.superuser()
    for (const name of ['documents', 'projects']) {
      const body = { name, code_name: name }
      assert.equal((await world.call('POST', '/resources/', { token: chief.access, body })).status, 201)
    }
    const makeKey = async (permissions: readonly string[]): Promise<string> => {
      const body = { name: 'a service', permissions }
      const made = await world.call('POST', '/api_keys/', { token: chief.access, body })
      assert.equal(made.status, 201)
      return made.body.key
    }
    const key = await makeKey(['changes:read'])
    const staleAfterMs = 2_000
    const gate: ConnectedGate = await connectGate({ issuer, key, staleAfterMs })
    after(() => gate.close())
    const may = async (token: string, resource = 'documents', action = 'read'): Promise<GateVerdict> =>
      await gate.check(token, resource, action)
    const change = (id: number, body: object) =>
      world.call('PATCH', `/users/${id}/`, { token: chief.access, body })

    it('allows what the roles permit, refuses the rest, and says who and why', async () => {
      const reader = await world.withPermissions('documents:read')
      const allowed = await may(reader.access)
      assert.equal(allowed.status, 200)
      assert.equal(allowed.subject, String(reader.id))
      assert.deepEqual(allowed.because, [{ role: allowed.roles?.[0], permission: 'documents:read' }])
      const refused = await may(reader.access, 'documents', 'delete')
      assert.deepEqual([refused.status, refused.because], [403, [{ missing: 'documents:delete' }]])
      const unknown = await may(reader.access, 'nothing')
      assert.deepEqual([unknown.status, unknown.because], [403, [{ unknown: 'resource', name: 'nothing' }]])
      assert.equal((await may(chief.access, 'projects', 'delete')).status, 200)
    })

    it('answers a token that it has seen at once, and refuses one that was altered', async () => {
      const { access } = await world.withPermissions('documents:read')
      assert.ok(!(gate.check(access, 'documents', 'read') instanceof Promise))
      await may(access)
      assert.ok(!(gate.check(access, 'documents', 'read') instanceof Promise))
      const [header, claims, signature] = access.split('.')
      const other = `${header}.${claims}.${signature!.slice(0, 20)}${signature![20] === 'A' ? 'B' : 'A'}${signature!.slice(21)}`
      assert.deepEqual((await may(other)).because, [{ token: 'wrong_signature' }])
      for (const wrong of ['', 'x', 'a.b.c', `${access}.x`]) assert.equal((await may(wrong)).status, 401)
    })

    it('refuses a deactivated user and a revoked role without a call for the request', async () => {
      const leaver = await world.withPermissions('documents:read')
      const demoted = await world.withPermissions('documents:read')
      for (const { access } of [leaver, demoted]) {
        assert.ok(await eventually(async () => (await may(access)).status === 200))
      }
      assert.equal((await change(leaver.id, { is_active: false })).status, 200)
      assert.equal((await change(demoted.id, { roles: [] })).status, 200)
      assert.ok(await eventually(async () => (await may(leaver.access)).status === 401))
      assert.deepEqual((await may(leaver.access)).because, [{ token: 'ended' }])
      assert.ok(await eventually(async () => (await may(demoted.access)).status === 403))
    })

    it('gives a principal that says no as soon as its session or its role has ended', async () => {
      const leaver = await world.withPermissions('documents:read')
      const demoted = await world.withPermissions('documents:read')
      const principals: Principal[] = []
      for (const { access } of [leaver, demoted]) {
        assert.ok(await eventually(async () => (await may(access)).status === 200))
        principals.push((await may(access)).principal!)
      }
      assert.ok(principals.every(({ may }) => may('documents', 'read') && !may('documents', 'delete')))
      assert.equal((await world.call('POST', '/logout/', { token: leaver.access })).status, 204)
      assert.equal((await change(demoted.id, { roles: [] })).status, 200)
      assert.ok(await eventually(() => principals.every(({ may }) => !may('documents', 'read'))))
    })

    it('accepts tokens of the next signing key', async () => {
      const rotated = await world.call('POST', '/server/keys/rotate/', {
        token: chief.access,
        body: { now: true },
      })
      assert.equal(rotated.status, 201)
      const { access } = await world.withPermissions('documents:read')
      assert.ok(await eventually(async () => (await may(access)).status === 200))
    })

    it('refuses by itself when the link is swallowed, and comes back with what happened meanwhile', async () => {
      const leaver = await world.withPermissions('documents:read')
      assert.ok(await eventually(async () => (await may(leaver.access)).status === 200))
      proxy.stall()
      await change(leaver.id, { is_active: false })
      assert.ok(await eventually(async () => (await may(chief.access)).status === 503))
      assert.equal(gate.state, 'stale')
      assert.deepEqual((await may(chief.access)).because, [{ token: 'stale' }])
      // Of a key that the server may have by now.
      const [header, ...rest] = chief.access.split('.')
      const named = JSON.parse(Buffer.from(header!, 'base64url').toString())
      const unknown = Buffer.from(JSON.stringify({ ...named, kid: 'new' })).toString('base64url')
      assert.equal((await may([unknown, ...rest].join('.'))).status, 503)
      proxy.heal()
      assert.ok(await eventually(() => gate.state === 'live'))
      assert.equal((await may(leaver.access)).status, 401)
      assert.equal((await may(chief.access)).status, 200)
    })

    it('cannot be connected with a key that is wrong or may not read the changes', async () => {
      const powerless = await makeKey(['documents:read'])
      for (const [wrong, status] of [
        [`${key.slice(0, -1)}_`, 401],
        [powerless, 403],
      ] as const) {
        const refused = (error: unknown) => error instanceof FeedRejected && error.status === status
        await assert.rejects(connectGate({ issuer, key: wrong }), refused)
      }
    })

    it('refuses while the server is away, and follows the next one at its address', async () => {
      const leaver = await world.withPermissions('documents:read')
      assert.ok(await eventually(async () => (await may(leaver.access)).status === 200))
      await world.close()
      assert.ok(await eventually(async () => (await may(leaver.access)).status === 503))
      world = await startBehindProxy(proxy, { engine, databaseUrl })
      assert.equal((await change(leaver.id, { is_active: false })).status, 200)
      assert.ok(await eventually(async () => (await may(leaver.access)).status === 401))
      assert.equal(gate.state, 'live')
    })

    it('refuses everything once it is closed', async () => {
      gate.close()
      assert.equal(gate.state, 'closed')
      assert.equal((await may(chief.access)).status, 503)
    })
  })
}
