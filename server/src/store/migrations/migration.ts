import type { Kysely } from 'kysely'
import type { Engine } from '../database.ts'

/** A migration knows the tables as they were in its day, never `Tables` as it is now. */
export type MigrationHandle = Kysely<Record<string, Record<string, unknown>>>

/** Forward only, and never edited once released. */
export interface Migration {
  /** `0007_add_refresh_family`: applied in the order of these names. */
  readonly name: string
  /**
   * Whether a program that does not know this migration can go on with the tables as it leaves them. INVARIANT: true
   * only of one that adds and takes nothing away (docs/adr/0017-expand-then-contract.md; a test judges the schema).
   * It is stored with the name, for programs that were released before.
   */
  readonly expands: boolean
  up(trx: MigrationHandle, engine: Engine): Promise<void>
}
