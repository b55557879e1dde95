import assert from 'node:assert/strict'
import { before, it } from 'node:test'
import { eachEngine } from '../../../test/support/engines.ts'
import { type People, peopleOn } from '../../../test/support/people.ts'
import type { User } from '../identity/index.ts'
import type { PageRequest } from '../kernel/index.ts'
import type { Session, SessionColumn, SessionFilter } from './session.ts'

const dayMs = 86_400_000

eachEngine('the list of sessions', open => {
  let people: People
  let user: User
  let ended: Session
  let expired: Session
  let live: Session

  before(async () => {
    people = peopleOn(await open())
    user = await people.addUser()
    ended = await people.startSession(user)
    expired = await people.startSession(user)
    await people.transaction(({ sessions }) => sessions.endById(ended.id, 'logout', people.clock.nowMs()))
    people.advance(dayMs)
    live = await people.startSession(user)
    await people.startSession(await people.addUser())
  })

  const list = (filter: SessionFilter, page: Partial<PageRequest<SessionColumn>> = {}) =>
    people.stores.sessions.list(
      { userId: user.id, ...filter },
      {
        limit: 50,
        ordering: { column: 'id', descending: false },
        cursor: undefined,
        search: undefined,
        ...page,
      },
      people.clock.nowMs(),
    )
  const ids = (page: { rows: readonly Session[] }) => page.rows.map(session => session.id)

  it('holds ended and lapsed ones, each as it stands now', async () => {
    const { rows } = await list({})
    assert.deepEqual(
      rows.map(session => [session.id, session.isActive, session.endReason, session.endedAtMs]),
      [
        [ended.id, false, 'logout', ended.createdAtMs],
        [expired.id, false, 'expired', expired.expiresAtMs],
        [live.id, true, null, null],
      ],
    )
  })

  it('counts a lapsed one as ended when it filters, before any clean-up', async () => {
    assert.deepEqual(ids(await list({ isActive: true })), [live.id])
    assert.deepEqual(ids(await list({ isActive: false })), [ended.id, expired.id])
  })

  it('orders by every column, and a page goes on where the last one stopped', async () => {
    const columns: Record<SessionColumn, (session: Session) => string | number> = {
      id: session => session.id,
      uuid: session => session.uuid,
      user_id: session => session.userId,
      ip_address: session => session.ipAddress,
      user_agent: session => session.userAgent,
      created_at: session => session.createdAtMs,
      last_used_at: session => session.lastUsedAtMs,
      expires_at: session => session.expiresAtMs,
      is_active: session => Number(session.isActive),
      ended_at: session => session.endedAtMs ?? 0,
      end_reason: session => session.endReason ?? '',
    }
    for (const [column, keyOf] of Object.entries(columns) as [SessionColumn, typeof columns.id][]) {
      for (const descending of [false, true]) {
        const ordering = { column, descending }
        const whole = await list({}, { ordering })
        const first = await list({}, { ordering, limit: 1 })
        const last = first.rows[0]!
        const cursor = { direction: 'after', value: keyOf(last), id: last.id } as const
        const rest = await list({}, { ordering, cursor })
        assert.deepEqual([...ids(first), ...ids(rest)], ids(whole), `${column}, descending: ${descending}`)
        assert.deepEqual([first.hasNext, rest.hasNext, rest.hasPrevious], [true, false, true])
      }
    }
  })

  it('says after the clean-up what it said before', async () => {
    const before = await list({})
    people.advance(60_000)
    await people.transaction(({ sessions }) => sessions.endExpired(people.clock.nowMs()))
    assert.deepEqual(await list({}), before)
  })
})
