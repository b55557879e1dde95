import { type Selectable, sql } from 'kysely'
import {
  type EpochMs,
  type ForwardRuleId,
  type Page,
  type PageRequest,
  type PermissionId,
  permissionName,
} from '../kernel/index.ts'
import { containing, type ForwardRulesTable, type Handle, lockRows, paginate } from '../store/index.ts'
import { type ForwardMethod, type ForwardRule, hostCandidates } from './forward-rule.ts'

export type ForwardRuleColumn = 'id' | 'host'

/** A rule as it is written. `permissionId` where it asks for a permission. */
export interface WrittenRule
  extends Pick<ForwardRule, 'host' | 'path' | 'methods' | 'acr' | 'maxAgeSeconds'> {
  readonly access: 'public' | 'signed_in' | 'permission'
  readonly permissionId: PermissionId | null
}

type Row = Selectable<ForwardRulesTable> & {
  readonly resource: string | null
  readonly action: string | null
}

export type ForwardRuleStore = ReturnType<typeof sqlForwardRuleStore>

export const sqlForwardRuleStore = (db: Handle) => {
  const selectRules = () =>
    db
      .selectFrom('forward_rules as f')
      .leftJoin('permissions as p', 'p.id', 'f.permission_id')
      .leftJoin('resources as res', 'res.id', 'p.resource_id')
      .leftJoin('actions as act', 'act.id', 'p.action_id')
      .selectAll('f')
      .select(['res.code_name as resource', 'act.code_name as action'])

  return {
    async list(page: PageRequest<ForwardRuleColumn>): Promise<Page<ForwardRule>> {
      const query = selectRules().$if(page.search !== undefined, q =>
        q.where(containing(sql`f.search_text`, page.search!)),
      )
      const keys = { id: sql<number>`f.id`, host: sql<string>`f.host` }
      const { rows, ...rest } = await paginate(
        query,
        { value: keys[page.ordering.column], id: keys.id },
        page,
      )
      return { ...rest, rows: rows.map(toRule) }
    },

    async findById(id: ForwardRuleId): Promise<ForwardRule | undefined> {
      const row = await selectRules().where('f.id', '=', id).executeTakeFirst()
      return row && toRule(row)
    },

    /** The rule, which no other transaction changes until this one ends; undefined when there is none. */
    async lock(id: ForwardRuleId): Promise<ForwardRule | undefined> {
      await lockRows(db, db.selectFrom('forward_rules').select('id').where('id', '=', id)).execute()
      return this.findById(id)
    },

    /** Every rule whose host is this one, or stands for it: by the index of hosts. */
    async listFor(host: string): Promise<readonly ForwardRule[]> {
      const rows = await selectRules()
        .where('f.host', 'in', [...hostCandidates(host)])
        .execute()
      return rows.map(toRule)
    },

    /** The rules of exactly this host and path. */
    async listAt({ host, path }: Pick<ForwardRule, 'host' | 'path'>): Promise<readonly ForwardRule[]> {
      const rows = await selectRules().where('f.host', '=', host).where('f.path', '=', path).execute()
      return rows.map(toRule)
    },

    async add(rule: WrittenRule, nowMs: EpochMs): Promise<ForwardRuleId> {
      const { id } = await db
        .insertInto('forward_rules')
        .values({ ...columnsOf(rule), created_at: nowMs })
        .returning('id')
        .executeTakeFirstOrThrow()
      return id as ForwardRuleId
    },

    async update(id: ForwardRuleId, rule: WrittenRule): Promise<void> {
      await db.updateTable('forward_rules').set(columnsOf(rule)).where('id', '=', id).execute()
    },

    async delete(id: ForwardRuleId): Promise<void> {
      await db.deleteFrom('forward_rules').where('id', '=', id).execute()
    },
  }
}

const columnsOf = ({ host, path, methods, access, permissionId, acr, maxAgeSeconds }: WrittenRule) => ({
  host,
  path,
  methods: (methods ?? []).join(','),
  access,
  permission_id: permissionId,
  acr,
  max_age_seconds: maxAgeSeconds,
  search_text: `${host}${path}`.toLowerCase(),
})

const toRule = (row: Row): ForwardRule => ({
  id: row.id as ForwardRuleId,
  host: row.host,
  path: row.path,
  methods: row.methods === '' ? null : (row.methods.split(',') as ForwardMethod[]),
  access: accessOf(row),
  acr: row.acr,
  maxAgeSeconds: row.max_age_seconds,
  createdAtMs: row.created_at,
})

const accessOf = ({ access, resource, action }: Row): string | null => {
  if (access !== 'permission') return access
  return resource === null || action === null ? null : permissionName(resource, action)
}
