import assert from 'node:assert/strict'
import { sql } from 'kysely'
import type { Handle } from '../../server/src/store/index.ts'
import type { Account, SessionPicture } from './account.ts'

/** Few at a time: the number of bound values is limited on both engines. */
const idsAtOnce = 200
/** The ledger forgets after the life of an access token; until then it must hold every ending. */
const ledgerMs = 300_000

/**
 * The pictures of these accounts as the database shows them. Throws when one is half made: a session without its
 * tokens, its birth in the audit or its end in the ledger, two lines of tokens, a chain with a hole.
 */
export async function readAccounts(
  read: Handle,
  ids: readonly number[],
  nowMs: number,
): Promise<Map<number, Account>> {
  const accounts = new Map<number, Account>()
  for (let start = 0; start < ids.length; start += idsAtOnce) {
    const rows = await readRows(read, ids.slice(start, start + idsAtOnce))
    for (const user of rows.users) accounts.set(user.id, picture(rows, user.id, nowMs))
  }
  return accounts
}

type Rows = Awaited<ReturnType<typeof readRows>>
type Session = Rows['sessions'][number]

async function readRows(read: Handle, ids: readonly number[]) {
  const [users, roles, sessions, tokens] = await Promise.all([
    read.selectFrom('users').selectAll().where('id', 'in', ids).execute(),
    read
      .selectFrom('user_roles as u')
      .innerJoin('roles as r', 'r.id', 'u.role_id')
      .select(['u.user_id', 'r.code_name'])
      .where('u.user_id', 'in', ids)
      .orderBy('r.code_name')
      .execute(),
    read.selectFrom('sessions').selectAll().where('user_id', 'in', ids).execute(),
    read
      .selectFrom('refresh_tokens as t')
      .innerJoin('sessions as s', 's.id', 't.session_id')
      .select(['t.jti', 't.session_id', 't.user_id', 't.spent_at', 't.successor_jti', 't.is_revoked'])
      .where('s.user_id', 'in', ids)
      .execute(),
  ])
  const [events, changes] = await Promise.all([readEvents(read, ids), readChanges(read, ids)])
  return { users, roles, sessions, tokens: Map.groupBy(tokens, token => token.session_id), events, changes }
}

/** Everything that the audit says of the accounts, and of their sessions under the uuid rather than the id. */
async function readEvents(read: Handle, ids: readonly number[]) {
  const ofUsers = await read
    .selectFrom('audit_events as e')
    .innerJoin('users as u', join => join.on('e.target', '=', sql<string>`'users/' || u.id`))
    .select(['u.id as user_id', 'e.action', 'e.target', 'e.details'])
    .where('u.id', 'in', ids)
    .execute()
  const ofSessions = await read
    .selectFrom('audit_events as e')
    .innerJoin('sessions as s', join => join.on('e.target', '=', sql<string>`'sessions/' || s.id`))
    .select(['s.user_id', 'e.action', sql<string>`'sessions/' || s.uuid`.as('target'), 'e.details'])
    .where('s.user_id', 'in', ids)
    .execute()
  return Map.groupBy([...ofUsers, ...ofSessions], event => event.user_id)
}

/** What was sent to the gates, as `kind uuid` or `kind user`. */
async function readChanges(read: Handle, ids: readonly number[]) {
  const rows = await read
    .selectFrom('changes as c')
    .leftJoin('sessions as s', 's.uuid', 'c.session_uuid')
    .select(['c.kind', 'c.session_uuid', 'c.user_id'])
    .where(where => where.or([where('c.user_id', 'in', ids), where('s.user_id', 'in', ids)]))
    .execute()
  return new Set(rows.map(row => `${row.kind} ${row.session_uuid ?? row.user_id}`))
}

function picture(rows: Rows, id: number, nowMs: number): Account {
  const user = rows.users.find(row => row.id === id)!
  const events = rows.events.get(id) ?? []
  const sessions = rows.sessions.filter(session => session.user_id === id)
  const births = events.filter(({ action }) => ['user.register', 'user.login'].includes(action))
  assert.deepEqual(
    births.map(birth => JSON.parse(birth.details).session_id).sort((a, b) => a - b),
    sessions.map(session => session.id).sort((a, b) => a - b),
    `${user.email}: sessions and their births in the audit`,
  )
  for (const session of sessions) assertAnnounced(rows, session, nowMs)
  return {
    id,
    isActive: Boolean(user.is_active),
    roles: rows.roles.filter(role => role.user_id === id).map(role => role.code_name),
    sessions: Object.fromEntries(sessions.map(session => [session.uuid, sessionPicture(rows, session)])),
    // What was refused changed nothing, and is no act of the account's.
    events: events
      .filter(({ action }) => action !== 'user.login_failed')
      .map(({ action, target }) => `${action} ${target}`)
      .sort(),
  }
}

/** INVARIANT: the ledger has each ending in the transaction that ends. */
function assertAnnounced({ changes }: Rows, session: Session, nowMs: number): void {
  if (session.ended_at === null || session.ended_at < nowMs - ledgerMs) return
  const news = [`session_ended ${session.uuid}`, `user_logged_out ${session.user_id}`]
  assert.ok(
    news.some(change => changes.has(change)),
    `Session ${session.id} ended, and the ledger does not say so.`,
  )
}

/** INVARIANT: the tokens of a session form one chain; all but the last are consumed, and all are revoked once it is over. */
function sessionPicture({ tokens }: Rows, session: Session): SessionPicture {
  const own = tokens.get(session.id) ?? []
  const where = `session ${session.id}`
  const unconsumed = own.filter(token => token.spent_at === null)
  assert.equal(unconsumed.length, 1, `${where}: tokens that are not spent`)
  const nextIds = own.flatMap(token => token.successor_jti ?? [])
  const known = new Set(own.map(token => token.jti))
  assert.equal(
    new Set(nextIds).size,
    own.length - 1,
    `${where}: every spent token has a successor of its own`,
  )
  assert.ok(
    nextIds.every(jti => known.has(jti)),
    `${where}: a successor is missing`,
  )
  const isOver = !session.is_active
  assert.ok(
    own.every(token => Boolean(token.is_revoked) === isOver),
    `${where}: revoked tokens`,
  )
  return { endReason: session.end_reason, tokens: own.length, newest: unconsumed[0]!.jti }
}
