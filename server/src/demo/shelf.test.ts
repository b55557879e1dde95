import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { PageCursor } from '../kernel/index.ts'
import { Rejection } from '../kernel/index.ts'
import { createShelf, shelfLimit } from './shelf.ts'

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

const page = (
  shelf: ReturnType<typeof createShelf<Row>>,
  column: 'id' | 'name',
  descending: boolean,
  cursor?: PageCursor,
) => {
  const request = { limit: 2, ordering: { column, descending }, cursor, search: undefined }
  const found = shelf.page(spec, request, () => true)
  return { ids: found.rows.map(row => row.id), next: found.hasNext, previous: found.hasPrevious }
}

describe('a shelf', () => {
  it('never gives an id out again, also not that of the last row', () => {
    const shelf = createShelf<Row>([{ name: 'a' }, { name: 'b' }])
    shelf.remove(2)
    assert.equal(shelf.add({ name: 'c' }).id, 3)
    assert.throws(() => shelf.get(2), rejection('not_found'))
    assert.throws(() => shelf.replace(2, { name: 'd' }), rejection('not_found'))
    assert.throws(() => shelf.remove(2), rejection('not_found'))
  })

  it('refuses a row more than it holds, and takes one again when another is gone', () => {
    const shelf = createShelf<Row>(Array.from({ length: shelfLimit }, () => ({ name: 'x' })))
    assert.throws(() => shelf.add({ name: 'y' }), rejection('conflict'))
    assert.equal(shelf.all().length, shelfLimit)
    shelf.remove(1)
    assert.equal(shelf.add({ name: 'y' }).id, shelfLimit + 1)
  })

  it('gives pages in both directions, rows of the same name by id', () => {
    const shelf = createShelf<Row>([
      { name: 'b' },
      { name: 'a' },
      { name: 'b' },
      { name: 'a' },
      { name: 'c' },
    ])
    assert.deepEqual(page(shelf, 'name', false), { ids: [2, 4], next: true, previous: false })
    const second = page(shelf, 'name', false, { direction: 'after', value: 'a', id: 4 })
    assert.deepEqual(second, { ids: [1, 3], next: true, previous: true })
    const third = page(shelf, 'name', false, { direction: 'after', value: 'b', id: 3 })
    assert.deepEqual(third, { ids: [5], next: false, previous: true })
    const back = page(shelf, 'name', false, { direction: 'before', value: 'c', id: 5 })
    assert.deepEqual(back, { ids: [1, 3], next: true, previous: true })
    const first = page(shelf, 'name', false, { direction: 'before', value: 'b', id: 1 })
    assert.deepEqual(first, { ids: [2, 4], next: true, previous: false })
    assert.deepEqual(page(shelf, 'name', true).ids, [5, 3])
    assert.deepEqual(page(shelf, 'id', true, { direction: 'after', value: 4, id: 4 }).ids, [3, 2])
  })

  it('neither repeats nor loses a row when the one at the edge is removed in between', () => {
    const shelf = createShelf<Row>([{ name: 'a' }, { name: 'b' }, { name: 'c' }])
    shelf.remove(2)
    assert.deepEqual(page(shelf, 'id', false, { direction: 'after', value: 2, id: 2 }).ids, [3])
  })
})
