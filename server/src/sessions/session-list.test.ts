import assert from 'node:assert/strict'
import { before, it } from 'node:test'
import fc from 'fast-check'
import { eachEngine } from '../../../test/support/engines.ts'
import { newUser } from '../../../test/support/rows.ts'
import type { EpochMs, PageRequest, UserId } from '../kernel/index.ts'
import type { Database } from '../store/index.ts'
import { type Session, type SessionColumn, type SessionFilter, sessionAsOf } from './session.ts'
import { listSessions } from './session-list.sql.ts'

const sessions = 600
const users = 6
const nowMs = 1_000_000 as EpochMs

const valueIn: Record<SessionColumn, (session: Session) => string | number> = {
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

const question = fc.record({
  isActive: fc.option(fc.boolean(), { nil: undefined }),
  user: fc.option(fc.nat(users), { nil: undefined }),
  column: fc.constantFrom(...(Object.keys(valueIn) as SessionColumn[])),
  descending: fc.boolean(),
  limit: fc.constantFrom(1, 2, 50),
  cursor: fc.option(
    fc.record({
      direction: fc.constantFrom('after' as const, 'before' as const),
      place: fc.nat(sessions - 1),
    }),
    { nil: undefined },
  ),
})

eachEngine('a page of the sessions', open => {
  let database: Database
  let known: readonly Session[]

  before(async () => {
    database = await open()
    known = await fill(database)
  })

  it('holds what reading all of them would find, as they stand now, in that order', async () => {
    const property = fc.asyncProperty(
      question,
      async ({ isActive, user, column, descending, limit, cursor }) => {
        const value = valueIn[column]
        const order = (left: Session, right: Session) => {
          const [one, other] = [value(left), value(right)]
          return (descending ? -1 : 1) * (one === other ? left.id - right.id : one < other ? -1 : 1)
        }
        const start = cursor && known[cursor.place]!
        // A cursor is of a row that the same filter let through.
        fc.pre(start === undefined || isActive === undefined || start.isActive === isActive)
        const filter: SessionFilter = { isActive, userId: user as UserId | undefined }
        const request: PageRequest<SessionColumn> = {
          limit,
          ordering: { column, descending },
          cursor: cursor && { direction: cursor.direction, value: value(start!), id: start!.id },
          search: undefined,
        }
        const all = known
          .filter(session => isActive === undefined || session.isActive === isActive)
          .filter(session => user === undefined || session.userId === user)
          .toSorted(order)
        const beyond =
          cursor?.direction === 'before'
            ? all.filter(session => order(session, start!) < 0)
            : all.filter(session => start === undefined || order(session, start) > 0)
        const expected = cursor?.direction === 'before' ? beyond.slice(-limit) : beyond.slice(0, limit)
        const page = await listSessions(database.read, filter, request, nowMs)
        assert.deepEqual(page.rows, expected)
        const more = beyond.length > limit
        assert.deepEqual(
          [page.hasNext, page.hasPrevious],
          cursor?.direction === 'before' ? [true, more] : [more, cursor !== undefined],
        )
      },
    )
    await fc.assert(property, { numRuns: 1_000, seed: 20_261 })
  })
})

/** Most are over, the newest are live, some have run out and are stored as active still; one user has few of them. */
async function fill(database: Database): Promise<Session[]> {
  const rows = Array.from({ length: sessions }, (_, index) => {
    const isOver = index < 400
    const createdAt = nowMs - 10_000 + index
    return {
      uuid: `00000000-0000-7000-8000-${String((index * 7919) % 10_007).padStart(12, '0')}`,
      user_id: index % 100 === 7 ? users : 1 + (index % (users - 1)),
      ip_address: `203.0.113.${index % 9}`,
      user_agent: index % 2 === 0 ? 'a test' : '',
      created_at: createdAt,
      last_used_at: createdAt + ((index * 31) % 17),
      expires_at: index % 20 === 3 ? nowMs - (index % 3) : nowMs + 1 + (index % 50),
      is_active: !isOver,
      ended_at: isOver ? createdAt + 1 + (index % 11) : null,
      end_reason: isOver ? (index % 3 === 0 ? 'logout' : 'expired') : null,
    }
  })
  await database.transaction(async trx => {
    for (let user = 1; user <= users; user++)
      await trx
        .insertInto('users')
        .values(newUser(`user-${user}@example.com`))
        .execute()
    for (let start = 0; start < sessions; start += 100)
      await trx
        .insertInto('sessions')
        .values(rows.slice(start, start + 100))
        .execute()
  })
  const order = { column: 'id', descending: false } as const
  const page = await listSessions(
    database.read,
    {},
    { limit: sessions, ordering: order, cursor: undefined, search: undefined },
    nowMs,
  )
  assert.equal(page.rows.length, sessions)
  return page.rows.map(session => sessionAsOf(session, nowMs))
}
