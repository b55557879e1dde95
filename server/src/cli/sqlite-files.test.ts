import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { swapDatabase } from './sqlite-files.ts'

const home = mkdtempSync(join(tmpdir(), 'propusk-test-'))
after(() => rmSync(home, { recursive: true, force: true }))

let places = 0

/** A directory with files whose content is given. */
function placeWith(files: Record<string, string>) {
  const directory = join(home, String(++places))
  mkdirSync(directory)
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content)
  const database = join(directory, 'db')
  return {
    swap: () =>
      swapDatabase(
        join(directory, 'draft'),
        { database, keyFile: `${database}.key`, sealFile: `${database}.seal` },
        join(directory, 'kept'),
      ),
    files: () =>
      Object.fromEntries(
        readdirSync(directory).map(name => [name, readFileSync(join(directory, name), 'utf8')]),
      ),
  }
}

describe('the swap of a restore', () => {
  it('keeps the old pair under its new name', () => {
    const place = placeWith({ db: 'old', 'db.key': 'old key', draft: 'new', 'draft.key': 'new key' })
    assert.equal(place.swap().length, 2)
    assert.deepEqual(place.files(), { db: 'new', 'db.key': 'new key', kept: 'old', 'kept.key': 'old key' })
  })

  it('puts everything back when the last step fails', () => {
    for (const before of [{ db: 'old', 'db.key': 'old key' }, { db: 'old' }]) {
      const place = placeWith({ ...before, 'draft.key': 'new key' })
      assert.throws(place.swap, { code: 'ENOENT' })
      assert.deepEqual(place.files(), before)
    }
  })

  it('leaves no log of the old database beside the new one', () => {
    const place = placeWith({ 'db-wal': 'stray', draft: 'new' })
    place.swap()
    assert.deepEqual(place.files(), { db: 'new', 'kept-wal': 'stray' })
  })

  it('touches nothing when the name for the old database is taken', () => {
    const before = { db: 'old', 'db.key': 'old key', kept: 'older', 'kept.key': 'older key', draft: 'new' }
    const place = placeWith(before)
    assert.throws(place.swap, { code: 'EEXIST' })
    assert.deepEqual(place.files(), before)
  })
})
