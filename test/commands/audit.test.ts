import assert from 'node:assert/strict'
import { copyFileSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { AuditLinker, anchorFileAt, auditChain } from '../../server/src/audit/index.ts'
import { auditSignerOf } from '../../server/src/node-audit.ts'
import { openDatabase } from '../../server/src/store/index.ts'
import { register } from './support/api.ts'
import { type Workplace, workplace } from './support/propusk.ts'
import { databaseFileOf, inDatabase } from './support/tables.ts'

const keyFileOf = (place: Workplace) => `${databaseFileOf(place)}.key`

/** What a server does in two minutes. */
async function link(place: Workplace, nowMs = Date.now()): Promise<void> {
  const database = await openDatabase(`sqlite:${databaseFileOf(place)}`)
  const masterKey = Buffer.from(readFileSync(keyFileOf(place), 'utf8').trim(), 'base64url')
  const linker = new AuditLinker({
    chain: auditChain(database.read),
    transaction: work => database.transaction(trx => work({ chain: auditChain(trx) })),
    signer: auditSignerOf(masterKey),
    anchorFile: anchorFileAt(`${databaseFileOf(place)}.seal`),
  })
  await linker.begin({ isNew: false, isAnchored: true })
  for (const minute of [0, 1]) await linker.round(nowMs + minute * 60_000)
  await database.close()
}

/** A stopped server in which two people have registered; their events are sealed, each in its own seal. */
async function placeWithLinks(nowMs?: number): Promise<Workplace> {
  const place = workplace()
  for (const email of ['ann@example.org', 'bob@example.org']) {
    const server = await place.start()
    await register(server.url, email)
    assert.equal((await server.stop()).code, 0)
    await link(place, nowMs)
  }
  return place
}

const tamper = (place: Workplace, statements: string) =>
  inDatabase(place, database => {
    const triggers = database
      .prepare("select name, sql from sqlite_schema where type = 'trigger' and tbl_name like 'audit_%'")
      .all()
    for (const { name } of triggers) database.exec(`drop trigger ${name}`)
    database.exec(statements)
    for (const { sql } of triggers) database.exec(String(sql))
  })

describe('audit verify and audit checkpoint', async () => {
  const place = await placeWithLinks()
  const verify = (options = '', settings = {}) => place.run(`audit verify ${options}`, '', settings)

  it('says how much is sealed and until when, and that it is whole', async () => {
    const { code, out, err } = await verify()
    assert.deepEqual([code, err], [0, ''])
    assert.match(
      out,
      /^2 seals over \d+ events up to event \d+, sealed at 20\S+Z\n0 newer events not sealed yet: .+\nevery sealed event is as it was when it was sealed\n$/,
    )
  })

  it('gives a checkpoint on standard output or into a new file, without a secret, and overwrites nothing', async () => {
    const printed = await place.run('audit checkpoint')
    assert.equal(printed.code, 0)
    assert.match(printed.err, /Keep it out of reach/)
    const wrote = await place.run('audit checkpoint kept.json')
    assert.equal(wrote.code, 0, wrote.err)
    const file = join(place.directory, 'kept.json')
    assert.equal(readFileSync(file, 'utf8'), printed.out)
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.deepEqual(Object.keys(JSON.parse(printed.out)), [
      'position',
      'first_event_id',
      'last_event_id',
      'event_count',
      'previous_hash',
      'hash',
      'sealed_at',
      'key_id',
      'public_jwk',
      'signature',
    ])
    assert.deepEqual(Object.keys(JSON.parse(printed.out).public_jwk), ['kty', 'crv', 'x'])
    const again = await place.run('audit checkpoint kept.json')
    assert.deepEqual([again.code, again.out], [1, ''])
    assert.match(again.err, /exists already/)
    assert.equal((await verify('--checkpoint kept.json')).code, 0)
  })

  it('refuses a checkpoint that is none, was changed, or is not there', async () => {
    const kept = readFileSync(join(place.directory, 'kept.json'), 'utf8')
    writeFileSync(join(place.directory, 'changed.json'), kept.replace('"position": 2', '"position": 1'))
    writeFileSync(join(place.directory, 'none.json'), '{}')
    for (const name of ['changed.json', 'none.json', 'absent.json']) {
      const { code, out, err } = await verify(`--checkpoint ${name}`)
      assert.deepEqual([code, out], [1, ''])
      assert.match(err, /no checkpoint|There is no file/)
    }
  })

  it('holds in a restored backup', async () => {
    assert.equal((await place.run('backup kept.db')).code, 0)
    assert.equal((await place.run('restore kept.db')).code, 0)
    const { code, out } = await verify('--checkpoint kept.json')
    assert.equal(code, 0, out)
  })

  it('fails where there is no master key, and says plainly what could not be looked at', async () => {
    renameSync(keyFileOf(place), `${keyFileOf(place)}.away`)
    const { code, out } = await verify()
    assert.equal(code, 1)
    assert.match(out, /^WRONG {2}the signatures were not checked, .+master key file .+ is missing/m)
    const checkpoint = await place.run('audit checkpoint')
    assert.deepEqual([checkpoint.code, checkpoint.out], [1, ''])
    // An auditor has the checkpoint, and not the key: it holds the public one.
    assert.equal((await verify('--checkpoint kept.json')).code, 0)
    renameSync(`${keyFileOf(place)}.away`, keyFileOf(place))
    const otherKey = await verify('', { PROPUSK_MASTER_KEY: Buffer.alloc(32, 9).toString('base64') })
    assert.equal(otherKey.code, 1)
    assert.match(otherKey.out, /^WRONG {2}seal 1 \(events 1 to \d+\): it is signed with a key that is not/m)
  })

  it('names the seal and the events when a row was changed, and shows nothing of it', async () => {
    tamper(
      place,
      `update audit_events set details = '{"role":"S3cret"}' where id = (select max(last_event_id) from audit_seals)`,
    )
    const { code, out } = await verify()
    assert.equal(code, 1)
    assert.match(out, /^WRONG {2}seal 2 \(events \d+ to \d+\): an event was changed/m)
    assert.doesNotMatch(out, /every sealed event|S3cret/)
  })

  it('sees that the newest seals were removed with their events by what stands beside the chain, as doctor does', async () => {
    tamper(
      place,
      `delete from audit_events where id > (select last_event_id from audit_seals where position = 1);
       delete from audit_seals where position = 2`,
    )
    const alone = await verify()
    assert.equal(alone.code, 1)
    const beside = /^WRONG {2}(?:audit: )?the table audit_anchor holds seal 2, and the chain ends with 1/m
    assert.match(alone.out, beside)
    assert.doesNotMatch(alone.out, /every sealed event is as it was/)
    const examined = await place.run('doctor')
    assert.equal(examined.code, 1)
    assert.match(examined.out, beside)

    // Who puts that row back, too, has the file beside the database against them.
    inDatabase(place, database => {
      database.exec("update audit_anchor set checkpoint = (select '{}')")
    })
    assert.equal((await verify()).code, 1)
    inDatabase(place, database => {
      database.exec('delete from audit_anchor; update signing_keys set sequence = null, state = null')
    })
    assert.equal(
      (await verify()).code,
      0,
      'nothing is left that knows it: the restore has put the file aside',
    )
    copyFileSync(join(place.directory, 'kept.json'), `${databaseFileOf(place)}.seal`)
    assert.match((await verify()).out, /^WRONG {2}the file beside the database holds seal 2/m)
    const { code, out } = await verify('--checkpoint kept.json')
    assert.equal(code, 1)
    assert.match(out, /^WRONG {2}seal 2 \(events \d+ to \d+\): .+the newest seals were removed/m)
  })
})

describe('before anything is sealed', () => {
  it('there is nothing to keep, and nothing wrong', async () => {
    const place = workplace()
    const server = await place.start()
    const checkpoint = await place.run('audit checkpoint')
    assert.deepEqual([checkpoint.code, checkpoint.out], [1, ''])
    assert.match(checkpoint.err, /Nothing of the audit is sealed yet/)
    const { code, out } = await place.run('audit verify')
    assert.equal(code, 0)
    assert.match(out, /^0 seals over 0 events\n\d+ newer events? not sealed yet/)
    assert.equal((await server.stop()).code, 0)
  })
})

describe('audit cut', () => {
  it('deletes what was sealed before a day, says so, and leaves an audit that verifies', async () => {
    const dayMs = 24 * 3_600_000
    const linkedAtMs = Date.now() - 40 * dayMs
    const place = await placeWithLinks(linkedAtMs)
    const day = (ms: number) => new Date(ms).toISOString().slice(0, 10)
    for (const before of ['yesterday', '2026-02-31', '2026-01-31T00:00:00Z']) {
      const refused = await place.run(`audit cut --before ${before}`)
      assert.deepEqual([refused.code, refused.out], [1, ''])
      assert.match(refused.err, /DATE is a day such as 2026-01-31/)
    }
    assert.match((await place.run(`audit cut --before ${day(Date.now() + 2 * dayMs)}`)).err, /lies ahead/)
    assert.match((await place.run('audit cut')).err, /--before/)
    const early = await place.run(`audit cut --before ${day(linkedAtMs - dayMs)}`)
    assert.deepEqual([early.code, early.err], [0, ''])
    assert.match(early.out, /nothing was cut/)

    const before = day(linkedAtMs + 2 * dayMs)
    const { code, out, err } = await place.run(`audit cut --before ${before}`)
    assert.deepEqual([code, err], [0, ''])
    assert.match(out, /^cut off (\d+) events up to event (\d+), and deleted them; their seals stay\n$/)
    const verified = await place.run('audit verify')
    assert.equal(verified.code, 0, verified.out)
    assert.match(
      verified.out,
      new RegExp(`cut off at \\S+ by audit cut --before ${before}; their seals are there`),
    )
    assert.equal((await place.run('doctor')).code, 0)
    tamper(place, "update audit_cuts set rule = 'x'")
    assert.match((await place.run('doctor')).out, /not signed with this master key/)
    const again = await place.run(`audit cut --before ${before}`)
    assert.equal(again.code, 1)
    assert.match(again.err, /Nothing was cut: the cut of the audit/)
  })
})
