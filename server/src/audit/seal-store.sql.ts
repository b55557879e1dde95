import { type Selectable, sql } from 'kysely'
import type { AuditCutsTable, AuditSealsTable, Handle } from '../store/index.ts'
import type { Cut } from './cut.ts'
import type { Seal } from './seal.ts'
import type { EventToSeal, SealStore } from './seal-store.ts'

export const sqlSealStore = (db: Handle): SealStore => ({
  async newest() {
    const row = await db
      .selectFrom('audit_seals')
      .selectAll()
      .orderBy('position', 'desc')
      .limit(1)
      .executeTakeFirst()
    return row && toSeal(row)
  },

  async find(position) {
    const row = await db
      .selectFrom('audit_seals')
      .selectAll()
      .where('position', '=', position)
      .executeTakeFirst()
    return row && toSeal(row)
  },

  async listAfter(position, limit) {
    const rows = await db
      .selectFrom('audit_seals')
      .selectAll()
      .where('position', '>', position)
      .orderBy('position')
      .limit(limit)
      .execute()
    return rows.map(toSeal)
  },

  async append(seal) {
    const appended = await db
      .insertInto('audit_seals')
      .values(toRow(seal))
      .onConflict(conflict => conflict.doNothing())
      .returning('position')
      .executeTakeFirst()
    return appended !== undefined
  },

  async greatestEventId() {
    const row = await db
      .selectFrom('audit_events')
      .select(({ fn }) => fn.max('id').as('id'))
      .executeTakeFirst()
    return row?.id ?? 0
  },

  async readEvents({ afterId, throughId }, limit) {
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
      (row): EventToSeal => ({
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

  async countEvents({ afterId, throughId }) {
    const { count } = await db
      .selectFrom('audit_events')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('id', '<=', throughId)
      .$if(afterId !== null, q => q.where('id', '>', afterId!))
      .executeTakeFirstOrThrow()
    return count
  },

  async countEventsAfter(id) {
    const { count } = await db
      .selectFrom('audit_events')
      .select(({ fn }) => fn.countAll<number>().as('count'))
      .where('id', '>', id)
      .executeTakeFirstOrThrow()
    return count
  },

  async firstEventAfter(id) {
    const row = await db
      .selectFrom('audit_events')
      .select(['id', 'at'])
      .where('id', '>', id)
      .orderBy('id')
      .limit(1)
      .executeTakeFirst()
    return row && { id: row.id, atMs: row.at }
  },

  async readAnchor() {
    const row = await db
      .selectFrom('audit_anchor')
      .select('checkpoint')
      .where('name', '=', anchorName)
      .executeTakeFirst()
    return row?.checkpoint
  },

  async writeAnchor(checkpoint) {
    await db
      .insertInto('audit_anchor')
      .values({ name: anchorName, checkpoint })
      .onConflict(conflict => conflict.column('name').doUpdateSet({ checkpoint }))
      .execute()
  },

  async newestCut() {
    const row = await db
      .selectFrom('audit_cuts')
      .selectAll()
      .orderBy('through_event_id', 'desc')
      .limit(1)
      .executeTakeFirst()
    return row && toCut(row)
  },

  async appendCut(cut) {
    const appended = await db
      .insertInto('audit_cuts')
      .values({
        through_event_id: cut.throughEventId,
        seal_position: cut.sealPosition,
        seal_hash: cut.sealHash,
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

  async deleteEventsThrough(id, limit) {
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
  sealPosition: row.seal_position,
  sealHash: row.seal_hash,
  eventCount: row.event_count,
  rule: row.rule,
  cutAtMs: row.cut_at,
  keyId: row.key_id,
  signature: row.signature,
})

const anchorName = 'newest'

const toSeal = (row: Selectable<AuditSealsTable>): Seal => ({
  position: row.position,
  firstEventId: row.first_event_id,
  lastEventId: row.last_event_id,
  eventCount: row.event_count,
  previousHash: row.previous_hash,
  hash: row.hash,
  sealedAtMs: row.sealed_at,
  keyId: row.key_id,
  signature: row.signature,
})

const toRow = (seal: Seal): AuditSealsTable => ({
  position: seal.position,
  first_event_id: seal.firstEventId,
  last_event_id: seal.lastEventId,
  event_count: seal.eventCount,
  previous_hash: seal.previousHash,
  hash: seal.hash,
  sealed_at: seal.sealedAtMs,
  key_id: seal.keyId,
  signature: seal.signature,
})
