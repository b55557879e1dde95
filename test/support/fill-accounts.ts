import { randomUUID } from 'node:crypto'
import type { DatabaseSync } from 'node:sqlite'

const dayMs = 86_400_000
/** The form of a hash and nothing that opens it: making a million real ones would take a day. */
const noPassword = `$argon2id$v=19$m=19456,t=2,p=1$${'a'.repeat(22)}$${'b'.repeat(43)}`

/**
 * Puts so many accounts into a migrated SQLite database that no server has open, each with an event of the
 * audit, and every `signedInEvery`th with a session and its refresh token.
 */
export function fillAccounts(database: DatabaseSync, count: number, nowMs: number, signedInEvery = 1): void {
  const user =
    database.prepare(`insert into users (email, password, first_name, last_name, is_active, is_staff,
    is_superuser, date_joined, updated_at, search_text) values (?, ?, ?, 'Пример', 1, 0, 0, ?, ?, ?) returning id`)
  const session = database.prepare(`insert into sessions (uuid, user_id, ip_address, user_agent, created_at,
    last_used_at, expires_at, is_active) values (?, ?, '192.0.2.1', 'Mozilla/5.0', ?, ?, ?, 1) returning id`)
  const token = database.prepare(`insert into refresh_tokens (jti, session_id, user_id, issued_at, expires_at,
    is_revoked, user_agent) values (?, ?, ?, ?, ?, 0, 'Mozilla/5.0')`)
  const event = database.prepare(`insert into audit_events (at, actor, action, target, outcome, ip_address,
    user_agent, details) values (?, ?, 'user.register', ?, 'success', '192.0.2.1', 'Mozilla/5.0', '{}')`)
  const endMs = nowMs + dayMs
  database.exec('begin')
  for (let number = 0; number < count; number++) {
    const email = `filled-${number}@example.org`
    const userId = Number(user.get(email, noPassword, `Name ${number}`, nowMs, nowMs, email)?.id)
    event.run(nowMs, userId, `user:${userId}`)
    if (number % signedInEvery !== 0) continue
    const sessionId = Number(session.get(randomUUID(), userId, nowMs, nowMs, endMs)?.id)
    token.run(randomUUID(), sessionId, userId, nowMs, endMs)
  }
  database.exec('commit')
}
