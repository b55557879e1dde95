import { type Handle, hotQuery } from '../store/index.ts'
import type { KnownDevices } from './known-devices.ts'

/** The newest are enough, and a script that signs in every minute must not make every guess at its account slow. */
const mostSessions = 500

const originsOf = hotQuery((db, userId: number, sinceMs: number) =>
  db
    .selectFrom(
      db
        .selectFrom('sessions')
        .select(['ip_address', 'user_agent'])
        .where('user_id', '=', userId)
        .where('created_at', '>=', sinceMs)
        .orderBy('id', 'desc')
        .limit(mostSessions)
        .as('newest'),
    )
    .select(['ip_address', 'user_agent'])
    .distinct(),
)

export const sqlKnownDevices = (db: Handle): KnownDevices => ({
  async listOrigins(userId, sinceMs) {
    // No id is 0.
    const rows = await originsOf(db, userId ?? 0, sinceMs)
    return rows.map(row => ({ ipAddress: row.ip_address, userAgent: row.user_agent }))
  },
})
