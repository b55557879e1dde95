import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type PageCursor, Rejection } from '../kernel/index.ts'
import { DemoStore, maxDemoRows } from './demo-store.ts'

interface Row {
  readonly id: number
  readonly name: string
}

const spec = {
  path: '/rows/',
  orderings: { id: (row: Row) => row.id, name: (row: Row) => row.name },
  defaultOrdering: 'id',
  idOf: (row: Row) => row.id,
} as const

const rejection = (code: string) => (error: unknown) => error instanceof Rejection && error.code === code

const page = (store: DemoStore<Row>, column: 'id' | 'name', descending: boolean, cursor?: PageCursor) => {
  const request = { limit: 2, ordering: { column, descending }, cursor, search: undefined }
  const found = store.page(spec, request, () => true)
  return { ids: found.rows.map(row => row.id), next: found.hasNext, previous: found.hasPrevious }
}

describe('the rows of the demo', () => {
  it('never gives an id out again, also not that of the last row', () => {
    const store = new DemoStore<Row>([{ name: 'a' }, { name: 'b' }])
    store.remove(2)
    assert.equal(store.add({ name: 'c' }).id, 3)
    assert.throws(() => store.get(2), rejection('not_found'))
    assert.throws(() => store.replace(2, { name: 'd' }), rejection('not_found'))
    assert.throws(() => store.remove(2), rejection('not_found'))
  })

  it('refuses a row more than it holds, and takes one again when another is gone', () => {
    const store = new DemoStore<Row>(Array.from({ length: maxDemoRows }, () => ({ name: 'x' })))
    assert.throws(() => store.add({ name: 'y' }), rejection('conflict'))
    assert.equal(store.all().length, maxDemoRows)
    store.remove(1)
    assert.equal(store.add({ name: 'y' }).id, maxDemoRows + 1)
  })

  it('gives pages in both directions, rows of the same name by id', () => {
    const store = new DemoStore<Row>([
      { name: 'b' },
      { name: 'a' },
      { name: 'b' },
      { name: 'a' },
      { name: 'c' },
    ])
    assert.deepEqual(page(store, 'name', false), { ids: [2, 4], next: true, previous: false })
    const second = page(store, 'name', false, { direction: 'after', value: 'a', id: 4 })
    assert.deepEqual(second, { ids: [1, 3], next: true, previous: true })
    const third = page(store, 'name', false, { direction: 'after', value: 'b', id: 3 })
    assert.deepEqual(third, { ids: [5], next: false, previous: true })
    const back = page(store, 'name', false, { direction: 'before', value: 'c', id: 5 })
    assert.deepEqual(back, { ids: [1, 3], next: true, previous: true })
    const first = page(store, 'name', false, { direction: 'before', value: 'b', id: 1 })
    assert.deepEqual(first, { ids: [2, 4], next: true, previous: false })
    assert.deepEqual(page(store, 'name', true).ids, [5, 3])
    assert.deepEqual(page(store, 'id', true, { direction: 'after', value: 4, id: 4 }).ids, [3, 2])
  })

  it('neither repeats nor loses a row when the one at the edge is removed in between', () => {
    const store = new DemoStore<Row>([{ name: 'a' }, { name: 'b' }, { name: 'c' }])
    store.remove(2)
    assert.deepEqual(page(store, 'id', false, { direction: 'after', value: 2, id: 2 }).ids, [3])
  })
})
