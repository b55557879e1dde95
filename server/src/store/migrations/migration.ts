import type { Kysely } from 'kysely'
import type { Engine } from '../database.ts'

/** A migration knows the tables as they were in its day, never `Tables` as it is now. */
export type MigrationHandle = Kysely<Record<string, Record<string, unknown>>>

/** Forward only, and never edited once released. */
export interface Migration {
  /** `0007_add_refresh_family`: applied in the order of these names. */
  readonly name: string
  up(trx: MigrationHandle, engine: Engine): Promise<void>
}
