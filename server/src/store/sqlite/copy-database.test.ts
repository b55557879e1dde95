import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { after, describe, it } from 'node:test'
import { copyDatabase, holdDatabase, raiseSequences, settleCopy } from './copy-database.ts'

const home = mkdtempSync(join(tmpdir(), 'propusk-test-'))
after(() => rmSync(home, { recursive: true, force: true }))

/** Pairs of rows that are only ever written together, on more pages than are copied at once. */
function pairsOn(path: string): DatabaseSync {
  const database = new DatabaseSync(path)
  database.exec(`
    pragma journal_mode = wal;
    create table first (id integer primary key autoincrement, filling text);
    create table second (id integer primary key autoincrement, filling text);
    begin`)
  for (let row = 0; row < 3_000; row++) addPair(database)
  database.exec('commit')
  return database
}

function addPair(database: DatabaseSync): void {
  for (const table of ['first', 'second'])
    database.exec(`insert into ${table} (filling) values (hex(zeroblob(2000)))`)
}

const count = (database: DatabaseSync, table: string) =>
  Number(database.prepare(`select count(*) as count from ${table}`).get()?.count)

describe('a copy of a SQLite database', () => {
  // Without one read transaction around it a copy begins anew with each commit, and this one would never end.
  it('a copy of a SQLite database ends, and is of one instant, while another connection writes without a pause', {
    timeout: 30_000,
  }, async () => {
    const database = pairsOn(join(home, 'busy.db'))
    const state = { isOver: false, written: 0 }
    const write = () => {
      if (state.isOver) return
      database.exec('begin')
      addPair(database)
      database.exec('commit')
      state.written += 1
      setImmediate(write)
    }
    write()
    const to = join(home, 'busy-copy.db')
    await copyDatabase(join(home, 'busy.db'), to).finally(() => {
      state.isOver = true
    })
    settleCopy(to)
    database.close()

    assert.ok(state.written > 1)
    const copy = new DatabaseSync(to, { readOnly: true })
    assert.equal(count(copy, 'first'), count(copy, 'second'))
    assert.ok(count(copy, 'first') >= 3_000)
    copy.close()
    assert.deepEqual([existsSync(`${to}-wal`), statSync(to).mode & 0o777], [false, 0o600])
  })

  it('refuses a file that is there, and a reference that points at nothing', async () => {
    const path = join(home, 'broken.db')
    const database = new DatabaseSync(path)
    database.exec(`
      pragma foreign_keys = off;
      create table parents (id integer primary key);
      create table children (parent integer references parents (id));
      insert into children values (404)`)
    database.close()
    await assert.rejects(copyDatabase(path, path), { code: 'EEXIST' })
    await assert.rejects(copyDatabase(path, join(home, 'broken-copy.db')), /broken\.db is damaged.*children/)
  })
})

describe('a database that is held', () => {
  it('a database counts as in use while any process has it open, even only to read', () => {
    const path = join(home, 'held.db')
    const writer = new DatabaseSync(path)
    writer.exec('pragma journal_mode = wal; create table rows (id integer primary key autoincrement)')
    const reader = new DatabaseSync(path, { readOnly: true })
    reader.prepare('select 1 from rows').all()
    assert.equal(holdDatabase(path).state, 'in use')
    writer.close()
    assert.equal(holdDatabase(path).state, 'in use')
    reader.close()
    const held = holdDatabase(path)
    assert.ok(held.state === 'held')
    const late = new DatabaseSync(path)
    assert.throws(() => late.prepare('select 1 from rows').all(), /locked/)
    held.release()
    late.prepare('select 1 from rows').all()
    late.close()
  })

  it('hands its counters on, so that no id is given out twice', () => {
    const path = join(home, 'counters.db')
    const database = new DatabaseSync(path)
    database.exec(`
      create table lower (id integer primary key autoincrement);
      create table higher (id integer primary key autoincrement);
      create table untouched (id integer primary key autoincrement);
      insert into lower values (5); insert into higher values (50)`)
    const counters = new Map(Object.entries({ lower: 9, higher: 9, untouched: 9, unknown: 9 }))
    raiseSequences(path, counters)
    const rows = database.prepare('select name, seq from sqlite_sequence order by name').all()
    assert.deepEqual(
      rows.map(({ name, seq }) => [name, seq]),
      [
        ['higher', 50],
        ['lower', 9],
        ['untouched', 9],
      ],
    )
    database.close()
  })
})
