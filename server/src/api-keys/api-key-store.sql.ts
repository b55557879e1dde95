import { type Selectable, sql } from 'kysely'
import {
  type ApiKeyId,
  type EpochMs,
  type Page,
  type PageRequest,
  type PermissionId,
  type PermissionName,
  permissionName,
  type RoleId,
  type UserId,
} from '../kernel/index.ts'
import { type ApiKeysTable, containing, type Handle, lockRows, paginate } from '../store/index.ts'
import type { ApiKey, MintedKey } from './api-key.ts'

export type ApiKeyColumn = 'id' | 'name' | 'created_at'

interface ApiKeyFilter {
  readonly ownerId?: UserId | undefined
}

interface NewApiKey {
  readonly name: string
  readonly ownerId: UserId
  readonly minted: MintedKey
  readonly roleIds: readonly RoleId[]
  readonly permissionIds: readonly PermissionId[]
  readonly expiresAtMs: EpochMs | null
}

/** A secret that was rotated away and still works. */
interface PreviousSecret {
  readonly hash: string
  readonly untilMs: EpochMs
}

/** What a presented key is compared with. */
export interface StoredKey {
  readonly id: ApiKeyId
  readonly ownerId: UserId
  readonly hash: string
  readonly previous: PreviousSecret | null
  readonly lastUsedAtMs: EpochMs | null
}

type Row = Selectable<ApiKeysTable>

export type ApiKeyStore = ReturnType<typeof sqlApiKeyStore>

/** The API keys with what each was given. What a key may do is decided by access/: no more than its owner may. */
export const sqlApiKeyStore = (db: Handle) => {
  const living = (nowMs: EpochMs) =>
    db
      .selectFrom('api_keys as k')
      .innerJoin('users as u', 'u.id', 'k.owner_id')
      .where('u.is_active', '=', true)
      .where(eb => eb.or([eb('k.expires_at', 'is', null), eb('k.expires_at', '>', nowMs)]))

  async function withGrants(rows: readonly Row[]): Promise<ApiKey[]> {
    if (rows.length === 0) return []
    const ids = rows.map(row => row.id)
    const [roles, permissions] = await Promise.all([
      db
        .selectFrom('api_key_roles as kr')
        .innerJoin('roles as r', 'r.id', 'kr.role_id')
        .select(['kr.api_key_id as keyId', 'r.code_name as name'])
        .where('kr.api_key_id', 'in', ids)
        .execute(),
      db
        .selectFrom('api_key_permissions as kp')
        .innerJoin('permissions as p', 'p.id', 'kp.permission_id')
        .innerJoin('resources as res', 'res.id', 'p.resource_id')
        .innerJoin('actions as act', 'act.id', 'p.action_id')
        .select(['kp.api_key_id as keyId', 'res.code_name as resource', 'act.code_name as action'])
        .where('kp.api_key_id', 'in', ids)
        .execute(),
    ])
    return rows.map(row =>
      toApiKey(
        row,
        roles.filter(({ keyId }) => keyId === row.id).map(({ name }) => name),
        permissions
          .filter(({ keyId }) => keyId === row.id)
          .map(({ resource, action }) => permissionName(resource, action)),
      ),
    )
  }

  return {
    /** One page, each with what it was given. */
    async list(filter: ApiKeyFilter, page: PageRequest<ApiKeyColumn>): Promise<Page<ApiKey>> {
      const query = db
        .selectFrom('api_keys')
        .selectAll()
        .$if(filter.ownerId !== undefined, q => q.where('owner_id', '=', filter.ownerId!))
        .$if(page.search !== undefined, q => q.where(containing(sql`search_text`, page.search!)))
      const keys = { id: sql<number>`id`, name: sql<string>`name`, created_at: sql<number>`created_at` }
      const { rows, ...rest } = await paginate(
        query,
        { value: keys[page.ordering.column], id: keys.id },
        page,
      )
      return { ...rest, rows: await withGrants(rows) }
    },

    async findById(id: ApiKeyId): Promise<ApiKey | undefined> {
      const rows = await db.selectFrom('api_keys').selectAll().where('id', '=', id).execute()
      return (await withGrants(rows))[0]
    },

    /** The key, which no other transaction changes until this one ends; undefined when there is none. */
    async lock(id: ApiKeyId): Promise<ApiKey | undefined> {
      const rows = await lockRows(db, db.selectFrom('api_keys').selectAll().where('id', '=', id)).execute()
      return (await withGrants(rows))[0]
    },

    async add(key: NewApiKey, nowMs: EpochMs): Promise<ApiKeyId> {
      const { id } = await db
        .insertInto('api_keys')
        .values({
          owner_id: key.ownerId,
          prefix: key.minted.prefix,
          secret_hash: key.minted.hash,
          previous_hash: null,
          previous_until: null,
          name: key.name,
          search_text: searchTextOf(key.name, key.minted.prefix),
          created_at: nowMs,
          expires_at: key.expiresAtMs,
          last_used_at: null,
        })
        .returning('id')
        .executeTakeFirstOrThrow()
      if (key.roleIds.length > 0) {
        const values = key.roleIds.map(role_id => ({ api_key_id: id, role_id }))
        await db.insertInto('api_key_roles').values(values).execute()
      }
      if (key.permissionIds.length > 0) {
        const values = key.permissionIds.map(permission_id => ({ api_key_id: id, permission_id }))
        await db.insertInto('api_key_permissions').values(values).execute()
      }
      return id as ApiKeyId
    },

    async update(
      { id, prefix }: Pick<ApiKey, 'id' | 'prefix'>,
      { name, expiresAtMs }: Pick<ApiKey, 'name' | 'expiresAtMs'>,
    ): Promise<void> {
      await db
        .updateTable('api_keys')
        .set({ name, search_text: searchTextOf(name, prefix), expires_at: expiresAtMs })
        .where('id', '=', id)
        .execute()
    },

    /** Takes a new secret. The present one works until `overlapUntilMs`, one that was rotated away before it no more. */
    async rotate(id: ApiKeyId, hash: string, overlapUntilMs: EpochMs): Promise<void> {
      await db
        .updateTable('api_keys')
        .set({
          previous_hash: sql<string>`secret_hash`,
          previous_until: overlapUntilMs,
          secret_hash: hash,
        })
        .where('id', '=', id)
        .execute()
    },

    async delete(id: ApiKeyId): Promise<void> {
      await db.deleteFrom('api_keys').where('id', '=', id).execute()
    },

    /**
     * Ends the keys of an account that were made since then, or got a new secret since: the instant of that is not kept, so also
     * those whose secret before still worked then.
     */
    deleteMadeSince: (ownerId: UserId, sinceMs: EpochMs): Promise<readonly Pick<ApiKey, 'name'>[]> =>
      db
        .deleteFrom('api_keys')
        .where('owner_id', '=', ownerId)
        .where(eb => eb.or([eb('created_at', '>=', sinceMs), eb('previous_until', '>=', sinceMs)]))
        .returning('name')
        .execute(),

    /** Ends all keys of an account. */
    async deleteOf(ownerId: UserId): Promise<void> {
      await db.deleteFrom('api_keys').where('owner_id', '=', ownerId).execute()
    },

    /** The key of this prefix, if it has not expired and its owner is active. */
    async findLiving(prefix: string, nowMs: EpochMs): Promise<StoredKey | undefined> {
      const row = await living(nowMs).selectAll('k').where('k.prefix', '=', prefix).executeTakeFirst()
      return row && toStoredKey(row)
    },

    /** Whether the key exists, has not expired, and its owner is active. */
    async isLiving(id: ApiKeyId, nowMs: EpochMs): Promise<boolean> {
      return (await living(nowMs).select('k.id').where('k.id', '=', id).executeTakeFirst()) !== undefined
    },

    /** Notes a use. Of two nodes that do so at once the later instant stays. */
    async touch(id: ApiKeyId, nowMs: EpochMs): Promise<void> {
      await db
        .updateTable('api_keys')
        .set({ last_used_at: nowMs })
        .where('id', '=', id)
        .where(eb => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<', nowMs)]))
        .execute()
    },
  }
}

const searchTextOf = (name: string, prefix: string): string => `${name} ${prefix}`.toLowerCase()

const toApiKey = (row: Row, roles: string[], permissions: PermissionName[]): ApiKey => ({
  id: row.id as ApiKeyId,
  name: row.name,
  prefix: row.prefix,
  roles: roles.sort(),
  permissions: permissions.sort(),
  ownerId: row.owner_id as UserId,
  createdAtMs: row.created_at,
  expiresAtMs: row.expires_at,
  lastUsedAtMs: row.last_used_at,
})

const toStoredKey = (row: Row): StoredKey => ({
  id: row.id as ApiKeyId,
  ownerId: row.owner_id as UserId,
  hash: row.secret_hash,
  previous:
    row.previous_hash === null || row.previous_until === null
      ? null
      : { hash: row.previous_hash, untilMs: row.previous_until },
  lastUsedAtMs: row.last_used_at,
})
