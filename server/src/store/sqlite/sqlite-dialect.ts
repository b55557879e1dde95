import { type Dialect, type Driver, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely'

/** Kysely's SQLite with what its stock adapter leaves out. */
class NodeSqliteAdapter extends SqliteAdapter {
  /** A failing migration leaves nothing behind: SQLite rolls back DDL like any other change. */
  override get supportsTransactionalDdl(): boolean {
    return true
  }

  /** Our drivers order their callers themselves; Kysely's own lock on top would only cost time. */
  override get supportsMultipleConnections(): boolean {
    return true
  }
}

export const sqliteDialect = (driver: Driver): Dialect => ({
  createDriver: () => driver,
  createAdapter: () => new NodeSqliteAdapter(),
  createQueryCompiler: () => new SqliteQueryCompiler(),
  createIntrospector: db => new SqliteIntrospector(db),
})

/** No method streams: a cursor that stays open would hold back checkpoints. Read page by page. */
export const refuseStreaming = (): never => {
  throw new TypeError('Rows are not streamed; read them page by page')
}
