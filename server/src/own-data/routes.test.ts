import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { enrolTotp } from '../../../test/support/totp.ts'
import { goodPassword, testWorld } from '../../../test/support/world.ts'

type Event = Record<'actor' | 'action' | 'target' | 'ip_address' | 'user_agent', string | null> & {
  details: Record<string, unknown>
}

type Session = { id: number; is_active: boolean; end_reason: string | null }

for (const engine of engines) {
  describe(`GET /me/data/ on ${engine}`, async () => {
    // Access tokens that outlive the ten minutes, so that their age alone refuses.
    const world = await testWorld({ engine, env: { PROPUSK_ACCESS_TTL: '1h' } })
    const { call } = world
    const take = async (token: string) => {
      const answer = await call('GET', '/me/data/', { token })
      assert.equal(answer.status, 200, answer.text)
      return answer
    }

    it('is a file of the account, its sessions, factors and keys as the other calls show them', async () => {
      const person = await world.withPermissions('api_keys:create')
      const token = person.access
      const made = await call('POST', '/api_keys/', { token, body: { name: 'Invoices' } })
      assert.equal(made.status, 201, made.text)
      const elsewhere = await world.login(person)
      assert.equal((await call('POST', '/logout/', { token: elsewhere.access })).status, 204)

      const { body, headers } = await take(token)
      assert.equal(headers['content-disposition'], 'attachment; filename="propusk-my-data.json"')
      assert.equal(headers['cache-control'], 'no-store')
      assert.match(String(headers['content-type']), /^application\/json/)
      assert.deepEqual(body.account, (await call('GET', '/me/', { token })).body)
      const live = (await call('GET', '/me/sessions/', { token })).body
      assert.deepEqual(
        body.sessions.filter((row: Session) => row.is_active).map((row: Session) => row.id),
        live.map((row: Session) => row.id),
      )
      assert.deepEqual(
        body.sessions.map((row: Session) => row.end_reason),
        ['logout', ...live.map(() => null)],
      )
      const { key: _, ...shown } = made.body
      assert.deepEqual(body.api_keys, [shown])
      assert.deepEqual(body.factors, [])
      assert.deepEqual(body.remembered_devices, [])
      assert.deepEqual(
        [body.sessions_are_complete, body.api_keys_are_complete, body.events_are_complete],
        [true, true, true],
      )
    })

    it('stands in the audit, and holds its own event', async () => {
      const person = await world.register()
      const { body } = await take(person.access)
      const [newest] = body.events
      assert.deepEqual(
        [newest.actor, newest.action, newest.target, newest.details],
        ['you', 'data.export', 'own_data', { format: 'json' }],
      )
      assert.equal(newest.ip_address, '127.0.0.1')
      const { access } = await world.superuser()
      const audit = await call('GET', `/audit/?actor=${person.id}&action=data.export`, { token: access })
      assert.equal(audit.body.results.length, 1)
    })

    it('tells of a session that an administrator ended, and not who that was', async () => {
      const person = await world.register()
      const other = await world.login(person)
      const chief = await world.superuser()
      const mine = await call('GET', '/me/sessions/', { token: person.access })
      const { id } = mine.body.find((session: { is_current: boolean }) => !session.is_current)
      const ended = await call('DELETE', `/sessions/${id}/`, { token: chief.access })
      assert.ok(ended.status < 300, ended.text)
      assert.equal((await call('GET', '/me/', { token: other.access })).status, 401)
      const { body, text } = await take(person.access)
      const found = body.events.find((event: { target: string }) => event.target === `sessions/${id}`)
      assert.deepEqual(
        [found?.action, found?.actor, found?.ip_address],
        ['session.end', 'administrator', null],
      )
      assert.doesNotMatch(text, new RegExp(chief.email))
    })

    it('holds no secret: no hash of a password or a key, no secret of an app, no recovery code', async () => {
      const person = await world.withPermissions('api_keys:create')
      const token = person.access
      const made = await call('POST', '/api_keys/', { token, body: { name: 'Invoices' } })
      const app = await enrolTotp(world, person)
      const fresh = await call('POST', '/token/refresh/', { body: { refresh: person.refresh } })
      const { text, body } = await take(fresh.body.access)
      assert.deepEqual([body.factors.length, body.recovery_codes, body.api_keys.length], [1, 10, 1])

      const db = world.core.database.read
      const at = <T>(rows: readonly T[]) => rows.flatMap(row => Object.values(row as object))
      const [users, factors, keys, codes] = await Promise.all([
        db
          .selectFrom('users')
          .select('password')
          .where('id', '=', person.id as never)
          .execute(),
        db
          .selectFrom('factors')
          .select('encrypted_secret')
          .where('user_id', '=', person.id as never)
          .execute(),
        db
          .selectFrom('api_keys')
          .select('secret_hash')
          .where('owner_id', '=', person.id as never)
          .execute(),
        db
          .selectFrom('recovery_codes')
          .selectAll()
          .where('user_id', '=', person.id as never)
          .execute(),
      ])
      const stored = [...at(users), ...at(factors), ...at(keys), ...at(codes)]
      const given = [goodPassword, app.secret, made.body.key, fresh.body.access, fresh.body.refresh]
      const secrets = [...stored, ...given, ...app.recoveryCodes]
        .map(String)
        .filter(secret => secret.length >= 16 && !/^\d+$/.test(secret))
      assert.ok(secrets.length >= 4 + 5 + 10, String(secrets.length))
      for (const secret of secrets) assert.ok(!text.includes(secret), secret)
    })

    it('tells of no other person: who acted is an administrator, and what one did to others has no details', async () => {
      const person = await world.withPermissions(
        'users:read',
        'users:create',
        'users:update',
        'sessions:delete',
      )
      const other = await world.register()
      const admin = await world.superuser()
      const asAdmin = { token: admin.access, headers: { 'user-agent': 'Admin browser' } }
      const note = { note: 'knows of the strange sign-ins', last_name: 'Changed' }
      const path = `/users/${person.id}/`
      assert.equal((await call('PATCH', path, { ...asAdmin, body: note })).status, 200)
      const email = 'made-by-person@example.com'
      const whole = { email, password: goodPassword, first_name: 'Zinaida' }
      const created = await call('POST', '/users/', { token: person.access, body: whole })
      assert.equal(created.status, 201, created.text)

      const { text, body } = await take(person.access)
      const byAdmin = body.events.find((event: Event) => event.action === 'user.update')
      assert.deepEqual(
        [byAdmin.actor, byAdmin.ip_address, byAdmin.user_agent, byAdmin.target],
        ['administrator', null, null, `users/${person.id}`],
      )
      assert.deepEqual(Object.keys(byAdmin.details), ['last_name'])
      const toOther = body.events.find((event: Event) => event.action === 'user.create')
      assert.deepEqual(
        [toOther.actor, toOther.target, toOther.details],
        ['you', `users/${created.body.id}`, {}],
      )
      for (const strange of [other.email, admin.email, email, 'Zinaida', 'Admin browser', note.note]) {
        assert.ok(!text.includes(strange), strange)
      }
      for (const { actor, target } of body.events as Event[]) {
        assert.ok(actor === 'you' || target === `users/${person.id}`, `${actor} ${target}`)
      }
    })

    it('asks for a step-up after ten minutes, and leaves no event when it is refused', async () => {
      const person = await world.register()
      world.clock.advance(10 * 60_000 + 1_000)
      const before = await world.core.stores.chain.greatestEventId()
      const refused = await call('GET', '/me/data/', { token: person.access })
      assert.deepEqual([refused.status, refused.body.code], [401, 'insufficient_user_authentication'])
      assert.equal(await world.core.stores.chain.greatestEventId(), before)
      const proof = { token: person.access, body: { password: goodPassword } }
      const raised = await call('POST', '/me/step_up/', proof)
      await take(raised.body.access)
    })

    it('is refused to API keys, and without a token', async () => {
      const person = await world.withPermissions('api_keys:create')
      const body = { name: 'Invoices', permissions: ['api_keys:create'] }
      const { body: key } = await call('POST', '/api_keys/', { token: person.access, body })
      assert.equal((await call('GET', '/me/data/', { token: key.key })).status, 403)
      assert.equal((await call('GET', '/me/data/')).status, 401)
    })
  })
}
