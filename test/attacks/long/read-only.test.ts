import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { register } from '../../commands/support/api.ts'
import { workplace } from '../../commands/support/propusk.ts'
import { logExplains, readsAndChecks, refusesEveryWrite } from '../support/write-calls.ts'

/** For root every file is writable: then the server runs without that power of root's. */
const obeyingModes =
  process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search', '--'] : []

/** A file that nobody may write to any more, through open files neither. */
const freeze = (file: string) => execFileSync('chattr', ['+i', file], { stdio: 'pipe' })
const thaw = (file: string) => execFileSync('chattr', ['-i', file], { stdio: 'pipe' })

function trial(command: () => void): string | false {
  try {
    command()
    return false
  } catch (error) {
    return `not possible here: ${error instanceof Error ? error.message.split('\n')[0] : error}`
  }
}

const [program, ...rest] = [...obeyingModes, 'true']
const cannotObey = trial(() => execFileSync(program!, rest, { stdio: 'ignore' }))

describe('a SQLite database that may not be written to', { skip: cannotObey }, () => {
  let directory: string
  let file: string
  let settings: Record<string, string>
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'propusk-read-only-'))
    file = join(directory, 'propusk.db')
    settings = { PROPUSK_DATABASE_URL: `sqlite:${file}`, PROPUSK_PORT: '0' }
  })
  after(() => {
    chmodSync(directory, 0o700)
    rmSync(directory, { recursive: true })
  })

  const refusesToStart = async () => {
    const ended = await workplace(settings, { through: obeyingModes }).run('serve')
    assert.equal(ended.code, 1, ended.out + ended.err)
    assert.equal(ended.err.trim().split('\n').length, 1, ended.err)
    assert.match(ended.err, /propusk\.db cannot be opened: .*writable for the user that runs the server/)
  }

  const withMode = async (path: string, mode: number, work: () => Promise<void>) => {
    chmodSync(path, mode)
    try {
      await work()
    } finally {
      chmodSync(path, mode | 0o700)
    }
  }

  it('stops the start with one line where its directory cannot take a file', () =>
    withMode(directory, 0o500, () => refusesToStart()))

  it('stops the start with one line where the file or its directory is read-only', async () => {
    const server = await workplace(settings, { through: obeyingModes }).start()
    await register(server.url, 'ada@example.com')
    assert.equal((await server.stop()).code, 0)

    await withMode(file, 0o400, () => refusesToStart())
    await withMode(directory, 0o500, () => refusesToStart())
  })
})

describe('a SQLite database that may not be written to any more', () => {
  const directory = mkdtempSync(join(tmpdir(), 'propusk-frozen-'))
  const probe = join(directory, 'probe')
  const cannotFreeze = trial(() => {
    execFileSync('touch', [probe])
    freeze(probe)
    thaw(probe)
  })
  after(() => rmSync(directory, { recursive: true }))

  it('a database that became read-only: writes get 503, reads go on, and the server recovers by itself', {
    skip: cannotFreeze,
  }, async () => {
    const file = join(directory, 'propusk.db')
    const server = await workplace({ PROPUSK_DATABASE_URL: `sqlite:${file}` }).start()
    const ada = await register(server.url, 'ada@example.com')
    const log = `${file}-wal`
    freeze(log)
    try {
      await refusesEveryWrite(server.url, ada)
      await readsAndChecks(server.url, ada)
      logExplains(server.out(), /The disk refuses the database\. Look at its health/)
    } finally {
      thaw(log)
    }
    await register(server.url, 'bob@example.com')
    await readsAndChecks(server.url, ada)
    assert.equal((await server.stop()).code, 0)
  })
})
