import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { connectGate, type GateVerdict } from '@propusk/gate'
import { eventually } from '../support/eventually.ts'
import { isOf, startTamperingProxy } from '../support/tampering-proxy.ts'
import { testWorld } from '../support/world.ts'

describe('a gate that is stale and asks the server', async () => {
  const proxy = await startTamperingProxy()
  const world = await testWorld({ env: { PROPUSK_PUBLIC_URL: proxy.issuer } })
  proxy.leadTo(Number(new URL(await world.server.app.listen({ host: '127.0.0.1', port: 0 })).port))
  const chief = await world.superuser()
  const make = async (path: string, body: object) => {
    const made = await world.call('POST', path, { token: chief.access, body })
    assert.equal(made.status, 201, made.text)
    return made.body
  }
  const { key } = await make('/api_keys/', { name: 'a service', permissions: ['changes:read'] })
  const gate = await connectGate({ issuer: proxy.issuer, key, onStale: 'ask', staleAfterMs: 1_500 })
  after(() => {
    gate.close()
    proxy.close()
  })
  const may = async (token: string, action = 'read'): Promise<GateVerdict> =>
    await gate.check(token, 'roles', action)
  // Changes that are made now do not come to it, and nothing vouches for what it knows.
  proxy.tamperWith(event => (isOf('now', event) || isOf('change', event) ? undefined : event))
  assert.ok(await eventually(() => gate.state === 'stale'))

  it('says of an allowed caller who that is, by a principal that knows nothing by itself', async () => {
    const reader = await world.withPermissions('roles:read')
    const verdict = await may(reader.access)
    assert.deepEqual([verdict.status, verdict.because], [200, []])
    const { id, roles, isSuperuser, may: mayNow } = verdict.principal!
    assert.deepEqual([id, roles.length, isSuperuser], [String(reader.id), 1, false])
    assert.deepEqual([verdict.subject, verdict.roles, verdict.isSuperuser], [id, roles, isSuperuser])
    assert.equal(verdict.principal!.session, verdict.session)
    // A question without an answer from the server is one that the gate cannot answer.
    assert.equal(mayNow('roles', 'read'), false)
    assert.equal((await may(chief.access)).isSuperuser, true)
  })

  it('refuses with 403 what the server does not allow, and says who', async () => {
    const reader = await world.withPermissions('roles:read')
    const { status, because, subject } = await may(reader.access, 'delete')
    assert.deepEqual([status, because, subject], [403, [{ missing: 'roles:delete' }], String(reader.id)])
  })

  it('refuses with 401 at once whose session ended while no change came, and what is no access token', async () => {
    const leaver = await world.withPermissions('roles:read')
    assert.equal((await may(leaver.access)).status, 200)
    await world.call('POST', '/logout/', { token: leaver.access })
    assert.deepEqual((await may(leaver.access)).because, [{ token: 'ended' }])
    // An API key is no sign-in, though the server would take it; nor is a refresh token one.
    for (const other of [key, leaver.refresh, '', 'x']) assert.equal((await may(other)).status, 401)
  })

  it('accepts what was signed by a key that it has not heard of', async () => {
    const body = { now: true }
    const rotated = await world.call('POST', '/server/keys/rotate/', { token: chief.access, body })
    assert.equal(rotated.status, 201)
    assert.ok(
      await eventually(async () => (await may((await world.withPermissions('roles:read')).access)).allowed),
    )
  })

  it('names the roles of a token that holds their ids alone, as far as it has heard of them', async () => {
    const known = 'a-role-that-was-there'.padEnd(60, '-x')
    proxy.tamperWith(event => event)
    await make('/roles/', { name: known, code_name: known, permissions: ['roles:read'] })
    assert.ok(await eventually(() => gate.state === 'live'))
    proxy.tamperWith(event => (isOf('now', event) || isOf('change', event) ? undefined : event))
    assert.ok(await eventually(() => gate.state === 'stale'))
    const later = Array.from({ length: 20 }, (_, at) => `later-${at}`.padEnd(60, '-y'))
    for (const name of later) await make('/roles/', { name, code_name: name })
    const person = await world.register()
    const given = { token: chief.access, body: { roles: [known, ...later] } }
    assert.equal((await world.call('PATCH', `/users/${person.id}/`, given)).status, 200)
    const verdict = await may((await world.login(person)).access)
    assert.deepEqual([verdict.status, verdict.roles], [200, [known]])
  })

  it('refuses with 503 when the server does not answer either', async () => {
    await world.close()
    const { status, because } = await may(chief.access)
    assert.deepEqual([status, because], [503, [{ unreachable: true }]])
  })
})
