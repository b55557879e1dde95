import { setTimeout as sleep } from 'node:timers/promises'
import { Kysely, PostgresDialect, sql } from 'kysely'
import { Rejection } from '../../kernel/index.ts'
import type { Database, Handle, PoolLoad, StoreSettings } from '../database.ts'
import { refuseNested, withDeadline } from '../guards.ts'
import { migrations } from '../migrations/index.ts'
import { type MigrationHost, migrate, migrationState } from '../migrator.ts'
import { executeWith } from '../prepared-query.ts'
import type { Tables } from '../tables.ts'
import { clientConfig, poolConfig } from './connection.ts'
import { Borrower, borrowAs, GuardedPool } from './guarded-pool.ts'
import { Hosts } from './hosts.ts'
import { mayRetry } from './postgres-failure.ts'
import { notifyWake, poolerNotice, WakeListener } from './wake-listener.ts'

const maxTries = 3
const retryWaitMs = 10

/** Connects with the first query, so that a start does not fail on a database that is only slow to come up. */
export const openPostgres = (url: string, settings: StoreSettings): Database =>
  new PostgresDatabase(url, settings)

class PostgresDatabase implements Database {
  readonly engine = 'postgres'
  readonly read: Handle
  readonly #hosts: Hosts
  readonly #settings: StoreSettings
  readonly #pool: GuardedPool
  readonly #listener: WakeListener
  #closing: Promise<void> | undefined

  constructor(url: string, settings: StoreSettings) {
    const { timeouts, log } = settings
    this.#hosts = new Hosts(url)
    this.#settings = settings
    this.#pool = new GuardedPool(poolConfig(this.#hosts, timeouts.connectMs, timeouts), this.#hosts, log)
    this.#listener = new WakeListener(clientConfig(timeouts.connectMs), this.#hosts, log)
    this.read = executeWith(kyselyOver(this.#pool), this.#pool.executor)
  }

  transaction<T>(work: (trx: Handle) => Promise<T>): Promise<T> {
    return refuseNested(work, guarded => withRetry(() => this.#once(guarded)))
  }

  snapshot<T>(work: (db: Handle) => Promise<T>): Promise<T> {
    const { snapshotMs } = this.#settings.timeouts
    return this.#withDeadline(this.#connectMs + snapshotMs, () =>
      this.read
        .transaction()
        .setIsolationLevel('repeatable read')
        .setAccessMode('read only')
        .execute(async trx => {
          await liftTransactionLimit.execute(trx)
          return await work(trx)
        }),
    )
  }

  readonly statement = <T>(run: (db: Handle) => Promise<T>): Promise<T> =>
    refuseNested(run, guarded => withRetry(() => guarded(this.read)))

  readonly connections = (): PoolLoad => this.#pool.load

  onWake(listener: () => void): () => void {
    return this.#listener.add(listener)
  }

  async wake(trx: Handle): Promise<void> {
    await notifyWake(trx)
  }

  async migrate(): Promise<{ applied: string[] }> {
    const { timeouts, log, clock } = this.#settings
    // A pool of one without time limits: an index on a large table takes longer than any request may.
    const pool = new GuardedPool(poolConfig(this.#hosts, timeouts.connectMs), this.#hosts, log)
    const db = kyselyOver(pool)
    // Of a node that serves meanwhile and a migration, each may hold a lock that the other waits for.
    const locked: MigrationHost['locked'] = work =>
      withRetry(() =>
        db.transaction().execute(async trx => {
          await migrationLock.execute(trx)
          return work(trx)
        }),
      )
    try {
      await requireUtf8(db)
      return await migrate({ engine: this.engine, read: db, clock, log, locked }, migrations)
    } finally {
      await pool.end()
    }
  }

  migrationState() {
    return migrationState(this, migrations)
  }

  async inspect(): Promise<readonly string[]> {
    await requireUtf8(this.read)
    const notices = [(await this.#pool.isPooled()) ? poolerNotice : undefined, await lossyWrites(this.read)]
    return notices.filter(notice => notice !== undefined)
  }

  async ping(): Promise<void> {
    await sql`select 1`.execute(this.read)
  }

  close(): Promise<void> {
    this.#closing ??= Promise.all([this.#listener.close(), this.#pool.end()]).then(() => {})
    return this.#closing
  }

  /** The server cuts off a transaction by itself from version 17 on; this holds for older ones, and for work that never returns. */
  #once<T>(work: (trx: Handle) => Promise<T>): Promise<T> {
    const { transactionMs } = this.#settings.timeouts
    return this.#withDeadline(this.#connectMs + transactionMs, borrower =>
      this.read.transaction().execute(trx => work(executeWith(trx, borrower.connection!.executor))),
    )
  }

  /** Each host may take its time to refuse. */
  get #connectMs(): number {
    return this.#settings.timeouts.connectMs * this.#hosts.all.length
  }

  #withDeadline<T>(limitMs: number, run: (borrower: Borrower) => Promise<T>): Promise<T> {
    const borrower = new Borrower()
    const running = borrowAs(borrower, () => run(borrower))
    return withDeadline(running, limitMs, reason => borrower.cut(reason))
  }
}

/** Again after a serialization failure or a deadlock, which left nothing behind. */
async function withRetry<T>(once: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await once()
    } catch (error) {
      if (!mayRetry(error)) throw error
      if (tries === maxTries) throw new Rejection('unavailable', { cause: error })
      await sleep(retryWaitMs * tries)
    }
  }
}

const kyselyOver = (pool: GuardedPool): Kysely<Tables> =>
  new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) })

/** 0 takes the limit away, where the server knows it; a new one would not count for a transaction that has begun. */
const liftTransactionLimit = sql`select set_config(name, '0', true) from pg_settings where name = 'transaction_timeout'`

/** One lock for each schema, held until the transaction ends, however it ends. */
const migrationLock = sql`select pg_advisory_xact_lock(hashtextextended('propusk migrations ' || current_schema(), 0))`

/** `local` is left out: it waits for the disk of the primary, which is what an asynchronous standby gives as well. */
const lossy = sql<{ name: string }>`
  select name from pg_settings
  where setting = 'off' and name in ('synchronous_commit', 'fsync', 'full_page_writes')
  order by name`

/** What an operator should know of a server that answers before a write is safe; undefined where it waits. */
async function lossyWrites(db: Handle): Promise<string | undefined> {
  const { rows } = await lossy.execute(db)
  if (rows.length === 0) return undefined
  const names = rows.map(({ name }) => name).join(', ')
  return `PostgreSQL runs with ${names} = off: a crash can take back what was answered, such as a logout or a right that was taken away. Set it to on.`
}

/** Throws a plain Error for a database of another encoding, which would take some names of people and refuse others. */
async function requireUtf8(db: Handle): Promise<void> {
  const query = sql<{ encoding: string }>`select current_setting('server_encoding') as encoding`
  const encoding = (await query.execute(db)).rows[0]?.encoding
  if (encoding === 'UTF8') return
  throw new Error(
    `The PostgreSQL database is encoded in ${encoding}, which cannot hold every text: Propusk needs UTF8. Make a database with: createdb --encoding=UTF8 --template=template0 --locale=C.UTF-8 NAME`,
  )
}
