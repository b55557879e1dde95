import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { claimsOf, enrolTotp, ticketOf } from '../../../test/support/totp.ts'
import { testWorld } from '../../../test/support/world.ts'

for (const engine of engines) {
  describe(`the second factors of another account, on ${engine}`, async () => {
    const world = await testWorld({ engine })
    const path = (id: number) => `/users/${id}/factors/`
    const reset = (id: number, token: string) =>
      world.call('DELETE', `${path(id)}?reason=lost%20phone`, { token })

    it('are shown without what they prove with, to who holds factors:read', async () => {
      const person = await world.register()
      const app = await enrolTotp(world, person)
      const reader = await world.withPermissions('factors:read')
      const { status, body, text } = await world.call('GET', path(person.id), { token: reader.access })
      assert.equal(status, 200)
      assert.deepEqual(
        [body.factors[0].name, body.factors[0].kind, body.recovery_codes],
        ['Phone', 'totp', 10],
      )
      assert.ok(!text.includes(app.secret))
      assert.equal((await reset(person.id, reader.access)).status, 403)
    })

    it('are removed by who holds factors:delete and outranks the account, with a reason that the audit keeps', async () => {
      const person = await world.register()
      await enrolTotp(world, person)
      const { ticket } = await ticketOf(world, person)
      const desk = await world.withPermissions('factors:delete')
      assert.equal((await world.call('DELETE', path(person.id), { token: desk.access })).status, 400)
      assert.equal((await reset(person.id, desk.access)).status, 204)
      await world.login(person)
      const old = await world.call('POST', '/login/factor/', { body: { ticket, totp: '000000' } })
      assert.equal(old.status, 401)
      const events = await world.core.database.read
        .selectFrom('audit_events')
        .select(['actor', 'details'])
        .where('action', '=', 'factor.reset')
        .where('target', '=', `users/${person.id}`)
        .execute()
      assert.equal(events.length, 1)
      assert.equal(events[0]!.actor, desk.id)
      assert.equal(JSON.parse(events[0]!.details).reason, 'lost phone')
      assert.equal((await reset(987_654, desk.access)).status, 404)
    })

    it('are out of reach for a caller of a lower rank', async () => {
      const chief = await world.superuser()
      await enrolTotp(world, chief)
      const desk = await world.withPermissions('factors:delete')
      assert.equal((await reset(chief.id, desk.access)).status, 403)
      assert.equal((await ticketOf(world, chief)).next, 'second_factor')
    })
  })
}

describe('PROPUSK_STAFF_FACTOR=required', async () => {
  const world = await testWorld({ env: { PROPUSK_STAFF_FACTOR: 'required' } })

  it('lets staff do nothing but enrol before they have a second factor and have shown it', async () => {
    const chief = await world.superuser()
    const users = (token: string) => world.call('GET', '/users/', { token })
    const refused = await users(chief.access)
    assert.deepEqual([refused.status, refused.body.code], [401, 'insufficient_user_authentication'])
    assert.equal(refused.body.acr_values, 'aal2')
    assert.equal((await world.call('GET', '/me/', { token: chief.access })).status, 200)

    const app = await enrolTotp(world, chief)
    assert.equal((await users(chief.access)).status, 401, 'enrolled, and not shown yet')
    const raised = await world.call('POST', '/me/step_up/', {
      token: chief.access,
      body: { totp: app.next() },
    })
    assert.equal((await users(raised.body.access)).status, 200)

    const last = await world.call('DELETE', `/me/factors/${app.id}/`, { token: raised.body.access })
    assert.deepEqual([last.status, last.body.code], [409, 'conflict'], 'the last one stays')
    assert.equal(claimsOf(raised.body.access).acr, 'aal2')
  })

  it('asks nothing of other accounts, and lets them remove their last one', async () => {
    const person = await world.register()
    const app = await enrolTotp(world, person)
    const raised = await world.call('POST', '/me/step_up/', {
      token: person.access,
      body: { totp: app.next() },
    })
    const removed = await world.call('DELETE', `/me/factors/${app.id}/`, { token: raised.body.access })
    assert.equal(removed.status, 204)
    assert.equal((await world.call('GET', '/users/', { token: person.access })).status, 403)
  })
})
