import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { readEnvFile } from '../../server/src/config/index.ts'
import { workplace } from '../commands/support/propusk.ts'
import { reportMissing } from '../support/report-missing.ts'
import { assertSettings, isInstalled, readDeploy } from './support/deploy.ts'

const unit = readDeploy('systemd/propusk.service')

/** The commands of docs/operations.md that set it up. */
const operations = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')
const documented = /^### systemd\n[\s\S]*?^```sh\n([\s\S]*?)^```$/m.exec(operations)![1]!

/** All values of a directive, in their order. */
const valuesOf = (directive: string): string[] =>
  [...unit.matchAll(new RegExp(`^${directive}=(.*)$`, 'gm'))].map(([, value]) => value!)

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

  it('starts the server with the secrets of its credential, both files made as the document says', async () => {
    // What PID 1 does: a copy of the file under the name of the credential, in the directory where the server starts.
    assert.deepEqual([valuesOf('Environment'), valuesOf('WorkingDirectory')], [[], ['%d']])
    const [[name, secrets] = []] = valuesOf('LoadCredential').map(value => value.split(':'))
    const [settings] = valuesOf('EnvironmentFile').map(value => value.replace(/^-/, ''))
    const place = workplace()
    const made = mkdtempSync(join(tmpdir(), 'propusk-machine-'))
    after(() => rmSync(made, { recursive: true, force: true }))
    const here = (path: string) => join(made, path)
    mkdirSync(here('/etc'))
    mkdirSync(here('/var/lib/propusk'), { recursive: true })
    const commands = documented
      .replaceAll(/^sudo (?:cp|systemctl) .*$/gm, '')
      .replaceAll('sudo ', '')
      .replaceAll(/(?<=[ :])\/(?=etc\/|var\/)/g, `${made}/`)
    execFileSync('sh', ['-eu', '-c', commands])
    copyFileSync(here(secrets!), join(place.directory, name!))
    const environment = readEnvFile(here(settings!)) as Record<string, string>
    assertSettings([...Object.keys(environment), ...Object.keys(readEnvFile(here(secrets!)))])

    const server = await place.start('serve', environment)
    assert.equal((await fetch(`${server.url}/health/ready`)).status, 200)
    assert.equal((await server.stop()).code, 0)
    // No key file stands in for the master key, so it was read; and the place of the secrets is as it was.
    assert.deepEqual(readdirSync(here('/var/lib/propusk')).sort(), ['propusk.db', 'propusk.db.seal'])
    assert.deepEqual(readdirSync(place.directory), [name])
  })

  it('is given longer to stop than the server takes', () => {
    assert.ok(Number(valuesOf('TimeoutStopSec')[0]) > 10)
  })
})
