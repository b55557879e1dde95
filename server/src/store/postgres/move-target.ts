import pg from 'pg'
import {
  type MovedColumn,
  type MovedRow,
  type MovedTable,
  quoted,
  quotedList,
  seedFlag,
} from '../move/moved-table.ts'
import { poolConfig } from './connection.ts'
import { connectToAny, Hosts } from './hosts.ts'

const connectMs = 10_000
/** A server on the target holds its locks for moments. */
const lockWaitMs = 10_000

export interface TargetColumn {
  readonly table: string
  readonly name: string
  readonly type: string
  readonly isIdentity: boolean
}

/** The one connection to the PostgreSQL that is moved into: nothing limits its time. */
export class MoveTarget {
  readonly #pool: pg.Pool
  readonly #client: pg.PoolClient
  /** Why the connection is gone: reported between two statements, of which the next one knows only that it cannot be sent. */
  #loss: Error | undefined

  private constructor(pool: pg.Pool, client: pg.PoolClient) {
    this.#pool = pool
    this.#client = client
    client.on('error', error => {
      this.#loss ??= error
    })
  }

  static async connect(url: string): Promise<MoveTarget> {
    const hosts = new Hosts(url)
    const pool = new pg.Pool(poolConfig(hosts, connectMs))
    // An `error` event without a listener ends the process.
    pool.on('error', () => {})
    try {
      return new MoveTarget(pool, await connectToAny(pool, hosts))
    } catch (error) {
      await pool.end()
      throw new Error(
        `The target cannot be reached: ${messageOf(error)}. Check the URL and that PostgreSQL runs.`,
      )
    }
  }

  async columns(): Promise<TargetColumn[]> {
    return await this.#rows<TargetColumn>(`
      select c.relname::text as "table", a.attname::text as name, format_type(a.atttypid, null) as type,
        a.attidentity <> '' as "isIdentity"
      from pg_class c join pg_attribute a on a.attrelid = c.oid
      where c.relnamespace = current_schema()::regnamespace and c.relkind = 'r'
        and a.attnum > 0 and not a.attisdropped`)
  }

  /** Throws when one of the tables that are there holds a row that no migration made. */
  async refuseOccupied(tables: readonly string[]): Promise<void> {
    const columns = (await this.columns()).filter(column => tables.includes(column.table))
    const seeded = new Set(columns.filter(({ name }) => name === seedFlag).map(({ table }) => table))
    const occupied: string[] = []
    for (const table of new Set(columns.map(column => column.table))) {
      const condition = seeded.has(table) ? `where not ${seedFlag}` : ''
      const rows = await this.#rows(`select 1 from ${quoted(table)} ${condition} limit 1`)
      if (rows.length > 0) occupied.push(table)
    }
    if (occupied.length === 0) return
    throw new Error(
      `The target holds rows already (${occupied.sort().join(', ')}), and a move writes over nothing. Name an empty database; one on which a server was started is not empty any more.`,
    )
  }

  /**
   * Begins the one transaction of the move. No other connection reads or writes these tables until it ends: a server
   * that is started on the target too early waits, and gives up, instead of filling it.
   */
  async begin(tables: readonly string[]): Promise<void> {
    await this.#query('begin')
    await this.#query(`set local lock_timeout = ${lockWaitMs}`)
    try {
      await this.#query(`lock table ${quotedList(tables)} in access exclusive mode`)
    } catch (error) {
      throw new Error(
        `The target is in use (${messageOf(error)}). Stop whatever is connected to it, then move again.`,
      )
    }
  }

  /** Makes room for the rows of the source, which hold the built-in ones under the ids that are referred to. */
  async removeSeeds(tables: readonly MovedTable[]): Promise<void> {
    for (const { name, columns } of tables.toReversed()) {
      if (columns.some(column => column.name === seedFlag))
        await this.#query(`delete from ${quoted(name)} where ${seedFlag}`)
    }
  }

  async insert({ name, columns }: MovedTable, rows: readonly MovedRow[]): Promise<void> {
    const arrays = columns.map(({ type }, position) => `$${position + 1}::${type}[]`)
    await this.#query({
      text: `insert into ${quoted(name)} (${quotedList(columns.map(column => column.name))})
        overriding system value select * from unnest(${arrays.join(', ')})`,
      values: columns.map((_, position) => rows.map(row => row[position])),
    })
  }

  /** Part of the transaction, unlike `setval`: a move that fails changes no counter either. */
  async countOnFrom(table: string, column: string, highest: number): Promise<void> {
    await this.#query(
      `alter table ${quoted(table)} alter column ${quoted(column)} restart with ${highest + 1}`,
    )
  }

  /** The rows in the order of the key, as they stand in the target. */
  async *pages({ name, columns, key }: MovedTable, pageRows: number): AsyncGenerator<MovedRow[]> {
    await this.#query(
      `declare moved no scroll cursor for select ${quotedList(columns.map(({ name }: MovedColumn) => name))}
       from ${quoted(name)} order by ${quotedList(key)}`,
    )
    const nextPage = () => this.#query<MovedRow[]>({ text: `fetch ${pageRows} from moved`, rowMode: 'array' })
    // The next page is on its way while the caller works on this one.
    let coming = nextPage()
    for (;;) {
      const { rows } = await coming
      if (rows.length === 0) break
      coming = nextPage()
      // A caller that stops early does not await this page: its failure must not count as an unhandled rejection.
      coming.catch(() => {})
      yield rows as unknown as MovedRow[]
    }
    await this.#query('close moved')
  }

  /** Without statistics the first sign-ins would read whole tables. */
  async analyse(tables: readonly string[]): Promise<void> {
    await this.#query(`analyze ${quotedList(tables)}`)
  }

  async commit(): Promise<void> {
    try {
      await this.#query('commit')
    } catch (error) {
      throw new Error(
        `The connection to the target was lost at the very end (${messageOf(error)}). Move again: if everything is there already, that is refused because the target holds rows.`,
      )
    }
  }

  /** Without a commit before it nothing of the move remains. */
  async close(): Promise<void> {
    this.#client.release(true)
    await this.#pool.end()
  }

  async #rows<Row extends object>(text: string): Promise<Row[]> {
    return (await this.#query<Row>(text)).rows
  }

  async #query<Row extends object>(
    statement: string | pg.QueryConfig | pg.QueryArrayConfig,
  ): Promise<pg.QueryResult<Row>> {
    try {
      return await this.#client.query<Row>(statement)
    } catch (error) {
      throw this.#loss ?? error
    }
  }
}

export const messageOf = (error: unknown): string => {
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ')
  return error instanceof Error ? error.message : String(error)
}
