import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { workplace } from '../commands/support/propusk.ts'
import { reportMissing } from '../support/report-missing.ts'
import { assertSettings, isInstalled, readDeploy } from './support/deploy.ts'

const unit = readDeploy('systemd/propusk.service')

/** All values of a directive, in their order. */
const valuesOf = (directive: string): string[] =>
  [...unit.matchAll(new RegExp(`^${directive}=(.*)$`, 'gm'))].map(([, value]) => value!)

const environment: Readonly<Record<string, string>> = Object.fromEntries(
  valuesOf('Environment').map(pair => pair.split(/=(.*)/, 2)),
)

/** Of 0 to 10, as `systemd-analyze security` counts; below 2 is what it calls OK at its best. */
const mostExposure = 1.5

describe('the unit for systemd', () => {
  const title = 'is understood by systemd and exposes little'
  if (!isInstalled('systemd-analyze', '--version')) {
    reportMissing(title, 'systemd-analyze is not installed: it is in the package systemd of Debian')
  } else {
    const folder = mkdtempSync(join(tmpdir(), 'propusk-unit-'))
    after(() => rmSync(folder, { recursive: true, force: true }))
    /** What it says on standard error, where mistakes stand even when it ends with 0. */
    const analyze = (...args: string[]) => {
      const { status, stdout, stderr } = spawnSync(
        'systemd-analyze',
        [...args, join(folder, 'propusk.service')],
        { encoding: 'utf8' },
      )
      assert.equal(status, 0, `${stdout}${stderr}`)
      return stderr
    }

    it(title, () => {
      // It wants the program to be there; nothing else is changed.
      const program = valuesOf('ExecStart')[0]!.split(' ', 1)[0]!
      writeFileSync(join(folder, 'propusk.service'), unit.replace(program, process.execPath))
      assert.equal(analyze('verify', '--recursive-errors=no'), '')
      analyze('security', '--offline=true', '--no-pager', `--threshold=${mostExposure * 10}`)
    })
  }

  it('has a user of its own, state that this user alone reads, and nothing else to write', () => {
    assert.deepEqual(valuesOf('DynamicUser'), ['yes'])
    assert.deepEqual([...valuesOf('StateDirectory'), ...valuesOf('StateDirectoryMode')], ['propusk', '0700'])
    assert.deepEqual(valuesOf('ProtectSystem'), ['strict'])
    assert.deepEqual(valuesOf('ReadWritePaths'), [])
  })

  it('names settings that exist, and no secret among them', () => {
    assertSettings(Object.keys(environment))
    assert.deepEqual(Object.keys(environment), ['PROPUSK_DATABASE_URL'])
  })

  it('starts the server with the secrets of its credential', async () => {
    const place = workplace()
    // What PID 1 does: a copy of the file under the name of the credential, in the directory where the server starts.
    assert.deepEqual(valuesOf('WorkingDirectory'), ['%d'])
    const [[name] = []] = valuesOf('LoadCredential').map(value => value.split(':'))
    const masterKey = Buffer.alloc(32, 1).toString('base64')
    writeFileSync(join(place.directory, name!), `PROPUSK_MASTER_KEY=${masterKey}\n`)
    const state = mkdtempSync(join(tmpdir(), 'propusk-state-'))
    after(() => rmSync(state, { recursive: true, force: true }))
    const settings = Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [name, value.replace('%S/propusk', state)]),
    )
    const server = await place.start('serve', settings)
    assert.equal((await fetch(`${server.url}/health/ready`)).status, 200)
    assert.equal((await server.stop()).code, 0)
    // No key file stands in for the master key, so it was read; and the place of the secrets is as it was.
    assert.deepEqual(readdirSync(state), ['propusk.db'])
    assert.deepEqual(readdirSync(place.directory), [name])
  })

  it('is given longer to stop than the server takes', () => {
    assert.ok(Number(valuesOf('TimeoutStopSec')[0]) > 10)
  })
})
