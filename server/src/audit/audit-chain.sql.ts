import { type Selectable, sql } from 'kysely'
import type { EpochMs } from '../kernel/index.ts'
import type { AuditCutsTable, AuditSealsTable, Handle } from '../store/index.ts'
import type { AuditLink, Cut, EventColumns } from './audit-link.ts'

/** Ids from which and up to which: `afterId` is not in it, `throughId` is. No lower bound where there is no link before. */
export interface EventRange {
  readonly afterId: number | null
  readonly throughId: number
}

export interface EventToLink {
  readonly id: number
  readonly columns: EventColumns
}

export type AuditChain = ReturnType<typeof auditChain>

/** The chain of the audit (ADR 16). Append-only: the database itself refuses to change or delete a row. */
export const auditChain = (db: Handle) => ({
  async newest(): Promise<AuditLink | undefined> {
    const row = await db
      .selectFrom('audit_seals')
      .selectAll()
      .orderBy('position', 'desc')
      .limit(1)
      .executeTakeFirst()
    return row && toLink(row)
  },

  async find(position: number): Promise<AuditLink | undefined> {
    const row = await db
      .selectFrom('audit_seals')
      .selectAll()
      .where('position', '=', position)
      .executeTakeFirst()
    return row && toLink(row)
  },

  /** In the order of their positions. */
  async listAfter(position: number, limit: number): Promise<readonly AuditLink[]> {
    const rows = await db
      .selectFrom('audit_seals')
      .selectAll()
      .where('position', '>', position)
      .orderBy('position')
      .limit(limit)
      .execute()
    return rows.map(toLink)
  },

  /** False when another node has linked meanwhile: that link stands, and this one is left. */
  async append(link: AuditLink): Promise<boolean> {
    const appended = await db
      .insertInto('audit_seals')
      .values(toRow(link))
      .onConflict(conflict => conflict.doNothing())
      .returning('position')
      .executeTakeFirst()
    return appended !== undefined
  },

  /** The greatest id among the committed events; 0 when there is none. */
  async greatestEventId(): Promise<number> {
    const row = await db
      .selectFrom('audit_events')
      .select(({ fn }) => fn.max('id').as('id'))
      .executeTakeFirst()
    return row?.id ?? 0
  },

  /** In the order of their ids. */
  async readEvents({ afterId, throughId }: EventRange, limit: number): Promise<readonly EventToLink[]> {
    const rows = await db
      .selectFrom('audit_events')
      .select([
        'id',
        // As text: a value written directly into the database may be a number that only the database can represent.
        sql<string>`cast(at as text)`.as('at'),
        sql<string | null>`cast(actor as text)`.as('actor'),
        'action',
        'target',
        'outcome',
        'ip_address',
        'user_agent',
        'details',
      ])
      .where('id', '<=', throughId)
      .$if(afterId !== null, q => q.where('id', '>', afterId!))
      .orderBy('id')
      .limit(limit)
      .execute()
    return rows.map(
      (row): EventToLink => ({
        id: row.id,
        columns: [
          String(row.id),
          row.at,
          row.actor,
          row.action,
          row.target,
          row.outcome,
          row.ip_address,
          row.user_agent,
          row.details,
        ],
      }),
    )
  },

  async countEvents({ afterId, throughId }: EventRange): Promise<number> {
    const { count } = await db
      .selectFrom('audit_events')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('id', '<=', throughId)
      .$if(afterId !== null, q => q.where('id', '>', afterId!))
      .executeTakeFirstOrThrow()
    return count
  },

  async countEventsAfter(id: number): Promise<number> {
    const { count } = await db
      .selectFrom('audit_events')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('id', '>', id)
      .executeTakeFirstOrThrow()
    return count
  },

  async firstEventAfter(id: number): Promise<{ readonly id: number; readonly atMs: EpochMs } | undefined> {
    const row = await db
      .selectFrom('audit_events')
      .select(['id', 'at'])
      .where('id', '>', id)
      .orderBy('id')
      .limit(1)
      .executeTakeFirst()
    return row && { id: row.id, atMs: row.at }
  },

  /** The checkpoint that stands beside the chain; undefined when it is not there. */
  async readAnchor(): Promise<string | undefined> {
    const row = await db
      .selectFrom('audit_anchor')
      .select('checkpoint')
      .where('name', '=', anchorName)
      .executeTakeFirst()
    return row?.checkpoint
  },

  async writeAnchor(checkpoint: string): Promise<void> {
    await db
      .insertInto('audit_anchor')
      .values({ name: anchorName, checkpoint })
      .onConflict(conflict => conflict.column('name').doUpdateSet({ checkpoint }))
      .execute()
  },

  /** The cut that reaches furthest. */
  async newestCut(): Promise<Cut | undefined> {
    const row = await db
      .selectFrom('audit_cuts')
      .selectAll()
      .orderBy('through_event_id', 'desc')
      .limit(1)
      .executeTakeFirst()
    return row && toCut(row)
  },

  /** False when there is one already that reaches exactly as far. */
  async appendCut(cut: Cut): Promise<boolean> {
    const appended = await db
      .insertInto('audit_cuts')
      .values({
        through_event_id: cut.throughEventId,
        seal_position: cut.linkPosition,
        seal_hash: cut.linkHash,
        event_count: cut.eventCount,
        rule: cut.rule,
        cut_at: cut.cutAtMs,
        key_id: cut.keyId,
        signature: cut.signature,
      })
      .onConflict(conflict => conflict.doNothing())
      .returning('through_event_id')
      .executeTakeFirst()
    return appended !== undefined
  },

  /** Deletes events up to this id, those with the least ids first; gives their number. The database refuses it beyond the newest cut. */
  async deleteEventsThrough(id: number, limit: number): Promise<number> {
    const { numDeletedRows } = await db
      .deleteFrom('audit_events')
      .where('id', 'in', q =>
        q.selectFrom('audit_events').select('id').where('id', '<=', id).orderBy('id').limit(limit),
      )
      .executeTakeFirst()
    return Number(numDeletedRows)
  },
})

const toCut = (row: Selectable<AuditCutsTable>): Cut => ({
  throughEventId: row.through_event_id,
  linkPosition: row.seal_position,
  linkHash: row.seal_hash,
  eventCount: row.event_count,
  rule: row.rule,
  cutAtMs: row.cut_at,
  keyId: row.key_id,
  signature: row.signature,
})

const anchorName = 'newest'

const toLink = (row: Selectable<AuditSealsTable>): AuditLink => ({
  position: row.position,
  firstEventId: row.first_event_id,
  lastEventId: row.last_event_id,
  eventCount: row.event_count,
  previousHash: row.previous_hash,
  hash: row.hash,
  linkedAtMs: row.sealed_at,
  keyId: row.key_id,
  signature: row.signature,
})

const toRow = (link: AuditLink): AuditSealsTable => ({
  position: link.position,
  first_event_id: link.firstEventId,
  last_event_id: link.lastEventId,
  event_count: link.eventCount,
  previous_hash: link.previousHash,
  hash: link.hash,
  sealed_at: link.linkedAtMs,
  key_id: link.keyId,
  signature: link.signature,
})
