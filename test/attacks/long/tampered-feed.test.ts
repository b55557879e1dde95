import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { after, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ConnectedGate, connectGate } from '@propusk/gate'
import { eventually } from '../../support/eventually.ts'
import { dataOf, isOf, startTamperingProxy, type Tamper } from '../../support/tampering-proxy.ts'
import { testWorld } from '../../support/world.ts'

describe('a gate whose feed is tampered with on the way', async () => {
  const proxy = await startTamperingProxy()
  const world = await testWorld({ env: { PROPUSK_PUBLIC_URL: proxy.issuer } })
  const address = await world.server.app.listen({ host: '127.0.0.1', port: 0 })
  proxy.leadTo(Number(new URL(address).port))
  const chief = await world.superuser()
  const token = chief.access
  const body = { name: 'a service', permissions: ['changes:read'] }
  const { key } = (await world.call('POST', '/api_keys/', { token, body })).body
  let faults: string[]
  const gates: ConnectedGate[] = []
  const connect = async ({ startWithinMs = 60_000, staleAfterMs = 3_000 } = {}) => {
    faults = []
    const onEvent = ({ error }: { error?: unknown }) => {
      if (error instanceof Error) faults.push(error.message)
    }
    const gate = await connectGate({ issuer: proxy.issuer, key, startWithinMs, staleAfterMs, onEvent })
    gates.push(gate)
    return gate
  }
  const statusOf = async (gate: ConnectedGate, of = token) => (await gate.check(of, 'roles', 'read')).status

  after(() => {
    for (const gate of gates) gate.close()
    proxy.close()
  })

  it('notices at the next beat that one change was dropped, and learns it from a new snapshot', async () => {
    proxy.tamperWith(event => (isOf('change', event) ? undefined : event))
    const gate = await connect()
    const leaver = await world.withPermissions('roles:read')
    assert.ok(await eventually(async () => (await statusOf(gate, leaver.access)) === 200))
    await world.call('PATCH', `/users/${leaver.id}/`, { token, body: { is_active: false } })
    assert.ok(await eventually(async () => (await statusOf(gate, leaver.access)) === 401))
    assert.ok(
      faults.some(fault => /events came of/.test(fault)),
      faults.join(),
    )
  })

  it('notices that a change was altered', async () => {
    proxy.tamperWith(event =>
      isOf('change', event) ? event.replace('"expiresAtMs":1', '"expiresAtMs":2') : event,
    )
    const gate = await connect()
    const leaver = await world.withPermissions('roles:read')
    await world.call('PATCH', `/users/${leaver.id}/`, { token, body: { is_active: false } })
    assert.ok(await eventually(() => faults.some(fault => /altered/.test(fault))))
    assert.ok(await eventually(async () => (await statusOf(gate, leaver.access)) === 401))
  })

  const forgeries: readonly [string, Tamper][] = [
    [
      'with one byte flipped',
      event =>
        event.replace(
          /(data: [^.]+\.[\w-]{40})([\w-])/,
          (_, start, byte) => start + (byte === 'A' ? 'B' : 'A'),
        ),
    ],
    ['without its signature', event => event.slice(0, event.lastIndexOf('.') + 1)],
    ['in the place of which an access token stands', () => `event: snapshot\nid: x\ndata: ${token}`],
  ]
  for (const [what, forge] of forgeries) {
    it(`takes no snapshot ${what}`, async () => {
      proxy.tamperWith(event => (isOf('snapshot', event) ? forge(event) : event))
      const gate = await connect({ startWithinMs: 1_500 })
      assert.equal(gate.state, 'starting')
      assert.equal(await statusOf(gate), 503)
      assert.ok(
        faults.some(fault => /not signed/.test(fault)),
        faults.join(),
      )
      gate.close()
    })
  }

  /** The snapshot of a world, as it would be sent. */
  async function snapshotOf(from: typeof world, access: string): Promise<string> {
    const { body } = await from.call('GET', '/changes/?wait=0s', { token: access })
    return body.records.find((record: { event: string }) => record.event === 'snapshot').data
  }

  const signedByOthers: readonly [string, () => Promise<string>][] = [
    [
      'of another server that claims the same address',
      async () => {
        const other = await testWorld({ env: { PROPUSK_PUBLIC_URL: proxy.issuer } })
        return snapshotOf(other, (await other.superuser()).access)
      },
    ],
    [
      'that another key signed under the name of a known one',
      async () => {
        const [header, claims] = (await snapshotOf(world, token)).split('.')
        const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
        const key = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const
        const signature = sign('sha256', Buffer.from(`${header}.${claims}`), key)
        return `${header}.${claims}.${signature.toString('base64url')}`
      },
    ],
  ]
  for (const [what, forge] of signedByOthers) {
    it(`takes no snapshot ${what}`, async () => {
      const forged = await forge()
      proxy.tamperWith(event => (isOf('snapshot', event) ? event.replace(dataOf(event), forged) : event))
      const gate = await connect({ startWithinMs: 1_500 })
      assert.equal(gate.state, 'starting')
      assert.equal(await statusOf(gate), 503)
      assert.ok(
        faults.some(fault => /not signed by a key of the issuer/.test(fault)),
        faults.join(),
      )
      gate.close()
    })
  }

  it('takes no snapshot that is older than what it knows', async () => {
    let old: string | undefined
    proxy.tamperWith(event => {
      if (isOf('snapshot', event)) old ??= dataOf(event)
      return event
    })
    const gate = await connect()
    const leaver = await world.withPermissions('roles:read')
    await world.call('PATCH', `/users/${leaver.id}/`, { token, body: { is_active: false } })
    // A new start at what the server knows now, and then an old snapshot again.
    proxy.tamperWith(event => (isOf('change', event) ? undefined : event))
    await world.register()
    await world.withPermissions('roles:read')
    assert.ok(await eventually(() => faults.some(fault => /events came of/.test(fault))))
    assert.ok(await eventually(async () => (await statusOf(gate, leaver.access)) === 401))
    proxy.tamperWith(event =>
      isOf('snapshot', event)
        ? `event: snapshot\nid: x\ndata: ${old}`
        : isOf('change', event)
          ? undefined
          : event,
    )
    await world.withPermissions('roles:read')
    assert.ok(await eventually(() => faults.some(fault => /older than what is known/.test(fault))))
    assert.notEqual(await statusOf(gate, leaver.access), 200)
  })
  it('allows nothing by a snapshot that no beat has vouched for yet, since it may lack the last seconds', async () => {
    for (const other of gates.splice(0)) other.close()
    proxy.tamperWith(event => event)
    const leaver = await world.withPermissions('roles:read')
    // The server makes a snapshot for it, which it sends to others for some seconds, with what came since.
    const gate = await connect({ staleAfterMs: 20_000 })
    assert.equal(await statusOf(gate, leaver.access), 200)
    await world.call('PATCH', `/users/${leaver.id}/`, { token, body: { is_active: false } })
    assert.ok(await eventually(async () => (await statusOf(gate, leaver.access)) === 401))
    let snapshots = 0
    proxy.sendOn(({ 'last-event-id': _, ...headers }) => headers)
    proxy.tamperWith(event => {
      if (isOf('snapshot', event)) snapshots += 1
      return isOf('snapshot', event) ? event : undefined
    })
    proxy.cut()
    assert.ok(await eventually(() => snapshots > 0))
    for (let asked = 0; asked < 20; asked += 1) {
      // Neither 200 nor 403: the snapshot says that the session lives.
      assert.ok([401, 503].includes(await statusOf(gate, leaver.access)))
      await sleep(20)
    }
    proxy.sendOn(headers => headers)
    gate.close()
  })

  it('starts over with a snapshot when its cursor is too old, and has missed nothing', async () => {
    proxy.tamperWith(event => event)
    const { body } = await world.call('GET', '/changes/?wait=0s', { token })
    world.clock.advance(3_700_000)
    const { access } = await world.login(chief)
    const leaver = await world.register()
    const gate = await connect()
    assert.ok(await eventually(async () => (await statusOf(gate, leaver.access)) === 403))
    const gone: string[] = []
    proxy.tamperWith(event => {
      if (isOf('gone', event)) gone.push(event)
      return event
    })
    proxy.sendOn(headers => ({
      ...headers,
      ...('last-event-id' in headers && { 'last-event-id': body.cursor }),
    }))
    proxy.cut()
    await world.call('PATCH', `/users/${leaver.id}/`, { token: access, body: { is_active: false } })
    assert.ok(await eventually(async () => (await statusOf(gate, leaver.access)) === 401))
    assert.ok(await eventually(() => gate.state === 'live'))
    assert.ok(gone.length > 0)
  })
})
