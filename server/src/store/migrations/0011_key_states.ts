import { sql } from 'kysely'
import type { Migration } from './migration.ts'
import { wordsOf } from './words.ts'

/**
 * The order of the signing keys, what each does, and until when it stays published. All may be null: release 0.1.0 makes
 * keys without them, and a later node fills them in (docs/adr/0029-signing-keys.md).
 */
export const keyStates: Migration = {
  name: '0011_key_states',
  expands: true,
  async up(trx, engine) {
    const { int, text } = wordsOf[engine]
    for (const column of [`sequence ${int}`, `state ${text}`, `signs_at ${int}`, `published_until ${int}`]) {
      await sql.raw(`alter table signing_keys add column ${column}`).execute(trx)
    }
  },
}
