import { type Expression, type RawBuilder, sql } from 'kysely'
import type { PageRequest } from '../kernel/index.ts'
import { type Flag, type Handle, readsDescending } from '../store/index.ts'

/** A bound on what is looked at in one go, where many of those who hold a role are closed accounts. */
const mostAtOnce = 2_000
/** Of many roles few holders each are taken: together they are many, and rarely is one role behind them all. */
const fewestOfRole = 4

interface AuthorizedUserRow {
  readonly id: number
  readonly email: string
  readonly is_superuser: Flag
}

/**
 * The active users who hold one of the roles that `granting` names, and every active superuser, by id from the cursor of
 * the page on: one more than the page holds, if there are so many. No other user is read: of each role the next few
 * holders are taken, and of all these the next ones. The cost grows with the roles and the page, not with the number of
 * users nor with how few of them qualify. A faster copy of `decide` (ADR 35): `npm run oracle`
 * compares the two, and users-with-permission.test.ts compares it with a plain model.
 */
export async function findUsersWithPermission(
  db: Handle,
  granting: Expression<unknown>,
  page: PageRequest<'id'>,
): Promise<readonly AuthorizedUserRow[]> {
  const isDownwards = readsDescending(page)
  const roles = await countRoles(db, granting)
  const found: AuthorizedUserRow[] = []
  let cursor = page.cursor?.id
  for (let most = page.limit + 1; ; most = Math.min(most * 2, mostAtOnce)) {
    const ofRole = Math.min(most, Math.max(fewestOfRole, Math.ceil((most * fewestOfRole) / roles)))
    const next = await nextIds(db, granting, { cursor, isDownwards, most, ofRole })
    if (next.ids.length > 0) found.push(...(await readActive(db, next.ids, isDownwards)))
    if (next.end === undefined || found.length > page.limit) return found.slice(0, page.limit + 1)
    cursor = next.end
  }
}

async function countRoles(db: Handle, granting: Expression<unknown>): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) as count from ${granting} as granting`.execute(db)
  return Number(rows[0]!.count)
}

interface Reading {
  /** Begins behind this id, or at the very beginning. */
  readonly cursor: number | undefined
  readonly isDownwards: boolean
  /** So many ids at most, and so many that one role gives. */
  readonly most: number
  readonly ofRole: number
}

interface Found {
  /** In their order. Of superusers and of those who hold one of the roles, closed accounts among them. */
  readonly ids: readonly number[]
  /** Up to here none is missing; undefined when none is left. */
  readonly end: number | undefined
}

async function nextIds(db: Handle, granting: Expression<unknown>, reading: Reading): Promise<Found> {
  const { cursor, isDownwards, most, ofRole } = reading
  const [beyond, upTo, direction, first, utmost] = isDownwards
    ? [sql`<`, sql`>=`, sql`desc`, sql`max`, sql`0`]
    : [sql`>`, sql`<=`, sql`asc`, sql`min`, sql`${Number.MAX_SAFE_INTEGER}`]
  const behind = (id: RawBuilder<unknown>) =>
    cursor === undefined ? sql`true` : sql`${id} ${beyond} ${cursor}`
  // Where the first role has no more of what was taken of it; null when no role has more.
  const end = sql`(select ${first}(last_id) from taken)`
  const { rows } = await sql<{ id: number; end_id: number | null }>`
    with taken as materialized (
      select granting.role_id, (select last.user_id from user_roles as last
        where last.role_id = granting.role_id and ${behind(sql`last.user_id`)}
        order by last.user_id ${direction} limit 1 offset ${ofRole - 1}) as last_id
      from ${granting} as granting)
    select found.id, ${end} as end_id from (
      select held.user_id as id from taken cross join user_roles as held
      where held.role_id = taken.role_id and ${behind(sql`held.user_id`)}
        and held.user_id ${upTo} coalesce(${end}, ${utmost})
      union
      select id from (select id from users where is_superuser = ${true} and ${behind(sql`id`)}
        order by id ${direction} limit ${most}) as superusers
      where id ${upTo} coalesce(${end}, ${utmost})
      order by id ${direction} limit ${most}) as found
    order by found.id ${direction}`.execute(db)
  const ids = rows.map(({ id }) => id)
  if (ids.length === most) return { ids, end: ids.at(-1)! }
  return { ids, end: rows[0]?.end_id ?? undefined }
}

const readActive = (db: Handle, ids: readonly number[], isDownwards: boolean): Promise<AuthorizedUserRow[]> =>
  db
    .selectFrom('users')
    .select(['id', 'email', 'is_superuser'])
    .where('id', 'in', ids)
    .where('is_active', '=', true)
    .orderBy('id', isDownwards ? 'desc' : 'asc')
    .execute()
