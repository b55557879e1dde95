import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { origin } from '../../../test/support/people.ts'
import { type Account, testWorld } from '../../../test/support/world.ts'
import type { RefreshTokenId, SessionId, UserId } from '../kernel/index.ts'
import { firstUsesOn } from '../stores.ts'
import { createRefreshTokenOpener } from './open-refresh-token.ts'

// SQLite has no such statement: there every use is a transaction.
describe('the first use of a refresh token in one statement, on postgres', async () => {
  const world = await testWorld({ engine: 'postgres' })
  const { clock } = world
  const { config, database, random, transaction } = world.core
  const firstUses = firstUsesOn(database)!
  const open = createRefreshTokenOpener(world.server.keys.ring, config.publicUrl)

  const newJti = () => random.orderedUuid(clock.nowMs()) as RefreshTokenId

  /** The use of the refresh token that a person holds. */
  function useOf({ refresh }: Account) {
    const { jti, sessionId: uuid, userId } = open(refresh, clock.nowMs())!
    return { jti, uuid, userId, successor: { jti: newJti(), sealed: 'sealed' }, origin, nowMs: clock.nowMs() }
  }

  const tokensOf = ({ id }: Account) =>
    database.read
      .selectFrom('refresh_tokens')
      .select(['jti', 'spent_at', 'is_revoked', 'successor_jti'])
      .where('user_id', '=', id)
      .orderBy('issued_at')
      .orderBy('jti')
      .execute()

  it('spends the token, adds the successor and tells the standing', async () => {
    const person = await world.register()
    clock.advance(1_000)
    const use = useOf(person)
    const used = await firstUses.use(use)
    assert.deepEqual(used?.standing, { isSuperuser: false, roles: [], roleIds: [] })
    const row = (jti: string, spentAtMs: number | null, successorJti: string | null) => ({
      jti,
      spent_at: spentAtMs,
      is_revoked: false,
      successor_jti: successorJti,
    })
    assert.deepEqual(await tokensOf(person), [
      row(use.jti, use.nowMs, use.successor.jti),
      row(use.successor.jti, null, null),
    ])
    const session = await world.core.stores.sessions.listLive(person.id as UserId, clock.nowMs())
    assert.equal(session[0]?.lastUsedAtMs, use.nowMs)
    assert.equal(session[0]?.expiresAtMs, used?.expiresAtMs)
  })

  const another = await world.register()
  for (const [title, twist] of [
    ['of a session that is no more', { uuid: random.orderedUuid(clock.nowMs()) as SessionId }],
    ['of somebody else’s session', { uuid: useOf(another).uuid }],
    ['of another user', { userId: another.id as UserId }],
    ['that nobody knows', { jti: newJti() }],
    ['after its end', { nowMs: clock.nowMs() + config.sessionTtlSeconds * 1000 + 60_000 }],
  ] as const) {
    it(`is none for a token ${title}, and writes nothing`, async () => {
      const person = await world.register()
      const before = await tokensOf(person)
      assert.equal(await firstUses.use({ ...useOf(person), ...twist }), undefined)
      assert.deepEqual(await tokensOf(person), before)
    })
  }

  it('is none for a token that was spent, nor for one of a session that was ended', async () => {
    const person = await world.register()
    const use = useOf(person)
    assert.notEqual(await firstUses.use(use), undefined)
    assert.equal(await firstUses.use({ ...use, successor: { jti: newJti(), sealed: 'x' } }), undefined)
    await world.call('POST', '/logout/', { token: person.access })
    const successor = { ...use, jti: use.successor.jti, successor: { jti: newJti(), sealed: 'x' } }
    assert.equal(await firstUses.use(successor), undefined)
    assert.equal((await tokensOf(person)).length, 2)
  })

  it('waits for whoever holds the session, and then judges the token as it is', async () => {
    const person = await world.register()
    const use = useOf(person)
    const { promise: mayCommit, resolve: letGo } = Promise.withResolvers<void>()
    const { promise: held, resolve: reached } = Promise.withResolvers<void>()
    const ending = transaction(async stores => {
      await stores.sessions.endByUuid(use.uuid, 'logout', clock.nowMs())
      reached()
      await mayCommit
    })
    await held
    const using = firstUses.use(use)
    await new Promise(resolve => setTimeout(resolve, 50))
    letGo()
    await ending
    assert.equal(await using, undefined)
    assert.equal((await tokensOf(person)).length, 1)
  })

  it('has one winner among sixteen, half of them in transactions', async () => {
    const person = await world.register()
    const { nowMs, ...use } = useOf(person)
    const session = (await world.core.stores.sessions.listLive(use.userId, nowMs))[0]!
    const inTransaction = () =>
      transaction(async ({ sessions, refreshTokens }) => {
        await sessions.touch(use.uuid, nowMs)
        return await refreshTokens.spend(use.jti, session.id, { jti: newJti(), sealed: 'x' }, nowMs)
      })
    const inOne = async () => {
      const successor = { jti: newJti(), sealed: 'x' }
      return (await firstUses.use({ ...use, successor, nowMs })) !== undefined
    }
    const won = await Promise.all(
      Array.from({ length: 16 }, (_, index) => (index % 2 === 0 ? inOne() : inTransaction())),
    )
    assert.equal(won.filter(Boolean).length, 1)
  })

  it('cannot begin inside a transaction, which would commit without it', async () => {
    const person = await world.register()
    const use = useOf(person)
    await assert.rejects(
      transaction(async () => firstUses.use(use)),
      TypeError,
    )
    assert.equal((await tokensOf(person)).length, 1)
  })
})
