import { sql } from 'kysely'
import type { Migration } from './migration.ts'

/**
 * Finds the hashes that are not of our own form, and their cost, among any number of accounts: where all are ours the
 * index is empty. On PostgreSQL sign-ins wait while it is made: a second for a million accounts.
 */
export const foreignPasswords: Migration = {
  name: '0013_foreign_passwords',
  expands: true,
  async up(trx) {
    await sql
      .raw(`create index users__foreign_password__index on users (password)
where substr(password, 1, 30) <> '$argon2id$v=19$m=19456,t=2,p=1'`)
      .execute(trx)
  },
}
