import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { enrolTotp, ticketOf } from '../../../test/support/totp.ts'
import { testWorld } from '../../../test/support/world.ts'
import { mintKey } from '../api-keys/api-key.ts'
import { Rejection, systemRandom, type UserId } from '../kernel/index.ts'
import { eraseUser } from './index.ts'

const mailEnv = {
  PROPUSK_MAIL_URL: 'smtp://localhost:1',
  PROPUSK_MAIL_FROM: 'no-reply@example.org',
}
const byCommand = { principal: null, origin: null }

for (const engine of engines) {
  describe(`an account that is erased, on ${engine}`, async () => {
    const world = await testWorld({ engine, env: mailEnv })
    const { core, call } = world
    const { read } = core.database

    const email = 'anna.petrova@example.com'
    const account = await world.register(email)
    await call('PATCH', '/me/', {
      token: account.access,
      body: { first_name: 'Анна', last_name: 'Петрова' },
    })
    const elsewhere = { 'user-agent': 'Annas phone' }
    await call('POST', '/login/', { body: { email, password: account.password }, headers: elsewhere })
    await call('POST', '/login/', { body: { email, password: 'wrong and wrong again' } })
    const neighbour = await world.register('banna.petrova@example.com')
    await call('POST', '/login/', { body: { email: neighbour.email, password: 'wrong and wrong again' } })
    const userId = account.id as UserId
    const key = {
      name: 'Annas phone',
      ownerId: userId,
      minted: mintKey(systemRandom),
      roleIds: [],
      permissionIds: [],
      expiresAtMs: null,
    }
    await core.transaction(({ apiKeys }) => apiKeys.add(key, core.clock.nowMs()))
    await enrolTotp(world, account, 'Annas phone')
    await ticketOf(world, account)
    const mail = { kind: 'address_taken', locale: null, toEmail: email, proofId: null, details: {} } as const
    await core.transaction(async ({ outbox }) => {
      await outbox.add({ ...mail, userId: null }, core.clock.nowMs())
      await outbox.add({ ...mail, toEmail: `old-${email}`, userId }, core.clock.nowMs())
    })
    const events = () => read.selectFrom('audit_events').selectAll().orderBy('id').execute()
    const before = await events()
    await eraseUser(core, byCommand, userId)

    it('is signed out everywhere and cannot sign in', async () => {
      assert.equal((await call('GET', '/me/', { token: account.access })).status, 401)
      const body = { refresh: account.refresh }
      assert.equal((await call('POST', '/token/refresh/', { body })).status, 401)
      const again = { email: `erased-${userId}@erased.invalid`, password: account.password }
      assert.equal((await call('POST', '/login/', { body: again })).status, 401)
    })

    it('leaves nothing of its person outside the audit', async () => {
      const tables = [
        'users',
        'sessions',
        'refresh_tokens',
        'throttle_counters',
        'changes',
        'api_keys',
        'mail_outbox',
        'factors',
        'recovery_codes',
        'sign_in_tickets',
        'remembered_devices',
      ] as const
      for (const table of tables) {
        const rows = (await read.selectFrom(table).selectAll().execute()) as {
          user_id?: number
          id?: unknown
        }[]
        for (const row of rows) {
          assert.doesNotMatch(
            JSON.stringify(row),
            /(?:"|old-)anna\.petrova|Анна|Петрова|анна|петрова|Annas phone/,
            table,
          )
          if (row.user_id === userId) assert.doesNotMatch(JSON.stringify(row), /127\.0\.0\.1/, table)
        }
      }
      const { password, last_login } = await read
        .selectFrom('users')
        .select(['password', 'last_login'])
        .where('id', '=', userId)
        .executeTakeFirstOrThrow()
      assert.equal((await core.hasher.verify(account.password, password)).matches, false)
      assert.equal(last_login, null)
    })

    it('has no second factor, no recovery code and no ticket any more', async () => {
      for (const table of ['factors', 'recovery_codes', 'sign_in_tickets', 'remembered_devices'] as const) {
        const rows = await read.selectFrom(table).select('user_id').execute()
        assert.ok(
          rows.every(row => row.user_id !== userId),
          table,
        )
      }
    })

    it('keeps what belongs to others', async () => {
      const kept = await read.selectFrom('throttle_counters').select('subject').execute()
      assert.ok(kept.some(({ subject }) => subject.startsWith(neighbour.email)))
      assert.equal((await call('GET', '/me/', { token: neighbour.access })).status, 200)
    })

    it('leaves every event of the audit as it was, and stands in it without a word about its person', async () => {
      const after = await events()
      assert.deepEqual(after.slice(0, before.length), before)
      const added = after.slice(before.length)
      assert.deepEqual(
        added.filter(({ action }) => action === 'user.erase').map(({ actor, target }) => [actor, target]),
        [[null, `users/${userId}`]],
      )
      assert.doesNotMatch(JSON.stringify(added), /anna|Анна|Петрова/)
    })

    it('frees its address for a new account', async () => {
      const fresh = await world.register(email)
      assert.notEqual(fresh.id, userId)
    })

    it('is not the last active superuser', async () => {
      const root = await world.superuser()
      const isConflict = (error: unknown) => error instanceof Rejection && error.code === 'conflict'
      await assert.rejects(eraseUser(core, byCommand, root.id as UserId), isConflict)
      assert.equal((await call('GET', '/me/', { token: root.access })).status, 200)
      await world.superuser()
      await eraseUser(core, byCommand, root.id as UserId)
      assert.equal((await call('GET', '/me/', { token: root.access })).status, 401)
    })
  })
}
