import type { Algorithm } from '@propusk/gate'
import type { Selectable } from 'kysely'
import type { KeyId } from '../kernel/index.ts'
import { takeTurn } from '../leases/index.ts'
import type { Handle, SigningKeysTable } from '../store/index.ts'
import type { KeyStore } from './key-store.ts'
import type { PublishedJwk, SigningKey } from './signing-key.ts'

export const sqlKeyStore = (db: Handle): KeyStore => ({
  async list() {
    const rows = await db
      .selectFrom('signing_keys')
      .selectAll()
      .orderBy('created_at')
      .orderBy('kid')
      .execute()
    return rows.map(toKey)
  },
  async lockAll() {
    // Before the first key there is none that could be locked.
    await takeTurn(db, 'signing_keys')
    return await this.list()
  },
  async add(key) {
    await db
      .insertInto('signing_keys')
      .values({
        kid: key.kid,
        algorithm: key.algorithm,
        public_jwk: JSON.stringify(key.publicJwk),
        private_sealed: key.privateSealed,
        created_at: key.createdAtMs,
        retired_at: key.retiredAtMs,
      })
      .execute()
  },
  async retireOthers(kid, nowMs) {
    const rows = await db
      .updateTable('signing_keys')
      .set({ retired_at: nowMs })
      .where('kid', '!=', kid)
      .where('retired_at', 'is', null)
      .returningAll()
      .execute()
    return rows.map(toKey)
  },
  async deleteRetiredBefore(atMs) {
    const result = await db.deleteFrom('signing_keys').where('retired_at', '<=', atMs).executeTakeFirst()
    return Number(result.numDeletedRows)
  },
})

const toKey = (row: Selectable<SigningKeysTable>): SigningKey => ({
  kid: row.kid as KeyId,
  algorithm: row.algorithm as Algorithm,
  publicJwk: JSON.parse(row.public_jwk) as PublishedJwk,
  privateSealed: row.private_sealed,
  createdAtMs: row.created_at,
  retiredAtMs: row.retired_at,
})
