import type { Change, EndedSessions } from '@propusk/gate/core'
import { type RawBuilder, sql } from 'kysely'
import type { EpochMs } from '../kernel/index.ts'
import { engineOf, type Handle, preparedQuery } from '../store/index.ts'
import { type LedgerPosition, type LedgerState, type Reading, type StoredChange, toChange } from './ledger.ts'

export type ChangeFeed = ReturnType<typeof sqlChangeFeed>

/**
 * INVARIANT: a change is remembered for as long as the tokens of the node that reads it live, and not only for as
 * long as the one that wrote it thought: the command line may run without the server's PROPUSK_ACCESS_TTL.
 */
export function sqlChangeFeed(db: Handle, lifeMs: number) {
  const engine = engineOf(db)
  return {
    /** On the handle of a snapshot: what has not expired, and the position at which that is the whole truth. */
    async readState(nowMs: EpochMs): Promise<LedgerState> {
      const living = livingRows(db, nowMs, lifeMs)
      // The first statement of a snapshot: it is the instant of all others.
      const position = await readPosition(db)
      const bounds = await living.bounds()
      const endedSessions: EndedSessions[] = []
      for (const slice of bounds) endedSessions.push(...(await living.endedSessions(slice)))
      const changes = [
        ...(await living.loggedOutUsers()),
        ...(await living.grantsOfUsers()),
        ...(await living.others()),
      ]
      return { position, changes, endedSessions }
    },
    /**
     * On the reading handle: one statement. With `proof` it proves that it was answered by the server that has the latest: on
     * PostgreSQL it writes a record into the log that each commit goes through, and waits until that is safe, which a standby
     * and a primary that was cut off from its synchronous standby cannot do.
     */
    readAfter: (position: LedgerPosition, proof: 'proof' | 'no proof'): Promise<Reading> =>
      position.engine === 'sqlite'
        ? readAfterId(db, position, lifeMs)
        : readAfterSnapshot(db, position, lifeMs, proof),
  }

  /** The rows that have not expired, by the setting of the node that wrote them or of this node, whichever is longer. */
  function livingRows(db: Handle, nowMs: EpochMs, lifeMs: number) {
    const sinceMs = nowMs - lifeMs
    const greatest = engine === 'sqlite' ? sql`max` : sql`greatest`
    const listed = engine === 'sqlite' ? sql`group_concat` : sql`string_agg`
    const keptUntil = sql<number>`${greatest}(c.expires_at, c.created_at + ${lifeMs})`
    // The first condition is implied by the second, but the index covers it: expired rows are not read.
    const isLiving = sql<boolean>`c.expires_at > ${sinceMs} and (c.expires_at > ${nowMs} or c.created_at > ${sinceMs})`

    return {
      /** Steps through the ends of the rows, so that no answer is larger than the memory for it. */
      async bounds(): Promise<readonly Slice[]> {
        const { rows } = await sql<{ least: number | null; greatest: number | null }>`
          select min(expires_at) as least, max(expires_at) as greatest from changes where expires_at > ${sinceMs}`.execute(
          db,
        )
        const { least, greatest } = rows[0]!
        if (least === null || greatest === null) return []
        const step = Math.ceil((greatest - least + 1) / slices)
        return Array.from({ length: slices }, (_, index) => ({
          fromMs: least + index * step,
          beforeMs: least + (index + 1) * step,
        }))
      },

      async endedSessions({ fromMs, beforeMs }: Slice): Promise<readonly EndedSessions[]> {
        const { rows } = await sql<{ minute: number; sessions: string }>`
          select (${keptUntil} + ${minuteMs - 1}) / ${minuteMs} as minute, ${listed}(c.session_uuid, ',') as sessions
          from changes c
          where c.kind = 'session_ended' and c.expires_at >= ${fromMs} and c.expires_at < ${beforeMs} and ${isLiving}
          group by 1`.execute(db)
        return rows.map(({ minute, sessions }) => ({ expiresAtMs: minute * minuteMs, sessions }))
      },

      /** How they stand, whatever the rows say: a row may have expired before an older one has. */
      async loggedOutUsers(): Promise<readonly Change[]> {
        const { rows } = await sql<UserRow & { before_ms: number }>`
          select latest.*, u.force_logout_at as before_ms
          from (${latestOf('user_logged_out')}) as latest join users u on u.id = latest.user_id
          where u.force_logout_at is not null`.execute(db)
        return rows.map(({ user_id, expires_at, before_ms }) => ({
          id: 0,
          expiresAtMs: expires_at,
          kind: 'user_logged_out',
          userId: user_id,
          beforeMs: before_ms,
        }))
      },

      async grantsOfUsers(): Promise<readonly Change[]> {
        const ids = engine === 'sqlite' ? sql`ur.role_id` : sql`ur.role_id::text`
        const { rows } = await sql<UserRow & { is_superuser: boolean | 0 | 1; roles: string | null }>`
          select latest.*, u.is_superuser,
            (select ${listed}(${ids}, ',') from user_roles ur where ur.user_id = u.id) as roles
          from (${latestOf('user_roles')}) as latest join users u on u.id = latest.user_id`.execute(db)
        const share = sharedLists()
        return rows.map(({ user_id, expires_at, is_superuser, roles }) => ({
          id: 0,
          expiresAtMs: expires_at,
          kind: 'user_roles',
          userId: user_id,
          roleIds: share(roles ?? ''),
          isSuperuser: Boolean(is_superuser),
        }))
      },

      /** Facts that only move forward. Keys and what roles permit are read from their own tables. */
      async others(): Promise<readonly Change[]> {
        const { rows } = await sql<{ id: number; details: string; expires_at: number }>`
          select c.id, c.details, ${keptUntil} as expires_at from changes c
          where c.kind <> 'session_ended' and c.kind in ('everybody_logged_out', 'role_made') and ${isLiving}
          order by c.id`.execute(db)
        return rows.flatMap(({ id, details, expires_at }) => {
          const change = toChange(JSON.parse(details), { id, expiresAtMs: expires_at })
          return typeof change === 'object' ? [change] : []
        })
      },
    }

    function latestOf(kind: Change['kind']) {
      return sql`
        select c.user_id, max(${keptUntil}) as expires_at from changes c
        where c.kind <> 'session_ended' and c.kind = ${kind} and ${isLiving} group by c.user_id`
    }
  }
}

const minuteMs = 60_000

/** A million ended sessions are forty megabytes. */
const slices = 32

interface Slice {
  readonly fromMs: EpochMs
  readonly beforeMs: EpochMs
}

interface UserRow {
  readonly user_id: number
  readonly expires_at: number
}

/** Thousands of users have the same few roles: one list for each combination. */
function sharedLists(): (text: string) => readonly number[] {
  const known = new Map<string, readonly number[]>()
  return text => {
    const list = known.get(text) ?? (text === '' ? [] : text.split(',').map(Number))
    known.set(text, list)
    return list
  }
}

async function readPosition(db: Handle): Promise<LedgerPosition> {
  if (engineOf(db) === 'sqlite') {
    const row = await db
      .selectFrom('changes')
      .select(({ fn }) => fn.max('id').as('id'))
      .executeTakeFirst()
    return { engine: 'sqlite', id: row?.id ?? 0 }
  }
  const { rows } = await sql<{ snapshot: string; epoch: string | null }>`
    select pg_current_snapshot()::text as snapshot, (select epoch from ledger_epoch) as epoch`.execute(db)
  // Without an epoch there is none yet: the reading that follows makes one, and all is read again.
  return toPosition(rows[0]!.snapshot, rows[0]!.epoch ?? '')
}

/** `xmin:xmax:xip_list` */
function toPosition(snapshot: string, epoch: string): LedgerPosition {
  const [, next, running] = snapshot.split(':')
  return {
    engine: 'postgres',
    epoch,
    next: Number(next),
    running: running === '' ? [] : running!.split(',').map(Number),
  }
}

const afterId = preparedQuery((db, { id }: { id: number }) =>
  db
    .selectFrom('changes')
    .select(['id', 'details', 'created_at', 'expires_at'])
    .where('id', '>', id)
    .orderBy('id'),
)

async function readAfterId(
  db: Handle,
  position: Extract<LedgerPosition, { engine: 'sqlite' }>,
  lifeMs: number,
): Promise<Reading> {
  const rows = await afterId(db, { id: position.id })
  const id = rows.at(-1)?.id ?? position.id
  return toReading(rows, lifeMs, { engine: 'sqlite', id })
}

interface AfterRow {
  readonly snapshot: string
  readonly epoch: string | null
  readonly id: number | null
  readonly details: string
  readonly created_at: number
  readonly expires_at: number
}

/**
 * One statement, so that the rows and the snapshot are of one instant. A standby cannot read `ledger_epoch`, since the
 * table is not logged; the record in the log is what `proof` means.
 */
const afterSnapshot = (beat: RawBuilder<unknown>) =>
  preparedQuery((db, { next, running }: { next: number; running: string }) => ({
    compile: () =>
      sql<AfterRow>`select s.*, c.id, c.details, c.created_at, c.expires_at
        from (
          select pg_current_snapshot()::text as snapshot, (select epoch from ledger_epoch) as epoch${beat}
        ) as s
        left join changes c on c.xact >= ${next} or c.xact = any(${running}::bigint[])
        order by c.id`.compile(db),
  }))
const readings = {
  proof: afterSnapshot(sql`, pg_logical_emit_message(true, 'propusk', '')::text as beat`),
  'no proof': afterSnapshot(sql``),
}

const newEpoch = preparedQuery(db => ({
  compile: () =>
    sql`insert into ledger_epoch (id, epoch) values (1, gen_random_uuid()::text) on conflict do nothing`.compile(
      db,
    ),
}))

async function readAfterSnapshot(
  db: Handle,
  position: Extract<LedgerPosition, { engine: 'postgres' }>,
  lifeMs: number,
  proof: 'proof' | 'no proof',
): Promise<Reading> {
  const rows = await readings[proof](db, {
    next: position.next,
    running: `{${position.running.join()}}`,
  })
  const { snapshot, epoch } = rows[0]!
  if (epoch === null) await newEpoch(db)
  const reached = toPosition(snapshot, epoch ?? '')
  // An earlier one in the same epoch is a copy of the database, made anew.
  if (epoch !== position.epoch || (reached.engine === 'postgres' && reached.next < position.next))
    return undefined
  return toReading(
    rows.filter(row => row.id !== null),
    lifeMs,
    reached,
  )
}

function toReading(
  rows: readonly Omit<AfterRow, 'snapshot' | 'epoch'>[],
  lifeMs: number,
  position: LedgerPosition,
): Reading {
  const changes: Change[] = []
  for (const { id, details, created_at, expires_at } of rows) {
    const row = { id: id!, expiresAtMs: Math.max(expires_at, created_at + lifeMs) }
    const change = toChange(JSON.parse(details) as StoredChange, row)
    if (change === 'only names') return undefined
    if (change !== 'nothing') changes.push(change)
  }
  return { changes, position }
}
