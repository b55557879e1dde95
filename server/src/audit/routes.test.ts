import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { testWorld } from '../../../test/support/world.ts'

describe('/audit/', async () => {
  const world = await testWorld()
  const auditor = await world.withPermissions('audit:read')
  let anna = await world.register()
  world.clock.advance(60_000)
  anna = await world.login(anna)
  await world.call('PATCH', '/me/', { token: anna.access, body: { first_name: 'Анна' } })

  const read = async (query: string) => {
    const { status, body } = await world.call('GET', `/audit/?${query}`, { token: auditor.access })
    assert.equal(status, 200, query)
    return body.results as { id: number; at: string; action: string; actor: { id: number } }[]
  }
  const actions = async (query: string) => (await read(query)).map(event => event.action)

  it('GET /audit/ lists who did what, newest first', async () => {
    assert.deepEqual(await actions(`actor=${anna.id}`), ['user.update', 'user.login', 'user.register'])
    const [event] = await read(`actor=${anna.id}`)
    assert.deepEqual(
      { ...event, id: 0, at: '' },
      {
        id: 0,
        at: '',
        actor: { id: anna.id, email: anna.email },
        action: 'user.update',
        target: `users/${anna.id}`,
        outcome: 'success',
        ip_address: '127.0.0.1',
        user_agent: 'lightMyRequest',
        details: { first_name: 'changed' },
      },
    )
  })

  it('filters by action, target and time', async () => {
    assert.deepEqual(await actions(`target=users/${anna.id}&action=user.login`), ['user.login'])
    const login = (await read(`actor=${anna.id}&action=user.login`))[0]!
    assert.deepEqual(await actions(`actor=${anna.id}&until=${login.at}`), ['user.register'])
    assert.deepEqual(await actions(`actor=${anna.id}&since=${login.at}&ordering=id`), [
      'user.login',
      'user.update',
    ])
    const shifted = new Date(Date.parse(login.at) + 7_200_000).toISOString().replace('Z', '%2B02:00')
    assert.deepEqual(await actions(`actor=${anna.id}&until=${shifted}`), ['user.register'])
    assert.deepEqual(await actions('actor=999999'), [])
  })

  it('gives one event by its id, the same as in the list, and 404 for none', async () => {
    const [event] = await read(`actor=${anna.id}`)
    const one = await world.call('GET', `/audit/${event!.id}/`, { token: auditor.access })
    assert.deepEqual([one.status, one.body], [200, event])
    assert.equal((await world.call('GET', '/audit/999999/', { token: auditor.access })).status, 404)
    assert.equal((await world.call('GET', `/audit/${event!.id}/`, { token: anna.access })).status, 403)
  })

  it('pages without a gap', async () => {
    const all = (await read(`actor=${anna.id}`)).map(event => event.id)
    const seen: number[] = []
    let path: string | null = `/api/auth/audit/?actor=${anna.id}&limit=1&ordering=-at`
    while (path !== null) {
      const { body }: { body: { next: string | null; results: { id: number }[] } } = await world.call(
        'GET',
        path,
        { token: auditor.access },
      )
      seen.push(...body.results.map(event => event.id))
      path = body.next
    }
    assert.deepEqual(seen, all)
  })

  for (const query of [
    'since=yesterday',
    'until=2026-02-30T00:00:00Z',
    'since=1700000000',
    'actor=anna@example.com',
    'ordering=action',
    'outcome=refused',
    'kind=everything',
    'text=anna',
  ]) {
    it(`refuses ${query}`, async () => {
      const { status, body } = await world.call('GET', `/audit/?${query}`, { token: auditor.access })
      assert.equal(status, 400)
      assert.deepEqual(Object.keys(body.errors), [query.slice(0, query.indexOf('='))])
    })
  }

  it('is for those with audit:read only, and cannot be written to', async () => {
    const { status, body } = await world.call('GET', '/audit/', { token: anna.access })
    assert.equal(status, 403)
    assert.ok(body.detail.includes('audit:read'))
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      assert.equal((await world.call(method, '/audit/', { token: auditor.access })).status, 405)
    }
  })
})
