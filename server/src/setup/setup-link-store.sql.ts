import type { EpochMs } from '../kernel/index.ts'
import { lockRow } from '../leases/index.ts'
import type { Handle } from '../store/index.ts'

export interface SetupLink {
  /** The token itself is stored nowhere. */
  readonly tokenHash: string
  /** The server that printed it, by a name that it has after a restart as well. */
  readonly printedBy: string
  readonly expiresAtMs: EpochMs
}

export type SetupLinkStore = ReturnType<typeof setupLinkStore>

/** The links by which the first superuser is made. */
export const setupLinkStore = (db: Handle) => {
  const superusers = db.selectFrom('users').select('id').where('is_superuser', '=', true)
  const hasSuperuser = async () => (await superusers.limit(1).executeTakeFirst()) !== undefined

  return {
    /** Deactivated ones count: once there was a superuser, the setup is over for good. */
    hasSuperuser,

    /**
     * Stores a link in the place of those that the same server printed before, and of expired ones; false when there is
     * a superuser. In a transaction.
     */
    async print({ tokenHash, printedBy, expiresAtMs }: SetupLink, nowMs: EpochMs): Promise<boolean> {
      await lockRow(db, 'setup')
      if (await hasSuperuser()) return false
      await db
        .deleteFrom('setup_links')
        .where(eb => eb.or([eb('printed_by', '=', printedBy), eb('expires_at', '<=', nowMs)]))
        .execute()
      await db
        .insertInto('setup_links')
        .values({ token_hash: tokenHash, printed_by: printedBy, expires_at: expiresAtMs })
        .execute()
      return true
    },

    /** Whether `consume` would take it now. */
    async isUsable(tokenHash: string, nowMs: EpochMs): Promise<boolean> {
      const row = await db
        .selectFrom('setup_links')
        .select('token_hash')
        .where('token_hash', '=', tokenHash)
        .where('expires_at', '>', nowMs)
        .where(eb => eb.not(eb.exists(superusers)))
        .executeTakeFirst()
      return row !== undefined
    },

    /**
     * Uses a link up, and every other with it; false when it is unknown, used, expired, or there is a superuser. In the
     * transaction that makes the first one. INVARIANT: of any number of callers, on any nodes and with any links, at
     * most one whose transaction commits is told true.
     */
    async consume(tokenHash: string, nowMs: EpochMs): Promise<boolean> {
      // Two links are two rows: without the turn each of them could make a superuser while the other does.
      await lockRow(db, 'setup')
      const row = await db
        .deleteFrom('setup_links')
        .where('token_hash', '=', tokenHash)
        .where('expires_at', '>', nowMs)
        .where(eb => eb.not(eb.exists(superusers)))
        .returning('token_hash')
        .executeTakeFirst()
      if (row === undefined) return false
      await db.deleteFrom('setup_links').execute()
      return true
    },

    async remove(tokenHash: string): Promise<void> {
      await db.deleteFrom('setup_links').where('token_hash', '=', tokenHash).execute()
    },
  }
}
