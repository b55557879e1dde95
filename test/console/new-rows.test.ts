import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { keysThatCame } from '../../console/src/ui/data-table/new-rows.ts'

const before = (keys: readonly number[], hasMore = false) => ({ keys: new Set(keys), hasMore })

describe('rows that came into a list', () => {
  const cases: [string, readonly number[], ReturnType<typeof before>, readonly number[]][] = [
    ['one at the end of a list that is loaded whole', [1, 2, 3], before([1, 2]), [3]],
    ['one at the beginning', [9, 1, 2], before([1, 2], true), [9]],
    ['one between others', [1, 5, 2], before([1, 2], true), [5]],
    ['the first of all', [1], before([]), [1]],
    ['none where nothing changed', [1, 2], before([1, 2]), []],
    ['none where one has gone', [1, 3], before([1, 2, 3]), []],
    ['none that moved up from the next page as one has gone', [1, 3, 4], before([1, 2, 3], true), []],
    ['none of a page of which no row was there', [7, 8], before([1, 2], true), []],
  ]
  for (const [what, keys, known, expected] of cases)
    test(`${what}`, () => assert.deepEqual(keysThatCame(keys, known), expected))
})
