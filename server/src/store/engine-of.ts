import { SqliteAdapter } from 'kysely'
import type { Engine, Handle } from './database.ts'

/** For the few statements that the two engines have no common words for. */
export const engineOf = (handle: Pick<Handle, 'getExecutor'>): Engine =>
  handle.getExecutor().adapter instanceof SqliteAdapter ? 'sqlite' : 'postgres'
