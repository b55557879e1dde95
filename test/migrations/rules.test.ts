import assert from 'node:assert/strict'
import { before, it } from 'node:test'
import { sql } from 'kysely'
import { Rejection } from '../../server/src/kernel/index.ts'
import type { Database, Handle } from '../../server/src/store/index.ts'
import { eachEngine } from '../support/engines.ts'
import { newUser } from '../support/rows.ts'

const at = 1_700_000_000_000
const uuid = (last: string) => `00000000-0000-7000-8000-${last.padStart(12, '0')}`

const newSession = (user_id: number, name: string) => ({
  uuid: uuid(name),
  user_id,
  ip_address: '192.0.2.1',
  user_agent: 'test',
  created_at: at,
  last_used_at: at,
  expires_at: at + 1,
  is_active: true,
  ended_at: null,
  end_reason: null,
})

const newToken = (session_id: number, user_id: number, name: string) => ({
  jti: uuid(name),
  session_id,
  user_id,
  issued_at: at,
  expires_at: at + 1,
  is_revoked: false,
  revoked_at: null,
  ip_address: null,
  user_agent: 'test',
  last_used_at: null,
  spent_at: null,
  successor_jti: null,
  successor_sealed: null,
})

const newEvent = {
  at,
  actor: null,
  action: 'test',
  target: null,
  outcome: 'success',
  ip_address: null,
  user_agent: null,
  details: '{}',
}

eachEngine('the rules of the tables', open => {
  let db: Database
  let userId: number
  let sessionId: number

  /** The engine refuses the write because of the rule, not because it is away. */
  const isRefused = (work: (trx: Handle) => Promise<unknown>) =>
    assert.rejects(
      db.transaction(work),
      (error: unknown) => error instanceof Error && !(error instanceof Rejection),
    )

  const addRole = (name: string, code_name: string) =>
    db.transaction(trx =>
      trx
        .insertInto('roles')
        .values({ name, code_name, description: null, search_text: '' })
        .returning('id')
        .executeTakeFirstOrThrow(),
    )

  before(async () => {
    db = await open()
    await db.transaction(async trx => {
      userId = (
        await trx
          .insertInto('users')
          .values(newUser('owner@example.com'))
          .returning('id')
          .executeTakeFirstOrThrow()
      ).id
      sessionId = (
        await trx
          .insertInto('sessions')
          .values(newSession(userId, '1'))
          .returning('id')
          .executeTakeFirstOrThrow()
      ).id
      await trx
        .insertInto('refresh_tokens')
        .values(newToken(sessionId, userId, '1'))
        .execute()
    })
  })

  it('keep one account for an address, in whatever case it is written', async () => {
    await isRefused(trx => trx.insertInto('users').values(newUser('owner@example.com')).execute())
    await isRefused(trx => trx.insertInto('users').values(newUser('Owner@example.com')).execute())
  })

  const tooLong: [string, Record<string, unknown>][] = [
    ['an email of 151 characters', { email: `${'a'.repeat(139)}@example.com` }],
    ['a password of 129 characters', { password: 'x'.repeat(129) }],
    ['a first name of 151 characters', { first_name: 'x'.repeat(151) }],
    ['a flag that is neither true nor false', { is_active: 2 }],
    ['a time that is no number', { date_joined: 'yesterday' }],
    ['no email', { email: null }],
  ]
  for (const [what, change] of tooLong) {
    it(`refuse ${what}`, () =>
      isRefused(trx =>
        trx
          .insertInto('users')
          .values({ ...newUser('rule@example.com'), ...change })
          .execute(),
      ))
  }

  it('count characters, not bytes, in a length', async () => {
    const values = { ...newUser('cyrillic@example.com'), first_name: 'Я'.repeat(150) }
    await db.transaction(trx => trx.insertInto('users').values(values).execute())
  })

  it('never let a user go who has sessions or roles', async () => {
    await isRefused(trx => trx.deleteFrom('users').where('id', '=', userId).execute())
  })

  it('keep a session active exactly until it has ended, with a reason', async () => {
    const insert = (change: object) => (trx: Handle) =>
      trx
        .insertInto('sessions')
        .values({ ...newSession(userId, '2'), ...change })
        .execute()
    await isRefused(insert({ is_active: false }))
    await isRefused(insert({ ended_at: at }))
    await isRefused(insert({ is_active: false, ended_at: at }))
    await isRefused(insert({ expires_at: at }))
    await isRefused(insert({ uuid: uuid('1') }))
    await isRefused(insert({ user_id: 404 }))
    await db.transaction(insert({ is_active: false, ended_at: at, end_reason: 'logout' }))
  })

  it('keep a refresh token in one state, under an id of its own', async () => {
    const insert = (change: object) => (trx: Handle) =>
      trx
        .insertInto('refresh_tokens')
        .values({ ...newToken(sessionId, userId, '2'), ...change })
        .execute()
    await isRefused(insert({ jti: uuid('1') }))
    await isRefused(insert({ is_revoked: true }))
    await isRefused(insert({ revoked_at: at }))
    await isRefused(insert({ expires_at: at }))
    await isRefused(insert({ successor_jti: uuid('3') }))
    await isRefused(insert({ session_id: 404 }))
  })

  it('take a code name in its form only', async () => {
    await addRole('Fine', 'a')
    await addRole('Finer', 'z0_.-')
    for (const wrong of ['', 'A', '1a', '_a', 'a b', 'a:b', 'é', 'aé', `a${'b'.repeat(100)}`, 'a\n']) {
      await assert.rejects(addRole(`wrong ${wrong}`, wrong), JSON.stringify(wrong))
    }
  })

  it('keep names and code names unique', async () => {
    await addRole('Unique', 'unique')
    await assert.rejects(addRole('Unique', 'another'))
    await assert.rejects(addRole('Another', 'unique'))
  })

  it('take permissions along with their resource, and grants along with their role or permission', async () => {
    const role = await addRole('Holder', 'holder')
    await db.transaction(async trx => {
      const resource = await trx
        .insertInto('resources')
        .values({ name: 'Gone', code_name: 'gone', description: null, search_text: '', is_builtin: false })
        .returning('id')
        .executeTakeFirstOrThrow()
      const permission = await trx
        .insertInto('permissions')
        .values({ resource_id: resource.id, action_id: 1 })
        .returning('id')
        .executeTakeFirstOrThrow()
      await trx
        .insertInto('role_permissions')
        .values({ role_id: role.id, permission_id: permission.id })
        .execute()
      await trx.insertInto('user_roles').values({ user_id: userId, role_id: role.id }).execute()
      await trx.deleteFrom('resources').where('id', '=', resource.id).execute()
    })
    assert.deepEqual(await db.read.selectFrom('role_permissions').selectAll().execute(), [])
    await db.transaction(trx => trx.deleteFrom('roles').where('id', '=', role.id).execute())
    assert.deepEqual(await db.read.selectFrom('user_roles').selectAll().execute(), [])
  })

  it('take an audit event once and for all', async () => {
    await db.transaction(trx => trx.insertInto('audit_events').values(newEvent).execute())
    await isRefused(trx => trx.updateTable('audit_events').set({ action: 'forged' }).execute())
    await isRefused(trx => trx.deleteFrom('audit_events').execute())
    const emptied =
      db.engine === 'sqlite'
        ? sql`insert or replace into audit_events select * from audit_events`
        : sql`truncate audit_events`
    await isRefused(trx => emptied.execute(trx))
    const found = await db.read.selectFrom('audit_events').select('action').execute()
    assert.deepEqual(found, [{ action: 'test' }])
  })

  it('the tables refuse an unknown outcome and an unknown algorithm', async () => {
    await isRefused(trx =>
      trx
        .insertInto('audit_events')
        .values({ ...newEvent, outcome: 'maybe' })
        .execute(),
    )
    const key = { kid: 'k', public_jwk: '{}', private_sealed: 's', created_at: at, retired_at: null }
    await isRefused(trx =>
      trx
        .insertInto('signing_keys')
        .values({ ...key, algorithm: 'none' })
        .execute(),
    )
    await db.transaction(trx =>
      trx
        .insertInto('signing_keys')
        .values({ ...key, algorithm: 'ES256' })
        .execute(),
    )
  })
})
