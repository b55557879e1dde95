import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseDatabaseUrl } from './open-database.ts'

describe('a database URL', () => {
  const good: [string, string, string][] = [
    ['sqlite:./data/propusk.db', 'sqlite', './data/propusk.db'],
    ['sqlite:/var/lib/propusk.db', 'sqlite', '/var/lib/propusk.db'],
    ['sqlite:///var/lib/propusk.db', 'sqlite', '/var/lib/propusk.db'],
    ['sqlite::memory:', 'sqlite', ':memory:'],
    ['postgres://u:p@host/db', 'postgres', 'postgres://u:p@host/db'],
    ['postgresql://host/db', 'postgres', 'postgresql://host/db'],
  ]
  for (const [url, engine, location] of good) {
    it(`reads ${url}`, () => assert.deepEqual(parseDatabaseUrl(url), { engine, location }))
  }

  for (const url of [
    '',
    'sqlite:',
    'mysql://root:hunter2@host/db',
    './propusk.db',
    'Postgres://u:hunter2@host/db',
  ]) {
    it(`refuses "${url}" without repeating a password`, () => {
      assert.throws(
        () => parseDatabaseUrl(url),
        (error: Error) => !error.message.includes('hunter2'),
      )
    })
  }
})
