import { createHash } from 'node:crypto'
import type { Compilable } from 'kysely'
import type { Engine, Handle } from './database.ts'

/** Runs prepared statements on one connection, past the query builder. */
export interface Executor {
  readonly engine: Engine
  /** No promise from an engine in this process: the answer is there at once. */
  run(query: PreparedSql, bindings: readonly unknown[]): Promise<unknown[]> | unknown[]
}

interface PreparedSql {
  /** Follows from the text, in every process: PostgreSQL keeps the prepared statement under it (ADR 34). */
  readonly name: string
  readonly sql: string
  /** It gives one row at most, so no second one is fetched. */
  readonly isSingle: boolean
}

interface Prepared extends PreparedSql {
  /** For each binding of the text: the name of a parameter, or a constant of the query. */
  readonly bindings: readonly { readonly parameter: string | undefined; readonly constant: unknown }[]
}

/** The executor of each handle. A handle without one compiles the query anew. */
const executors = new WeakMap<Handle, Executor>()

export function executeWith(handle: Handle, executor: Executor): Handle {
  executors.set(handle, executor)
  return handle
}

/** Stands for a parameter while the text is made. No value of ours is one. */
class Placeholder {
  readonly parameter: string
  constructor(parameter: string) {
    this.parameter = parameter
  }
}

const placeholders = new Proxy(
  {},
  {
    get: (_, name) => new Placeholder(String(name)),
    ownKeys: () => {
      throw new TypeError('The parameters of a prepared query are named one by one, not spread')
    },
  },
)

/** No parameters, or one object that names them: neighbours of one type cannot be swapped. */
type Parameters = readonly [] | readonly [Readonly<Record<string, unknown>>]

type Build<P extends Parameters, Row> = (db: Handle, ...parameters: P) => Compilable<Row>

/**
 * A query that runs thousands of times a second: written like any other, turned into text once for each engine, and
 * then run as a prepared statement on the connection itself. To build and compile it each time costs ten times what
 * SQLite takes to answer. Its shape must not depend on the parameters: they stand where values stand, and nowhere else.
 */
export const preparedQuery = <P extends Parameters, Row>(
  build: Build<P, Row>,
): ((db: Handle, ...parameters: P) => Promise<Row[]>) => prepare(build, false)

/** The same for a query that reads one row at most, by a key. */
export function preparedRow<P extends Parameters, Row>(
  build: Build<P, Row>,
): (db: Handle, ...parameters: P) => Promise<Row | undefined> {
  const find = prepare(build, true)
  return async (db, ...parameters) => (await find(db, ...parameters))[0]
}

const nameOf = (sql: string): string => `hot_${createHash('sha256').update(sql).digest('hex').slice(0, 32)}`

function bind({ bindings }: Prepared, named: Readonly<Record<string, unknown>> | undefined): unknown[] {
  const values = new Array<unknown>(bindings.length)
  for (let index = 0; index < bindings.length; index++) {
    const { parameter, constant } = bindings[index]!
    values[index] = parameter === undefined ? constant : named![parameter]
  }
  return values
}

function prepare<P extends Parameters, Row>(
  build: Build<P, Row>,
  isSingle: boolean,
): (db: Handle, ...parameters: P) => Promise<Row[]> {
  const known: Partial<Record<Engine, Prepared>> = {}

  const compile = (db: Handle): Prepared => {
    const { sql, parameters } = build(db, ...([placeholders] as unknown as P)).compile()
    const bindings = parameters.map(value =>
      value instanceof Placeholder
        ? { parameter: value.parameter, constant: undefined }
        : { parameter: undefined, constant: value },
    )
    return { name: nameOf(sql), sql, isSingle, bindings }
  }

  const remember = (engine: Engine, prepared: Prepared): Prepared => {
    known[engine] = prepared
    return prepared
  }

  return async (db, ...parameters) => {
    const executor = executors.get(db)
    if (executor === undefined) return (await db.executeQuery<Row>(build(db, ...parameters).compile())).rows
    const prepared = known[executor.engine] ?? remember(executor.engine, compile(db))
    const rows = executor.run(prepared, bind(prepared, parameters[0]))
    return (rows instanceof Promise ? await rows : rows) as Row[]
  }
}
