import { createHash } from 'node:crypto'
import type { Compilable } from 'kysely'
import type { Engine, Handle } from './database.ts'

/** What a statement is run with once the query builder has had its say. */
export interface Runner {
  readonly engine: Engine
  /** No promise from an engine in this process: the answer is there at once. */
  run(query: HotText, parameters: readonly unknown[]): Promise<unknown[]> | unknown[]
}

export interface HotText {
  /** Follows from the text, in every process: what PostgreSQL keeps the prepared statement under. */
  readonly name: string
  readonly sql: string
  /** It gives one row at most, so no second one is fetched. */
  readonly isSingle: boolean
}

interface Hot extends HotText {
  /** For each parameter of the text: its value among the arguments, or a constant of the query. */
  readonly places: readonly ((args: readonly unknown[]) => unknown)[]
}

/** The runner of each handle; a handle without one takes the long way round. */
const runners = new WeakMap<Handle, Runner>()

export function runWith(handle: Handle, runner: Runner): Handle {
  runners.set(handle, runner)
  return handle
}

/** Stands for an argument while the text is made. No value of ours is one. */
class Argument {
  readonly valueIn: (args: readonly unknown[]) => unknown
  constructor(valueIn: (args: readonly unknown[]) => unknown) {
    this.valueIn = valueIn
  }
}

const isNamed = (arg: unknown): boolean =>
  typeof arg === 'object' && arg !== null && Object.getPrototypeOf(arg) === Object.prototype

/** For one value, or for an object whose members are values: a query of many parameters takes them by their names. */
const standInFor = (arg: unknown, index: number): unknown =>
  isNamed(arg)
    ? new Proxy(
        {},
        { get: (_, name) => new Argument(args => (args[index] as Record<PropertyKey, unknown>)[name]) },
      )
    : new Argument(args => args[index])

type Build<Args extends readonly unknown[], Row> = (db: Handle, ...args: Args) => Compilable<Row>

/**
 * A query that runs thousands of times a second: written like any other, turned into text once for each engine, and
 * then run as a prepared statement on the connection itself. To build and compile it each time costs ten times what
 * SQLite takes to answer. Its shape must not depend on the arguments: they stand where values stand, and nowhere else.
 * A query of more than three takes one object of them: neighbours of one type cannot be swapped.
 */
export const hotQuery = <Args extends readonly unknown[], Row>(
  build: Build<Args, Row>,
): ((db: Handle, ...args: Args) => Promise<Row[]>) => hot(build, false)

/** The same for a query that reads one row at most, by a key. */
export function hotRow<Args extends readonly unknown[], Row>(
  build: Build<Args, Row>,
): (db: Handle, ...args: Args) => Promise<Row | undefined> {
  const find = hot(build, true)
  return async (db, ...args) => (await find(db, ...args))[0]
}

const nameOf = (sql: string): string => `hot_${createHash('sha256').update(sql).digest('hex').slice(0, 32)}`

function hot<Args extends readonly unknown[], Row>(
  build: Build<Args, Row>,
  isSingle: boolean,
): (db: Handle, ...args: Args) => Promise<Row[]> {
  const known: Partial<Record<Engine, Hot>> = {}

  const compile = (db: Handle, args: Args): Hot => {
    const standIns = args.map(standInFor)
    const { sql, parameters } = build(db, ...(standIns as unknown as Args)).compile()
    const places = parameters.map(value => (value instanceof Argument ? value.valueIn : () => value))
    return { name: nameOf(sql), sql, isSingle, places }
  }

  const remember = (engine: Engine, hot: Hot): Hot => {
    known[engine] = hot
    return hot
  }

  return async (db, ...args) => {
    const runner = runners.get(db)
    if (runner === undefined) return (await db.executeQuery<Row>(build(db, ...args).compile())).rows
    const hot = known[runner.engine] ?? remember(runner.engine, compile(db, args))
    const parameters = hot.places.map(valueIn => valueIn(args))
    const rows = runner.run(hot, parameters)
    return (rows instanceof Promise ? await rows : rows) as Row[]
  }
}
