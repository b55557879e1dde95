import type { Algorithm } from '@propusk/gate'
import type { Selectable } from 'kysely'
import type { KeyId } from '../kernel/index.ts'
import { takeTurn } from '../leases/index.ts'
import type { Handle, SigningKeysTable } from '../store/index.ts'
import type { KeyStore } from './key-store.ts'
import { inOrder, type PublishedJwk, type SigningKey } from './signing-key.ts'

export const sqlKeyStore = (db: Handle): KeyStore => ({
  async list() {
    const rows = await db.selectFrom('signing_keys').selectAll().execute()
    return inOrder(rows.map(toKey))
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
        sequence: key.sequence,
        state: key.state,
        signs_at: key.signsAtMs,
        published_until: key.publishedUntilMs,
      })
      .execute()
  },
  async update(kid, { sequence, state, signsAtMs, retiredAtMs, publishedUntilMs }) {
    await db
      .updateTable('signing_keys')
      .set({
        ...(sequence !== undefined && { sequence }),
        ...(state !== undefined && { state }),
        ...(signsAtMs !== undefined && { signs_at: signsAtMs }),
        ...(retiredAtMs !== undefined && { retired_at: retiredAtMs }),
        ...(publishedUntilMs !== undefined && { published_until: publishedUntilMs }),
      })
      .where('kid', '=', kid)
      .execute()
  },
  async prolong(kid, publishedUntilMs) {
    await db
      .updateTable('signing_keys')
      .set({ published_until: publishedUntilMs })
      .where('kid', '=', kid)
      .where('published_until', '<', publishedUntilMs)
      .execute()
  },
  async lastSessionEnd(begun) {
    const row = await db
      .selectFrom('sessions')
      .select(({ fn }) => fn.max('expires_at').as('at'))
      .where('is_active', '=', true)
      .$if(begun !== undefined, q =>
        q.where('created_at', '>=', begun!.fromMs).where('created_at', '<=', begun!.toMs),
      )
      .executeTakeFirst()
    return row?.at ?? undefined
  },
  async deletePublishedUntil(atMs) {
    const result = await db.deleteFrom('signing_keys').where('published_until', '<=', atMs).executeTakeFirst()
    return Number(result.numDeletedRows)
  },
})

/** The schema of a backup may be older than this program: it has no columns for what is filled in later. */
const toKey = (row: Selectable<SigningKeysTable>): SigningKey => ({
  kid: row.kid as KeyId,
  algorithm: row.algorithm as Algorithm,
  publicJwk: JSON.parse(row.public_jwk) as PublishedJwk,
  privateSealed: row.private_sealed,
  createdAtMs: row.created_at,
  sequence: row.sequence ?? null,
  state: row.state ?? null,
  signsAtMs: row.signs_at ?? null,
  retiredAtMs: row.retired_at,
  publishedUntilMs: row.published_until ?? null,
})
