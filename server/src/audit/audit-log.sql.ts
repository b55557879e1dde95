import { sql } from 'kysely'
import type { UserId } from '../kernel/index.ts'
import { type Handle, paginate } from '../store/index.ts'
import type { AuditEvent, AuditLog, AuditOutcome } from './audit-log.ts'

const orderKeys = { id: sql`e.id`, at: sql`e.at` }

export const sqlAuditLog = (db: Handle): AuditLog => ({
  async append(event, nowMs) {
    await db
      .insertInto('audit_events')
      .values({
        at: nowMs,
        actor_id: event.actorId,
        action: event.action,
        target: event.target,
        outcome: event.outcome ?? 'success',
        ip_address: event.origin?.ipAddress ?? null,
        user_agent: event.origin?.userAgent ?? null,
        details: JSON.stringify(event.details ?? {}),
      })
      .execute()
  },

  async list(filter, page) {
    const query = db
      .selectFrom('audit_events as e')
      .leftJoin('users as u', 'u.id', 'e.actor_id')
      .select([
        'e.id',
        'e.at',
        'e.actor_id',
        'u.email',
        'e.action',
        'e.target',
        'e.outcome',
        'e.ip_address',
        'e.user_agent',
        'e.details',
      ])
      .$if(filter.actorId !== undefined, q => q.where('e.actor_id', '=', filter.actorId!))
      .$if(filter.action !== undefined, q => q.where('e.action', '=', filter.action!))
      .$if(filter.target !== undefined, q => q.where('e.target', '=', filter.target!))
      .$if(filter.sinceMs !== undefined, q => q.where('e.at', '>=', filter.sinceMs!))
      .$if(filter.untilMs !== undefined, q => q.where('e.at', '<', filter.untilMs!))
    const { rows, ...rest } = await paginate(
      query,
      { value: orderKeys[page.ordering.column], id: orderKeys.id },
      page,
    )
    return {
      ...rest,
      rows: rows.map(
        (row): AuditEvent => ({
          id: row.id,
          atMs: row.at,
          actor: row.actor_id === null ? null : { id: row.actor_id as UserId, email: row.email! },
          action: row.action,
          target: row.target,
          outcome: row.outcome as AuditOutcome,
          ipAddress: row.ip_address,
          userAgent: row.user_agent,
          details: JSON.parse(row.details) as Record<string, unknown>,
        }),
      ),
    }
  },
})
