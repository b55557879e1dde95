import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { origin } from '../../../test/support/people.ts'
import { rotationWays } from '../../../test/support/rotation-ways.ts'
import { type Account, testWorld, type World } from '../../../test/support/world.ts'
import type { RefreshTokenId, SessionId, UserId } from '../kernel/index.ts'
import { createRefreshTokenOpener } from './read-refresh-token.ts'
import { type Rotation, rotateInOneStatement, sqlRotationStore } from './rotation-store.sql.ts'

const dayMs = 86_400_000

/** What the tests below ask of one server and its accounts. */
function rotationsOf({ core, server, clock }: World) {
  const { config, database, random, transaction, stores } = core
  const open = createRefreshTokenOpener(server.keys.ring, config.publicUrl)
  const newNext = (retryKeyHash: string | null = null) => ({
    jti: random.orderedUuid(clock.nowMs()) as RefreshTokenId,
    encrypted: 'encrypted',
    retryKeyHash,
  })
  return {
    rotations: sqlRotationStore(database, transaction),
    newNext,
    /** The rotation of the refresh token that a person holds. */
    rotationOf: ({ refresh }: Account): Rotation => ({
      claims: open(refresh, clock.nowMs())!,
      next: newNext(),
      decryptNext: text => text,
      origin,
      nowMs: clock.nowMs(),
    }),
    newSessionId: () => random.orderedUuid(clock.nowMs()) as SessionId,
    tokensOf: ({ id }: Account) =>
      database.read
        .selectFrom('refresh_tokens')
        .select(['jti', 'spent_at', 'is_revoked', 'successor_jti', 'retry_key_hash'])
        .where('user_id', '=', id)
        .orderBy('issued_at')
        .orderBy('jti')
        .execute(),
    sessionOf: async ({ id }: Account) => (await stores.sessions.listLive(id as UserId, clock.nowMs()))[0],
  }
}

type TokenRow = Awaited<ReturnType<ReturnType<typeof rotationsOf>['tokensOf']>>[number]
const chainOf = ({ jti, spent_at, successor_jti }: TokenRow) => ({ jti, spent_at, successor_jti })

async function assertEndedByReuse({ core: { database } }: World, { id }: Account): Promise<void> {
  const session = await database.read
    .selectFrom('sessions')
    .select(['id', 'uuid', 'end_reason'])
    .where('user_id', '=', id)
    .executeTakeFirstOrThrow()
  assert.equal(session.end_reason, 'refresh_reuse')
  const tokens = database.read.selectFrom('refresh_tokens').select('is_revoked')
  const rows = await tokens.where('session_id', '=', session.id).execute()
  assert.ok(rows.every(({ is_revoked }) => Boolean(is_revoked)))
  const events = database.read.selectFrom('audit_events').select('action')
  const own = await events.where('target', '=', `sessions/${session.id}`).execute()
  assert.deepEqual(own, [{ action: 'token.reuse' }])
}

for (const way of rotationWays) {
  describe(`the exchange of a refresh token ${way.title}`, async () => {
    const world = await testWorld({ engine: way.engine })
    way.on(world.core.database)
    const { clock } = world
    const { transaction } = world.core
    const { rotations, rotationOf, newNext, newSessionId, tokensOf, sessionOf } = rotationsOf(world)
    const decisionOf = async (rotation: Rotation) => (await rotations.rotate(rotation)).decision

    it('consumes the token, adds the next one, notes the use and reads what the user holds', async () => {
      const person = await world.withPermissions('users:read')
      clock.advance(1_000)
      const rotation = rotationOf(person)
      const outcome = await rotations.rotate(rotation)
      assert.equal(outcome.decision, 'rotated')
      const { grants, session: continued } = outcome
      const { isSuperuser, roles, roleIds } = grants
      assert.deepEqual([isSuperuser, roles.length, roleIds.length], [false, 1, 1])
      assert.equal(typeof roleIds[0], 'number')
      const row = (jti: string, spent_at: number | null, successor_jti: string | null) => ({
        ...{ jti, spent_at, successor_jti, retry_key_hash: null },
        is_revoked: false,
      })
      const rows = (await tokensOf(person)).slice(-2)
      assert.deepEqual(
        rows.map(each => ({ ...each, is_revoked: Boolean(each.is_revoked) })),
        [row(rotation.claims.jti, rotation.nowMs, rotation.next.jti), row(rotation.next.jti, null, null)],
      )
      const session = await sessionOf(person)
      assert.equal(session?.lastUsedAtMs, rotation.nowMs)
      const { expiresAtMs, authTimeMs, acr, amr } = continued
      assert.equal(session?.expiresAtMs, expiresAtMs)
      assert.deepEqual([session?.authTimeMs, acr, amr], [authTimeMs, 'aal1', ['pwd']])
      assert.ok(authTimeMs < rotation.nowMs, 'a refresh proves nothing')
    })

    const another = await world.register()
    const twists: readonly [title: string, twist: (rotation: Rotation) => Rotation, decision: string][] = [
      [
        'of a session that is no more',
        r => ({ ...r, claims: { ...r.claims, sessionId: newSessionId() } }),
        'invalid',
      ],
      ['of another user', r => ({ ...r, claims: { ...r.claims, userId: another.id as UserId } }), 'invalid'],
      ['after its end', r => ({ ...r, nowMs: r.nowMs + dayMs + 60_000 }), 'invalid'],
      [
        'of another session',
        r => ({
          ...r,
          claims: {
            ...r.claims,
            sessionId: rotationOf(another).claims.sessionId,
            userId: another.id as UserId,
          },
        }),
        'reused',
      ],
      ['that has no row', r => ({ ...r, claims: { ...r.claims, jti: newNext().jti } }), 'reused'],
    ]
    for (const [title, twist, decision] of twists) {
      it(`is ${decision} for a token ${title}, and adds none`, async () => {
        const person = await world.register()
        const before = await tokensOf(person)
        assert.equal(await decisionOf(twist(rotationOf(person))), decision)
        assert.deepEqual((await tokensOf(person)).map(chainOf), before.map(chainOf))
      })
    }

    it('ends the session of a reused token in its own transaction, with the event and the change', async () => {
      const person = await world.register()
      const rotation = rotationOf(person)
      await rotations.rotate(rotation)
      let transactions = 0
      const counted: typeof transaction = (...args) => {
        transactions++
        return transaction(...args)
      }
      const counting = sqlRotationStore(world.core.database, counted)
      const late = { ...rotation, next: newNext(), nowMs: rotation.nowMs + 10_001 }
      assert.deepEqual(await counting.rotate(late), { decision: 'reused' })
      assert.equal(transactions, 1)
      await assertEndedByReuse(world, person)
    })

    it('counts a repeated token as reused when the stored next one cannot be read', async () => {
      const person = await world.register()
      const rotation = rotationOf(person)
      await rotations.rotate(rotation)
      const again = { ...rotation, next: newNext(), decryptNext: () => undefined }
      assert.equal(await decisionOf(again), 'reused')
      await assertEndedByReuse(world, person)
    })

    it('repeats the encrypted next token, until that is used', async () => {
      const person = await world.register()
      const rotation = rotationOf(person)
      await rotations.rotate(rotation)
      const again = await rotations.rotate({ ...rotation, next: { ...newNext(), encrypted: 'another' } })
      assert.deepEqual([again.decision, 'nextToken' in again && again.nextToken], ['repeated', 'encrypted'])
      const claims = { ...rotation.claims, jti: rotation.next.jti }
      assert.equal(await decisionOf({ ...rotation, claims, next: newNext() }), 'rotated')
      assert.equal(await decisionOf({ ...rotation, next: newNext() }), 'reused')
      assert.equal((await tokensOf(person)).length, 3)
    })

    it('keeps the digest of the key with the consumed token, and repeats for the same one however late', async () => {
      const person = await world.register()
      const rotation = { ...rotationOf(person), next: newNext('a digest') }
      await rotations.rotate(rotation)
      const keyHashes = (await tokensOf(person)).map(({ retry_key_hash }) => retry_key_hash)
      assert.deepEqual(keyHashes, ['a digest', null])
      const late = { ...rotation, nowMs: rotation.nowMs + 3_600_000 }
      const again = await rotations.rotate({
        ...late,
        next: { ...newNext('a digest'), encrypted: 'another' },
      })
      assert.deepEqual([again.decision, 'nextToken' in again && again.nextToken], ['repeated', 'encrypted'])
      assert.equal(await decisionOf({ ...late, next: newNext('another digest') }), 'reused')
      await assertEndedByReuse(world, person)
    })

    it('is invalid for a token of a session that was ended, also by a logout of all users', async () => {
      const [anna, boris] = [await world.register(), await world.register()]
      await world.call('POST', '/logout/', { token: anna.access })
      assert.equal(await decisionOf(rotationOf(anna)), 'invalid')
      await transaction(({ massLogouts }) => massLogouts.begin(newSessionId(), clock.nowMs()))
      assert.equal(await decisionOf(rotationOf(boris)), 'invalid')
      assert.equal((await tokensOf(boris)).length, 1)
    })

    it('waits for a transaction that holds the session, and then decides about the token as it is', async () => {
      const person = await world.register()
      const rotation = rotationOf(person)
      const { promise: mayCommit, resolve: letGo } = Promise.withResolvers<void>()
      const { promise: held, resolve: reached } = Promise.withResolvers<void>()
      const ending = transaction(async stores => {
        await stores.sessions.endByUuid(rotation.claims.sessionId, 'logout', clock.nowMs())
        reached()
        await mayCommit
      })
      await held
      const rotating = decisionOf(rotation)
      await new Promise(resolve => setTimeout(resolve, 50))
      letGo()
      await ending
      assert.equal(await rotating, 'invalid')
      assert.equal((await tokensOf(person)).length, 1)
    })

    it('rotates once among sixteen calls, and repeats one next token for the others', async () => {
      const person = await world.register()
      const rotation = rotationOf(person)
      const inTransaction = sqlRotationStore({ statement: undefined }, transaction)
      const outcomes = await Promise.all(
        Array.from({ length: 16 }, (_, index) => {
          const next = { ...newNext(), encrypted: `next ${index}` }
          return (index % 2 === 0 ? rotations : inTransaction).rotate({ ...rotation, next })
        }),
      )
      assert.equal(outcomes.filter(({ decision }) => decision === 'rotated').length, 1)
      assert.equal(outcomes.filter(({ decision }) => decision === 'repeated').length, 15)
      assert.equal(new Set(outcomes.flatMap(each => ('nextToken' in each ? each.nextToken : []))).size, 1)
    })
  })
}

describe('the one statement of a rotation, on postgres', async () => {
  const world = await testWorld({ engine: 'postgres' })
  const { statement } = world.core.database
  const { rotations, rotationOf, newNext, tokensOf } = rotationsOf(world)

  it('leaves every decision but the first use to a transaction', async () => {
    const person = await world.register()
    const rotation = rotationOf(person)
    const rotate = (each: Rotation) => statement!(db => rotateInOneStatement(db, each))
    assert.equal((await rotate(rotation))?.decision, 'rotated')
    assert.equal(await rotate({ ...rotation, next: newNext() }), undefined)
  })

  it('cannot begin inside a transaction, which would commit without it', async () => {
    const person = await world.register()
    const rotation = rotationOf(person)
    await assert.rejects(
      world.core.transaction(async () => rotations.rotate(rotation)),
      TypeError,
    )
    assert.equal((await tokensOf(person)).length, 1)
  })
})
