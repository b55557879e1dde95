import assert from 'node:assert/strict'
import { before, it } from 'node:test'
import { eachEngine } from '../../../test/support/engines.ts'
import { origin, type People, peopleOn } from '../../../test/support/people.ts'
import { rejection } from '../../../test/support/rejection.ts'
import { type RefreshTokenId, systemRandom } from '../kernel/index.ts'
import type { Database } from '../store/index.ts'
import { sqlRotationStore } from '../tokens/index.ts'
import { endEverybody, settleMassLogouts } from './end-everybody.ts'
import type { Session } from './session.ts'

const minuteMs = 60_000
const dayMs = 24 * 3_600_000

eachEngine('ending all sessions', open => {
  let database: Database
  let people: People
  let root: Awaited<ReturnType<People['addUser']>>
  let own: Session

  before(async () => {
    database = await open()
    people = peopleOn(database)
    await people.addRole('guard', 'sessions:all')
    root = await people.addUser({ isSuperuser: true })
    own = await people.startSession(root)
  })

  const asRoot = (id?: number) => ({ principal: people.as(root, own), origin, id })
  const stored = (session: Session) => people.stores.sessions.findById(session.id)
  const published = () => people.committed.filter(({ kind }) => kind === 'everybody_logged_out')
  const settle = () => people.transaction(stores => settleMassLogouts(stores, people.clock.nowMs()))
  const listed = () => people.stores.massLogouts.list()
  const touch = (session: Session) =>
    people.transaction(({ sessions }) => sessions.touch(session.uuid, people.clock.nowMs()))
  const addToken = async (session: Session) => {
    const nowMs = people.clock.nowMs()
    const jti = systemRandom.orderedUuid(nowMs) as RefreshTokenId
    await people.transaction(({ refreshTokens }) =>
      refreshTokens.add({
        jti,
        session,
        issuedAtMs: nowMs,
        origin,
      }),
    )
    return jti
  }
  /** Everybody is signed out, and the rows are left as after a crash. */
  const beginOnly = () =>
    people.transaction(({ massLogouts }) => massLogouts.begin(own.uuid, people.clock.nowMs()))

  it('is for superusers alone, by what the database says and not the token', async () => {
    const guard = await people.addUser({ roles: ['guard'] })
    const session = await people.startSession(guard)
    const command = { principal: { ...people.as(guard, session), isSuperuser: true }, origin, id: undefined }
    await assert.rejects(
      endEverybody(people, command),
      rejection('permission_denied', 'permission.superuser_only'),
    )
    assert.deepEqual([published().length, (await listed()).length], [0, 0])
    assert.notEqual(await touch(session), undefined)
  })

  it('ending all sessions spares the caller’s, sends one change to the gates and writes one event', async () => {
    const [anna, boris] = [await people.addUser(), await people.addUser()]
    const sessions = [
      await people.startSession(anna),
      await people.startSession(anna),
      await people.startSession(boris),
      await people.startSession(root),
    ]
    const jti = await addToken(sessions[0]!)
    const live = await people.stores.sessions.countLive(people.clock.nowMs())
    const answer = await endEverybody(people, asRoot())
    assert.deepEqual([answer.ended, answer.remaining], [live - 1, false])
    for (const session of sessions) {
      const now = await stored(session)
      assert.deepEqual([now?.isActive, now?.endReason], [false, 'ended_by_admin'])
    }
    assert.equal(
      await people.stores.refreshTokens.isUsable(jti, sessions[0]!.uuid, people.clock.nowMs()),
      false,
    )
    assert.notEqual(await touch(own), undefined)
    const [change] = published()
    assert.deepEqual(
      { ...change, id: 0, expiresAtMs: 0 },
      {
        id: 0,
        expiresAtMs: 0,
        kind: 'everybody_logged_out',
        beforeMs: people.clock.nowMs(),
        exceptSession: own.uuid,
      },
    )
    const [event] = await people.audit('sessions')
    assert.deepEqual(
      [event?.action, event?.actor?.id, event?.details],
      ['session.end_everybody', root.id, { sessions: live - 1 }],
    )
  })

  it('lets a session begin only after it, also where a clock is behind', async () => {
    const [logout] = (await listed()).slice(-1)
    people.advance(-10 * minuteMs)
    const session = await people.startSession(await people.addUser())
    assert.ok(session.createdAtMs > logout!.beforeMs)
    people.advance(10 * minuteMs)
    assert.notEqual(await touch(session), undefined)
  })

  it('ends those too that began by a clock that was ahead', async () => {
    const user = await people.addUser()
    people.advance(10 * minuteMs)
    const session = await people.startSession(user)
    people.advance(-10 * minuteMs)
    await endEverybody(people, asRoot())
    assert.equal((await stored(session))?.isActive, false)
    people.advance(11 * minuteMs)
  })

  it('lets no session go on whose row has not been reached', async () => {
    const user = await people.addUser()
    const session = await people.startSession(user)
    const jti = await addToken(session)
    await beginOnly()
    assert.equal((await stored(session))?.isActive, true)
    assert.equal(await touch(session), undefined)
    const nowMs = people.clock.nowMs()
    assert.equal(await people.stores.refreshTokens.isUsable(jti, session.uuid, nowMs), false)
    const reasons = await people.stores.sessions.endReasons([session.uuid, own.uuid])
    assert.deepEqual([...reasons], [[session.uuid, 'ended_by_admin']])
    const next = {
      jti: systemRandom.orderedUuid(nowMs) as RefreshTokenId,
      encrypted: 'encrypted',
      retryKeyHash: null,
    }
    const { uuid: sessionId, expiresAtMs } = session
    const claims = { jti, sessionId, userId: user.id, issuedAtMs: nowMs, expiresAtMs }
    const rotations = sqlRotationStore(database, people.transaction)
    assert.deepEqual(await rotations.rotate({ claims, next, decryptNext: text => text, origin, nowMs }), {
      decision: 'invalid',
    })
    // What is rejected is not consumed either.
    const token = await people.transaction(stores => stores.refreshTokens.find(jti, session.id))
    assert.equal(token?.consumed, null)
  })

  it('housekeeping finishes a mass sign-out row by row, including sign-ins of the same moment', async () => {
    const session = await people.startSession(await people.addUser())
    const logout = await beginOnly()
    assert.ok((await settle()) > 0)
    while ((await settle()) > 0);
    assert.equal((await stored(session))?.endReason, 'ended_by_admin')
    const isFinished = async () => (await listed()).find(({ id }) => id === logout.id)?.finishedAtMs !== null
    assert.equal(await isFinished(), false)
    const straggler = await straggle()
    people.advance(6 * minuteMs)
    assert.equal(await settle(), 1)
    assert.equal((await stored(straggler))?.isActive, false)
    assert.equal(await settle(), 0)
    assert.equal(await isFinished(), true)
  })

  it('is forgotten only when none of its rows is left', async () => {
    const straggler = await straggle()
    people.advance(dayMs + minuteMs)
    // It would have run out by now; this one has a longer life.
    await database.transaction(trx =>
      trx
        .updateTable('sessions')
        .set({ expires_at: people.clock.nowMs() + dayMs })
        .where('id', 'in', [straggler.id, own.id])
        .execute(),
    )
    assert.equal(await touch(straggler), undefined)
    assert.equal(await settle(), 1)
    assert.equal((await stored(straggler))?.isActive, false)
    assert.equal(await settle(), 0)
    assert.deepEqual(await listed(), [])
    assert.notEqual(await touch(own), undefined)
  })

  it('a mass sign-out goes on by its id, sends no change twice, and refuses another id', async () => {
    const before = published().length
    const first = await endEverybody(people, asRoot())
    const later = await people.startSession(await people.addUser())
    const next = await endEverybody(people, asRoot(first.id))
    assert.deepEqual(next, { id: first.id, ended: 0, remaining: false })
    assert.equal(published().length, before + 1)
    assert.notEqual(await touch(later), undefined)
    await assert.rejects(endEverybody(people, asRoot(999_999)), rejection('not_found'))
    assert.equal(published().length, before + 1)
  })

  /** Begun before everybody was signed out, and committed after their rows had been ended. */
  async function straggle(): Promise<Session> {
    const session = await people.startSession(await people.addUser())
    const [oldest] = await listed()
    await database.transaction(trx =>
      trx
        .updateTable('sessions')
        .set({ created_at: oldest!.beforeMs })
        .where('id', '=', session.id)
        .execute(),
    )
    return session
  }
})
