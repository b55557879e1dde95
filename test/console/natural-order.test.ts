import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inOrder } from '../../console/src/access/action-order.ts'
import { naturally } from '../../console/src/access/natural-order.ts'

test('names with numbers are ordered as they are counted', () => {
  const names = ['stage-10', 'stage-2', 'stage-1', 'stage-0', 'docs']
  assert.deepEqual(names.sort(naturally), ['docs', 'stage-0', 'stage-1', 'stage-2', 'stage-10'])
  assert.deepEqual(inOrder(['step-10', 'step-9', 'read', 'all']), ['all', 'read', 'step-9', 'step-10'])
})
