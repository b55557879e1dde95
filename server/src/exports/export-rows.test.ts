import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type Principal, Rejection, type SessionId, type UserId } from '../kernel/index.ts'
import { createExportRows, type ExportRequest, ExportSlots } from './index.ts'
import type { ExportShape } from './shape.ts'

const requestOf = (userId: number): ExportRequest => ({
  principal: {
    userId: userId as UserId,
    sessionUuid: '' as SessionId,
    roles: [],
    isSuperuser: false,
  } as unknown as Principal,
  origin: { ipAddress: '192.0.2.1', userAgent: 'test' },
  what: 'things',
  filters: { search: 'x' },
})

const shape: ExportShape = { format: 'csv', columns: ['n'], separator: ',' }

/** An exporter whose rights can end and whose clock can be put forward, over pages of two numbers. */
function testExporter() {
  const recorded: ExportRequest[] = []
  const state = { isPermitted: true, nowMs: 1_700_000_000_000, pagesRead: 0, isClosed: false }
  const exportRows = createExportRows({
    clock: { nowMs: () => state.nowMs },
    slots: new ExportSlots(),
    record: async act => void recorded.push(act),
    isStillPermitted: async () => state.isPermitted,
  })
  async function* pages(count: number) {
    try {
      for (let page = 0; page < count; page++) {
        state.pagesRead += 1
        yield [2 * page, 2 * page + 1]
      }
    } finally {
      state.isClosed = true
    }
  }
  const begin = (count = 3, userId = 1) =>
    exportRows(requestOf(userId), { header: ['n'], shape, pages: pages(count), toCells: (n: number) => [n] })
  return { state, recorded, begin }
}

const isRefused = (code: string) => (error: unknown) => error instanceof Rejection && error.code === code

describe('an export', () => {
  it('begins with its header and gives a page at a time', async () => {
    const { begin } = testExporter()
    const pieces: string[] = []
    for await (const piece of begin()) pieces.push(piece)
    assert.deepEqual(pieces, ['\ufeff"n"\r\n', '0\r\n1\r\n', '2\r\n3\r\n', '4\r\n5\r\n'])
  })

  it('is its header alone when there is no row', async () => {
    const { begin } = testExporter()
    const empty = createExportRows({
      clock: { nowMs: () => 0 },
      slots: new ExportSlots(),
      record: async () => {},
      isStillPermitted: async () => true,
    })(requestOf(1), {
      header: ['n'],
      shape,
      pages: (async function* () {
        yield []
      })(),
      toCells: () => [],
    })
    assert.deepEqual(await empty.next(), { done: false, value: '\ufeff"n"\r\n' })
    assert.equal((await empty.next()).done, true)
    assert.ok(begin)
  })

  it('is recorded before its first row, and reads no page that is not asked for', async () => {
    const { begin, recorded, state } = testExporter()
    const rows = begin(1_000)
    assert.deepEqual([recorded.length, state.pagesRead], [0, 0])
    await rows.next()
    assert.deepEqual([recorded.length, state.pagesRead], [0, 0])
    assert.deepEqual(await rows.next(), { done: false, value: '0\r\n1\r\n' })
    assert.deepEqual(recorded, [{ ...requestOf(1), format: 'csv' }])
    assert.equal(state.pagesRead, 1)
    await rows.return(undefined)
    assert.ok(state.isClosed)
  })

  it('is none, and is not recorded, where its header alone is taken', async () => {
    const { begin, recorded, state } = testExporter()
    const rows = begin()
    assert.equal((await rows.next()).value, '\ufeff"n"\r\n')
    await rows.return(undefined)
    assert.deepEqual([recorded.length, state.pagesRead], [0, 0])
  })

  it('gives no row when it cannot be recorded', async () => {
    const rows = createExportRows({
      clock: { nowMs: () => 0 },
      slots: new ExportSlots(),
      record: () => Promise.reject(new Rejection('unavailable')),
      isStillPermitted: async () => true,
    })(requestOf(1), {
      header: ['n'],
      shape,
      pages: (async function* () {
        yield [1]
      })(),
      toCells: (n: number) => [n],
    })
    assert.equal((await rows.next()).value, '\ufeff"n"\r\n')
    await assert.rejects(rows.next(), isRefused('unavailable'))
  })

  it('gives no further page once the right to see the rows has ended', async () => {
    const { begin, state } = testExporter()
    const rows = begin()
    await rows.next()
    state.isPermitted = false
    await assert.rejects(rows.next(), isRefused('invalid_token'))
    assert.ok(state.isClosed)
  })

  it('ends after an hour, however slowly it is read', async () => {
    const { begin, state } = testExporter()
    const rows = begin()
    await rows.next()
    state.nowMs += 3_600_001
    await assert.rejects(rows.next(), isRefused('unavailable'))
  })

  it('is one of two of an account and of ten in all, and leaves its place however it ends', async () => {
    const { begin, state } = testExporter()
    const [one, two] = [begin(), begin()]
    await one.next()
    await two.next()
    await assert.rejects(begin().next(), isRefused('too_many_requests'))

    const others = [2, 2, 3, 3, 4, 4, 5, 5].map(userId => begin(3, userId))
    for (const rows of others) await rows.next()
    await assert.rejects(begin(3, 6).next(), isRefused('too_many_requests'))

    for await (const _ of one);
    await begin(1, 6).next()
    await two.return(undefined)
    state.isPermitted = false
    for (const rows of others) await assert.rejects(rows.next())
    state.isPermitted = true
    const again = [1, 1, 2, 2, 3, 3, 4, 4, 5].map(userId => begin(3, userId))
    for (const rows of again) await rows.next()
    await assert.rejects(begin(3, 7).next(), isRefused('too_many_requests'))
  })
})
