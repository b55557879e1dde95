import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { UserId } from '../kernel/index.ts'
import { holderChanges } from './holders.ts'

const holder = { userId: 7 as UserId, isSuperuser: false, roles: ['editor', 'user'] }

describe('holderChanges', () => {
  test('a deleted role is no longer among the roles of its holders', () => {
    assert.deepEqual(holderChanges([holder], 'editor', null), [
      { kind: 'user_roles', userId: 7, isSuperuser: false, roles: ['user'] },
    ])
  })

  test('a renamed role is among them under its new name, in its place', () => {
    assert.deepEqual(holderChanges([{ ...holder, isSuperuser: true }], 'editor', 'writer'), [
      { kind: 'user_roles', userId: 7, isSuperuser: true, roles: ['user', 'writer'] },
    ])
  })
})
