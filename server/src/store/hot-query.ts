import type { Compilable } from 'kysely'
import type { Engine, Handle } from './database.ts'

/** What a statement is run with once the query builder has had its say. */
export interface Runner {
  readonly engine: Engine
  run(query: HotText, parameters: readonly unknown[]): Promise<unknown[]>
}

export interface HotText {
  /** The same on every connection: what PostgreSQL keeps the prepared statement under. */
  readonly name: string
  readonly sql: string
}

interface Hot extends HotText {
  /** For each parameter of the text: the argument that it stands for, or a constant of the query. */
  readonly places: readonly { readonly argument?: number; readonly constant?: unknown }[]
}

/** The runner of each handle; a handle without one takes the long way round. */
const runners = new WeakMap<Handle, Runner>()

export function runWith(handle: Handle, runner: Runner): Handle {
  runners.set(handle, runner)
  return handle
}

/** Stands for an argument while the text is made. No value of ours is one. */
class Argument {
  readonly index: number
  constructor(index: number) {
    this.index = index
  }
}

let queries = 0

/**
 * A query that runs thousands of times a second: written like any other, turned into text once for each engine, and
 * then run as a prepared statement on the connection itself. To build and compile it each time costs ten times what
 * SQLite takes to answer. Its shape must not depend on the arguments: they stand where values stand, and nowhere else.
 */
export function hotQuery<Args extends readonly unknown[], Row>(
  build: (db: Handle, ...args: Args) => Compilable<Row>,
): (db: Handle, ...args: Args) => Promise<Row[]> {
  const name = `hot_${++queries}`
  const known: Partial<Record<Engine, Hot>> = {}

  const compile = (db: Handle): Hot => {
    const standIns = Array.from({ length: build.length - 1 }, (_, index) => new Argument(index))
    const { sql, parameters } = build(db, ...(standIns as unknown as Args)).compile()
    const places = parameters.map(value =>
      value instanceof Argument ? { argument: value.index } : { constant: value },
    )
    return { name, sql, places }
  }

  const remember = (engine: Engine, hot: Hot): Hot => {
    known[engine] = hot
    return hot
  }

  return async (db, ...args) => {
    const runner = runners.get(db)
    if (runner === undefined) return (await db.executeQuery<Row>(build(db, ...args).compile())).rows
    const hot = known[runner.engine] ?? remember(runner.engine, compile(db))
    const parameters = hot.places.map(({ argument, constant }) =>
      argument === undefined ? constant : args[argument],
    )
    return (await runner.run(hot, parameters)) as Row[]
  }
}
