import { sql } from 'kysely'
import type { Handle } from '../store/index.ts'

/** The very condition of `users__foreign_password__index` (migration 0013), or the index does not serve. */
const isForeign = sql<boolean>`substr(password, 1, 30) <> '$argon2id$v=19$m=19456,t=2,p=1'`

/** How the forms begin that we can check (password-argon2.ts, django-hash.ts). */
const forms = ['$argon2', 'argon2$', 'pbkdf2_sha256$']

/** What stands before the salt: with these parameters a hash of one form costs the same, whosever it is. */
const costPrefix = /^(?:pbkdf2_sha256\$\d+|(?:argon2)?\$argon2id?\$v=\d+\$m=\d+,t=\d+,p=\d+)\$/

/** A handful in practice; a table full of malformed hashes must not be read row by row. */
const mostKinds = 200

/**
 * One stored hash of each form and cost that are not ours. The index is searched once for each kind, and all others of
 * the kind are passed over: it takes as long among a million imported accounts as among ten.
 */
export async function listForeignHashes(db: Handle): Promise<readonly string[]> {
  const found: string[] = []
  for (const form of forms) {
    let from = form
    while (found.length < mostKinds) {
      const row = await db
        .selectFrom('users')
        .select('password')
        .where(isForeign)
        .where('password', '>=', from)
        // Above every character of a hash.
        .where('password', '<', `${form}~`)
        .orderBy('password')
        .limit(1)
        .executeTakeFirst()
      if (row === undefined) break
      found.push(row.password)
      from = beyondKind(row.password)
    }
  }
  return found
}

/** The first text behind all hashes of this kind: `%` comes right after the `$` that ends the parameters. */
function beyondKind(stored: string): string {
  const [prefix] = costPrefix.exec(stored) ?? []
  return prefix === undefined ? `${stored} ` : `${prefix.slice(0, -1)}%`
}
