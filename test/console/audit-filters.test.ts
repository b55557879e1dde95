import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { addMonths, weeksOf } from '../../console/src/screens/audit/filters/month-days.ts'
import { boundsOf } from '../../console/src/screens/audit/filters/periods.ts'
import { groupRepeats } from '../../console/src/screens/audit/list/group-repeats.ts'
import { isOfKind } from '../../console/src/screens/audit/list/is-of-kind.ts'
import { auditActions, auditKinds } from '../../server/src/audit/audit-event.ts'
import { toAuditEventBody } from '../../server/src/audit/index.ts'
import { testWorld } from '../support/world.ts'

/** What an event may carry of roles and privileges. */
const details = [
  {},
  { roles: [] },
  { roles: ['user'] },
  { roles: { from: [], to: ['user'] } },
  { is_staff: { from: false, to: true } },
  { is_superuser: { from: true, to: false } },
  { first_name: '"roles":{"from":[' },
]

describe('the kinds of events', async () => {
  const world = await testWorld()

  it('are the same for the console, of events that come by themselves, as for the list of the server', async () => {
    const { audit } = world.core.stores
    await world.core.transaction(stores =>
      stores.audit.appendAll(
        auditActions.flatMap(action =>
          details.map(each => ({ actorId: null, action, target: 'users/1', origin: null, details: each })),
        ),
        world.clock.nowMs(),
      ),
    )
    const page = {
      limit: 10_000,
      ordering: { column: 'id', descending: false },
      cursor: undefined,
      search: undefined,
    } as const
    const { rows: all } = await audit.list({}, page)
    assert.ok(all.length >= auditActions.length * details.length)
    for (const kind of auditKinds) {
      const { rows } = await audit.list({ kind }, page)
      const found = all.filter(event => isOfKind(toAuditEventBody(event) as never, kind))
      assert.ok(rows.length > 0 && rows.length < all.length)
      assert.deepEqual(
        found.map(({ id }) => id),
        rows.map(({ id }) => id),
        kind,
      )
    }
  })
})

describe('the periods of the audit', () => {
  const now = new Date(2026, 2, 1, 15, 30, 40)
  const at = (...[month, day]: [number, number]) => new Date(2026, month, day).toISOString()

  it('are days of the browser’s own zone, today being one of them', () => {
    assert.deepEqual(boundsOf({ period: 'today' }, now), { since: at(2, 1) })
    assert.deepEqual(boundsOf({ period: 'yesterday' }, now), { since: at(1, 28), until: at(2, 1) })
    assert.deepEqual(boundsOf({ period: '7d' }, now), { since: at(1, 23) })
  })

  it('are hours back to a whole minute', () => {
    const since = new Date(2026, 1, 28, 15, 30).toISOString()
    assert.deepEqual(boundsOf({ period: '24h' }, now), { since })
  })

  it('are the instants that are given, where there is no period or none that is known', () => {
    const given = { since: at(0, 2), until: at(0, 3) }
    assert.deepEqual(boundsOf(given, now), given)
    for (const period of ['', '0d', '-1d', '7', 'week', '99999d']) {
      assert.deepEqual(boundsOf({ ...given, period }, now), given)
    }
  })
})

describe('the calendar of the audit', () => {
  it('shows whole weeks that begin on the day on which they begin where one lives', () => {
    const days = (firstWeekday: number) =>
      weeksOf(new Date(2026, 10, 15), firstWeekday).map(week => week.map(day => day.getDate()))
    assert.deepEqual(days(1)[0], [26, 27, 28, 29, 30, 31, 1])
    assert.deepEqual(days(1).at(-1), [30, 1, 2, 3, 4, 5, 6])
    assert.deepEqual(days(7)[0], [1, 2, 3, 4, 5, 6, 7])
  })

  it('goes to the last day of a month that is shorter', () => {
    assert.deepEqual(addMonths(new Date(2026, 0, 31), 1), new Date(2026, 1, 28))
    assert.deepEqual(addMonths(new Date(2026, 2, 31), -1), new Date(2026, 1, 28))
  })
})

describe('the repeats of the audit', () => {
  const failed = (id: number, reason = 'wrong_password') =>
    ({ id, action: 'user.login_failed', outcome: 'failure', actor: null, details: { reason } }) as never
  const rowsOf = (events: readonly never[], opened: readonly number[] = []) =>
    groupRepeats(events, new Set(opened)).rows.map(({ id }) => id)

  it('are three or more that failed alike one after the other, fifty at most', () => {
    assert.deepEqual(rowsOf([failed(9), failed(8)]), [9, 8])
    assert.deepEqual(rowsOf([failed(9), failed(8), failed(7), failed(6, 'wrong_factor')]), [9, 6])
    const many = Array.from({ length: 120 }, (_, index) => failed(1000 - index))
    assert.deepEqual(rowsOf(many), [1000, 950, 900])
  })

  it('are shown where they are asked for, and also when one more has come', () => {
    const events = [failed(9), failed(8), failed(7)]
    assert.deepEqual(rowsOf(events, [7]), [9, 8, 7])
    assert.deepEqual(rowsOf([failed(10), ...events], [7]), [10, 9, 8, 7])
  })

  it('are never what went well', () => {
    const signedIn = (id: number) =>
      ({ id, action: 'user.login', outcome: 'success', actor: { id: 1 }, details: {} }) as never
    assert.deepEqual(rowsOf([signedIn(3), signedIn(2), signedIn(1)]), [3, 2, 1])
  })
})
