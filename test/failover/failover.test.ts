import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { openDatabase } from '../../server/src/store/index.ts'
import { runPropusk } from '../nodes/node.ts'
import { openSite } from '../nodes/site.ts'
import { startPostgres } from '../support/postgres-cluster.ts'
import { bothIn, failOver } from './campaign.ts'

describe('two nodes whose address names a primary and a standby', () => {
  it('go on by themselves once the standby is promoted under load: what was acknowledged is there, what ended stays ended', async () => {
    const figures = await failOver({ mode: 'synchronous', lanes: 3, loadMs: 1_200 })
    assert.deepEqual(figures.breaches, [])
    assert.equal(figures.lost, 0)
    for (const [act, count] of Object.entries(figures.acknowledged)) assert.ok(count > 5, `${count} ${act}`)
  })
})

describe('an address of several hosts', async () => {
  const primary = await startPostgres()
  const standby = await primary.standby()
  const site = await openSite(bothIn(standby.url, primary.url))
  const secret = new URL(primary.url).password
  after(async () => {
    await site.close()
    await standby.stop()
    await primary.stop()
  })

  it('leads every command to the first host that takes writes, wherever it stands', async () => {
    const succeeds = async (...command: string[]) => {
      const { code, said } = await runPropusk(site, command)
      assert.equal(code, 0, said)
    }
    await succeeds('migrate')
    const node = await site.add()
    assert.equal((await fetch(`${node.url}/health/ready`)).status, 200)
    for (const command of ['doctor', 'audit verify', 'keys rotate']) await succeeds(...command.split(' '))
  })

  it('names every host and why it was refused, and no password, where none takes writes', async () => {
    const dead = new URL(primary.url)
    dead.port = '1'
    const settings = { ...site.settings, PROPUSK_DATABASE_URL: bothIn(standby.url, dead.href) }
    const { code, said } = await runPropusk({ ...site, settings }, ['doctor'])
    assert.equal(code, 1)
    const hosts = [new URL(standby.url).host, '127.0.0.1:1'].map(host => host.replaceAll('.', '\\.'))
    assert.match(
      said,
      new RegExp(
        `WRONG  database: No host .+ takes writes: ${hosts[0]}: it is a standby; ${hosts[1]}: .*ECONNREFUSED`,
      ),
    )
    assert.ok(!said.includes(secret))
  })

  it('passes by a host that only reads where read-write is asked for, and takes it where the primary is', async () => {
    const client = await openDatabase(primary.url)
    after(() => client.close())
    const readOnly = (attributes: string) => {
      const url = bothIn(primary.url, standby.url).replace('read-write', attributes)
      return openDatabase(`${url}&options=-c%20default_transaction_read_only%3Don`)
    }
    const writing = await readOnly('read-write')
    await assert.rejects(writing.ping(), error => /it only reads/.test(String((error as Error).cause)))
    await writing.close()
    const any = await readOnly('primary')
    await any.ping()
    await any.close()
  })
})
