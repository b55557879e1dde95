import type { Algorithm } from '@propusk/gate/core'
import type { Selectable } from 'kysely'
import type { EpochMs, KeyId } from '../kernel/index.ts'
import { lockRow } from '../leases/index.ts'
import type { Handle, SigningKeysTable } from '../store/index.ts'
import { inOrder, type PublishedJwk, type SigningKey } from './signing-key.ts'
export type KeyFields = Pick<
  SigningKey,
  'sequence' | 'state' | 'signsAtMs' | 'retiredAtMs' | 'publishedUntilMs'
>

export type KeyStore = ReturnType<typeof sqlKeyStore>

export const sqlKeyStore = (db: Handle) => ({
  /** Every key, published or not, in their order. */
  async list(): Promise<readonly SigningKey[]> {
    return await listKeys(db)
  },

  /** The same, locked until the transaction ends: of two nodes that want to rotate, the second sees what the first made. */
  async lockAll(): Promise<readonly SigningKey[]> {
    // Before the first key there is none that could be locked.
    await lockRow(db, 'signing_keys')
    return await listKeys(db)
  },

  async add(key: SigningKey): Promise<void> {
    await db
      .insertInto('signing_keys')
      .values({
        kid: key.kid,
        algorithm: key.algorithm,
        public_jwk: JSON.stringify(key.publicJwk),
        private_sealed: key.privateEncrypted,
        created_at: key.createdAtMs,
        retired_at: key.retiredAtMs,
        sequence: key.sequence,
        state: key.state,
        signs_at: key.signsAtMs,
        published_until: key.publishedUntilMs,
      })
      .execute()
  },

  async update(kid: string, fields: Partial<KeyFields>): Promise<void> {
    const { sequence, state, signsAtMs, retiredAtMs, publishedUntilMs } = fields
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

  /** Keeps a retired key published until then; does nothing where it stays longer already. */
  async prolong(kid: string, publishedUntilMs: EpochMs): Promise<void> {
    await db
      .updateTable('signing_keys')
      .set({ published_until: publishedUntilMs })
      .where('kid', '=', kid)
      .where('published_until', '<', publishedUntilMs)
      .execute()
  },

  /**
   * When the last of the live sessions ends: nothing that any key has signed lives longer. Given instants, of those
   * that began between them.
   */
  async lastSessionEnd(begun?: {
    readonly fromMs: EpochMs
    readonly toMs: EpochMs
  }): Promise<EpochMs | undefined> {
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

  /** Removes keys that left the key set at or before this instant. */
  async deletePublishedUntil(atMs: EpochMs): Promise<number> {
    const result = await db.deleteFrom('signing_keys').where('published_until', '<=', atMs).executeTakeFirst()
    return Number(result.numDeletedRows)
  },
})

async function listKeys(db: Handle): Promise<readonly SigningKey[]> {
  const rows = await db.selectFrom('signing_keys').selectAll().execute()
  return inOrder(rows.map(toKey))
}

/** The schema of a backup may be older than this program: it has no columns for what is filled in later. */
const toKey = (row: Selectable<SigningKeysTable>): SigningKey => ({
  kid: row.kid as KeyId,
  algorithm: row.algorithm as Algorithm,
  publicJwk: JSON.parse(row.public_jwk) as PublishedJwk,
  privateEncrypted: row.private_sealed,
  createdAtMs: row.created_at,
  sequence: row.sequence ?? null,
  state: row.state ?? null,
  signsAtMs: row.signs_at ?? null,
  retiredAtMs: row.retired_at,
  publishedUntilMs: row.published_until ?? null,
})
