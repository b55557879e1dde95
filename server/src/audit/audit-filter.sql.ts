import { type RawBuilder, sql } from 'kysely'
import { containing, type Handle, searchUsers } from '../store/index.ts'
import { type AuditAction, type AuditFilter, type AuditKind, searchedEvents } from './audit-event.ts'

type Condition = RawBuilder<boolean>

/** ADR 51. What an event of the list has to fulfil, of `audit_events as e` and `users as u`, its actor. */
export async function conditionsOf(db: Handle, filter: AuditFilter): Promise<readonly Condition[]> {
  const exact = exactConditions(filter)
  if (filter.search === undefined) return exact
  const floor = await searchFloor(db, exact)
  return [...exact, ...(floor === undefined ? [] : [floor]), ...(await wordConditions(db, filter.search))]
}

const equal = (column: string, value: unknown): readonly Condition[] =>
  value === undefined ? [] : [sql<boolean>`${sql.ref(column)} = ${value}`]

/** Each is answered by an index that ends in the order of the list, but for the kinds, which are few events. */
const exactConditions = ({
  sinceMs,
  untilMs,
  outcome,
  kind,
  ...filter
}: AuditFilter): readonly Condition[] => [
  ...equal('e.actor', filter.actorId),
  ...equal('e.action', filter.action),
  ...equal('e.target', filter.target),
  ...equal('e.ip_address', filter.ipAddress),
  ...equal('e.outcome', outcome),
  // Said in the words of the partial index, or no engine takes it for a value that is bound.
  ...(outcome === undefined || outcome === 'success' ? [] : [sql<boolean>`e.outcome <> 'success'`]),
  ...(kind === undefined ? [] : [ofKind[kind]]),
  ...(sinceMs === undefined ? [] : [sql<boolean>`e.at >= ${sinceMs}`]),
  ...(untilMs === undefined ? [] : [sql<boolean>`e.at < ${untilMs}`]),
]

const among = (...actions: readonly AuditAction[]): Condition =>
  sql<boolean>`e.action in (${sql.join(actions)})`

/** Details are JSON: a quotation mark within a value is escaped, so no value reads like one of these keys. */
const hasDetail = (beginning: string): Condition => sql<boolean>`e.details like ${`%${beginning}%`}`

const roleChange = sql<boolean>`((${among('user.update')} and ${hasDetail('"roles":{"from":')})
  or (${among('user.create', 'invitation.accept')} and ${hasDetail('"roles":["')}))`

const flagChange = sql<boolean>`(${among('user.update')}
  and (${hasDetail('"is_superuser":{')} or ${hasDetail('"is_staff":{')}))`

const ofKind: Readonly<Record<AuditKind, Condition>> = {
  role_changes: roleChange,
  access_changes: sql<boolean>`(${roleChange} or ${flagChange} or ${among(
    ...(['user.setup', 'user.deactivate', 'user.reactivate', 'user.erase'] as const),
    ...(['role.create', 'role.update', 'role.delete'] as const),
    ...(['resource.update', 'resource.delete', 'action.update', 'action.delete'] as const),
    ...(['permission.create', 'permission.update', 'permission.delete'] as const),
    ...(['api_key.create', 'api_key.update', 'api_key.rotate', 'api_key.delete'] as const),
    ...(['forward_rule.create', 'forward_rule.update', 'forward_rule.delete'] as const),
  )})`,
  incidents: among('token.reuse', 'factor.cloned', 'throttle.wait', 'user.email_undo', 'mail.fail'),
}

/** The time of the first event that a search does not read any more; undefined where it reads all. */
async function searchFloor(db: Handle, exact: readonly Condition[]): Promise<Condition | undefined> {
  const row = await db
    .selectFrom('audit_events as e')
    .select('e.at')
    .$if(exact.length > 0, query => query.where(all(exact)))
    .orderBy('e.at', 'desc')
    .orderBy('e.id', 'desc')
    .offset(searchedEvents)
    .limit(1)
    .executeTakeFirst()
  return row && sql<boolean>`e.at > ${row.at}`
}

/** Beyond so many, further words find nothing that these would not. */
const mostWords = 6

const wordConditions = (db: Handle, search: string): Promise<readonly Condition[]> =>
  Promise.all(
    search
      .normalize('NFC')
      .split(/\s+/)
      .filter(word => word !== '')
      .slice(0, mostWords)
      .map(word => holds(db, word)),
  )

/** An event holds a word in its details, its address, its target, or in a name of its actor or of its target. */
async function holds(db: Handle, word: string): Promise<Condition> {
  const targets = await targetsNamed(db, word)
  return sql<boolean>`(${sql.join(
    [
      ...spellings(JSON.stringify(word).slice(1, -1)).map(part => like(sql`lower(e.details)`, part)),
      like(sql`e.target`, word.toLowerCase()),
      like(sql`e.ip_address`, word.toLowerCase()),
      containing(sql`u.search_text`, word),
      ...(targets.length === 0 ? [] : [sql<boolean>`e.target in (${sql.join(targets)})`]),
    ],
    sql` or `,
  )})`
}

const like = (column: RawBuilder<unknown>, part: string): Condition =>
  sql<boolean>`${column} like ${`%${part.replace(/[\\%_]/g, sign => `\\${sign}`)}%`} escape '\\'`

/**
 * SQLite, and PostgreSQL in the locale C, put only Latin letters into lower case. So other letters are looked for as they
 * were typed, in lower case, and with a capital in front.
 */
function spellings(word: string): readonly string[] {
  const lower = word.toLowerCase()
  const capital = lower.charAt(0).toUpperCase() + lower.slice(1)
  return [...new Set([lower, latinLower(word), latinLower(capital)])]
}

const latinLower = (word: string): string => word.replace(/[A-Z]/g, letter => letter.toLowerCase())

/** A word that so many are called by tells nothing of them. */
const mostTargets = 200

/** How the audit names what is called by the word now: people, roles, resources and actions. */
async function targetsNamed(db: Handle, word: string): Promise<readonly string[]> {
  const people = await searchUsers(db, word)
  const [users, entries] = await Promise.all([
    db
      .selectFrom('users')
      .select('id')
      .where(sql<boolean>`users.id in (${people.candidateIds}) and ${people.predicate}`)
      .limit(mostTargets)
      .execute(),
    Promise.all((['roles', 'resources', 'actions'] as const).map(table => entriesNamed(db, table, word))),
  ])
  return [...users.map(({ id }) => `users/${id}`), ...entries.flat()].slice(0, mostTargets)
}

async function entriesNamed(
  db: Handle,
  table: 'roles' | 'resources' | 'actions',
  word: string,
): Promise<readonly string[]> {
  const name = spellings(word).map(part => like(sql`lower(name)`, part))
  const rows = await db
    .selectFrom(table)
    .select('id')
    .where(sql<boolean>`(${sql.join([containing(sql`code_name`, word), ...name], sql` or `)})`)
    .limit(mostTargets)
    .execute()
  return rows.map(({ id }) => `${table}/${id}`)
}

/** All of them together. */
export const all = (conditions: readonly Condition[]): Condition =>
  sql<boolean>`${sql.join(conditions, sql` and `)}`
