import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import pg from 'pg'
import { check, demand } from '../nodes/ask.ts'
import { openSite, register } from '../nodes/site.ts'
import { freshDatabaseUrl } from '../support/engines.ts'
import { unpackPreviousRelease } from './previous-release.ts'
import { rollOver } from './rolling-upgrade.ts'

describe('a rolling upgrade on PostgreSQL', () => {
  it('a rolling upgrade: the release before and this one work side by side, and answer every request', async () => {
    const previous = unpackPreviousRelease()
    after(() => previous.remove())
    const { breaches, obediences, answered } = await rollOver({
      databaseUrl: await freshDatabaseUrl('postgres'),
      previous,
      samples: 1,
      stepMs: 200,
      kinds: ['sign-out', 'deactivation', 'permission taken from a role'],
    })
    assert.deepEqual(breaches, [])
    assert.equal(obediences.length, 6)
    assert.ok(Object.values(answered).every(count => count > 0))
  })

  it('lets this release start again on a database that the next one has only added to, and not on any other', async () => {
    const databaseUrl = await freshDatabaseUrl('postgres')
    const site = await openSite(databaseUrl)
    after(() => site.close())
    const first = await site.add()
    const { access } = await register(first.url)
    await first.stop()

    await markApplied(databaseUrl, '9998_adds_a_table', true)
    const second = await site.add()
    assert.match(second.said(), /newer version \(9998_adds_a_table\)/)
    await demand(second.url, check(access), 200)
    await second.stop()

    await markApplied(databaseUrl, '9999_takes_a_column', false)
    await assert.rejects(site.add(), /9999_takes_a_column/)
  })
})

async function markApplied(databaseUrl: string, name: string, expands: boolean): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query('insert into propusk_migrations (name, applied_at, expands) values ($1, 0, $2)', [
    name,
    expands,
  ])
  await client.end()
}
