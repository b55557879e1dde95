import { sql } from 'kysely'
import type pg from 'pg'
import type { StoreNotice } from '../database.ts'
import { preparedQuery } from '../prepared-query.ts'
import { processIdOf } from './connection.ts'
import { HostClient, type Hosts } from './hosts.ts'

/** One channel for the server; the payload names the schema, so that two installations in one database do not wake each other. */
const wakeChannel = 'propusk_wake'
export const notifyWake = preparedQuery(db => ({
  compile: () => sql`select pg_notify(${wakeChannel}, coalesce(current_schema(), ''))`.compile(db),
}))

/** For an operator: what is different behind a pooler. */
export const poolerNotice =
  'A connection pooler stands before PostgreSQL, so nothing is kept in its sessions: statements are not prepared, and changes of other nodes are read every 0.2 s instead of at once. To have both, let PROPUSK_DATABASE_URL lead to PostgreSQL itself.'

const firstRetryMs = 100
const maxRetryMs = 5_000

/**
 * One connection that listens for as long as there are listeners. After a loss it reconnects by itself and then wakes
 * all listeners, since it cannot know what it missed. Behind a pooler LISTEN does not work, and no listener is woken (ADR 34).
 */
export class WakeListener {
  readonly #config: pg.ClientConfig
  readonly #hosts: Hosts
  readonly #log: (notice: StoreNotice) => void
  readonly #listeners = new Set<() => void>()
  #client: HostClient | undefined
  #retry: NodeJS.Timeout | undefined
  #retryMs = firstRetryMs
  #isPooled = false

  constructor(config: pg.ClientConfig, hosts: Hosts, log: (notice: StoreNotice) => void) {
    this.#config = config
    this.#hosts = hosts
    this.#log = log
  }

  add(listener: () => void): () => void {
    // Wrapped, so that the same function added twice is removed once at a time.
    const entry = () => listener()
    this.#listeners.add(entry)
    if (this.#client === undefined && this.#retry === undefined && !this.#isPooled) void this.#connect()
    return () => {
      this.#listeners.delete(entry)
      if (this.#listeners.size === 0) void this.#disconnect()
    }
  }

  async close(): Promise<void> {
    this.#listeners.clear()
    await this.#disconnect()
  }

  async #connect(): Promise<void> {
    this.#retry = undefined
    const client = new HostClient(this.#config, this.#hosts)
    this.#client = client
    client.on('error', error => this.#lost(client, error))
    client.on('end', () => this.#lost(client, undefined))
    try {
      await client.connect()
      const { rows } = await client.query<{ schema: string | null; pid: number }>(
        'select current_schema() as schema, pg_backend_pid() as pid',
      )
      if (rows[0]?.pid !== processIdOf(client)) return await this.#doWithout()
      client.on('notification', ({ payload }) => {
        if (payload === (rows[0]?.schema ?? '')) this.#wakeAll()
      })
      await client.query(`listen ${wakeChannel}`)
      this.#retryMs = firstRetryMs
      if (this.#client === client) this.#wakeAll()
    } catch (error) {
      // A standby takes the connection, and refuses LISTEN.
      client.blame(error)
      this.#lost(client, error)
    }
  }

  /** A lost connection may say so twice; only the first time counts. */
  #lost(client: HostClient, error: unknown): void {
    if (this.#client !== client) return
    this.#client = undefined
    client.end().catch(() => {})
    this.#log({
      level: 'warn',
      message: 'The PostgreSQL connection that listens for changes was lost',
      error,
    })
    this.#retry = setTimeout(() => void this.#connect(), this.#retryMs)
    this.#retryMs = Math.min(this.#retryMs * 2, maxRetryMs)
  }

  async #doWithout(): Promise<void> {
    this.#isPooled = true
    this.#log({ level: 'info', message: poolerNotice })
    await this.#disconnect()
  }

  async #disconnect(): Promise<void> {
    clearTimeout(this.#retry)
    this.#retry = undefined
    const client = this.#client
    this.#client = undefined
    await client?.end().catch(() => {})
  }

  #wakeAll(): void {
    for (const listener of this.#listeners) listener()
  }
}
