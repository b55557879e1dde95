import assert from 'node:assert/strict'
import { it } from 'node:test'
import { databaseFile } from './index.ts'

it('only SQLite on disk has a database file', () => {
  assert.equal(databaseFile('sqlite:./data/propusk.db'), './data/propusk.db')
  assert.equal(databaseFile('sqlite::memory:'), undefined)
  assert.equal(databaseFile('postgres://u@db/propusk'), undefined)
})
