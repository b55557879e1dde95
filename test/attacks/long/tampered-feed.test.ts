import assert from 'node:assert/strict'
import { createServer, request } from 'node:http'
import { after, describe, it } from 'node:test'
import { type ConnectedGate, connectGate } from '@propusk/gate'
import { eventually } from '../../support/eventually.ts'
import { testWorld } from '../../support/world.ts'

/** Changes one event of a stream, or drops it. */
type Tamper = (event: string) => string | undefined

/** A proxy in front of a server that passes everything on, and the events of the feed as they were tampered with. */
async function startTamperingProxy() {
  let port = 0
  let tamper: Tamper = event => event
  const server = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming
    const passed = request({ host: '127.0.0.1', port, method, path: url, headers }, answer => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      if (!url?.startsWith('/api/auth/changes/')) return void answer.pipe(outgoing)
      let text = ''
      answer.setEncoding('utf8').on('data', piece => {
        const events = (text + piece).split('\n\n')
        text = events.pop()!
        for (const event of events) {
          const passed = tamper(event)
          if (passed !== undefined) outgoing.write(`${passed}\n\n`)
        }
      })
      answer.on('close', () => outgoing.destroy())
    })
    passed.on('error', () => outgoing.destroy())
    outgoing.on('close', () => passed.destroy())
    incoming.pipe(passed)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address() as { port: number }
  return {
    issuer: `http://127.0.0.1:${address.port}`,
    leadTo(to: number) {
      port = to
    },
    tamperWith(how: Tamper) {
      tamper = how
    },
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

const isOf = (name: string, event: string) => event.includes(`event: ${name}\n`)
const dataOf = (event: string) => event.slice(event.indexOf('data: ') + 'data: '.length)

describe('a gate whose feed is tampered with on the way', async () => {
  const proxy = await startTamperingProxy()
  const world = await testWorld({ env: { PROPUSK_PUBLIC_URL: proxy.issuer } })
  const address = await world.server.app.listen({ host: '127.0.0.1', port: 0 })
  proxy.leadTo(Number(new URL(address).port))
  const token = (await world.superuser()).access
  const body = { name: 'a service', permissions: ['changes:read'] }
  const { key } = (await world.call('POST', '/api_keys/', { token, body })).body
  let faults: string[]
  const gates: ConnectedGate[] = []
  const connect = async (startWithinMs = 60_000) => {
    faults = []
    const onEvent = ({ error }: { error?: unknown }) => {
      if (error instanceof Error) faults.push(error.message)
    }
    const gate = await connectGate({ issuer: proxy.issuer, key, startWithinMs, staleAfterMs: 3_000, onEvent })
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
      const gate = await connect(1_500)
      assert.equal(gate.state, 'starting')
      assert.equal(await statusOf(gate), 503)
      assert.ok(
        faults.some(fault => /not signed/.test(fault)),
        faults.join(),
      )
      gate.close()
    })
  }

  it('takes no snapshot of another issuer', async () => {
    const other = await testWorld({ env: { PROPUSK_PUBLIC_URL: 'http://127.0.0.1:1' } })
    const { access } = await other.superuser()
    const { body } = await other.call('GET', '/changes/?wait=0s', { token: access })
    const foreign = body.records.find((record: { event: string }) => record.event === 'snapshot').data
    proxy.tamperWith(event => (isOf('snapshot', event) ? `event: snapshot\nid: x\ndata: ${foreign}` : event))
    const gate = await connect(1_500)
    assert.equal(await statusOf(gate), 503)
    gate.close()
  })

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
})
