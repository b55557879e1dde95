import type { Handle } from '../store/index.ts'
import type { Session } from './session.ts'

/** So many sessions are looked at: the cost of a sign-in does not grow with an account's past. */
const lookedAt = 100

/**
 * The user agents of the newest sessions that this account had before this one, ended ones too. Null for a session whose
 * origin is no longer kept.
 */
export async function userAgentsBefore(
  db: Handle,
  { id, userId }: Pick<Session, 'id' | 'userId'>,
): Promise<readonly (string | null)[]> {
  const rows = await db
    .selectFrom('sessions')
    .select(['user_agent', 'ip_address'])
    .where('user_id', '=', userId)
    .where('id', '<', id)
    .orderBy('id', 'desc')
    .limit(lookedAt)
    .execute()
  return rows.map(({ user_agent, ip_address }) => (ip_address === '' ? null : user_agent))
}
