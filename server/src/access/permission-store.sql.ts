import { everyAction } from '@propusk/gate'
import { sql } from 'kysely'
import {
  type ActionId,
  type PermissionId,
  type PermissionName,
  permissionName,
  type ResourceId,
  type RoleId,
  splitPermissionName,
} from '../kernel/index.ts'
import { takeTurn } from '../leases/index.ts'
import { containing, type Handle, lockRows, paginate } from '../store/index.ts'
import type { RolePermissions } from './grants.ts'
import type { Permission, PermissionColumn, PermissionOf, PermissionStore } from './permission-store.ts'

const orderKeys: Record<PermissionColumn, ReturnType<typeof sql>> = {
  id: sql`p.id`,
  resource: sql`res.code_name`,
  action: sql`act.code_name`,
}

/** What a search looks into: both halves under both of their names, and the permission as it is written. */
const searched = sql`(res.search_text || ' ' || act.search_text || ' ' || res.code_name || ':' || act.code_name)`

export const sqlPermissionStore = (db: Handle): PermissionStore => {
  const selectNamed = () =>
    db
      .selectFrom('permissions as p')
      .innerJoin('resources as res', 'res.id', 'p.resource_id')
      .innerJoin('actions as act', 'act.id', 'p.action_id')
      .select(['p.id', 'res.code_name as resource', 'act.code_name as action'])

  const selectRolePermissions = () =>
    db
      .selectFrom('roles as r')
      .leftJoin('role_permissions as rp', 'rp.role_id', 'r.id')
      .leftJoin('permissions as p', 'p.id', 'rp.permission_id')
      .leftJoin('resources as res', 'res.id', 'p.resource_id')
      .leftJoin('actions as act', 'act.id', 'p.action_id')
      .select(['r.id', 'r.code_name as role', 'res.code_name as resource', 'act.code_name as action'])

  const addAll = async (parts: readonly { resource_id: number; action_id: number }[]) => {
    if (parts.length === 0) return []
    return await db
      .insertInto('permissions')
      .values(parts)
      .returning(['id', 'resource_id', 'action_id'])
      .execute()
  }

  return {
    async takeTurn() {
      await takeTurn(db, 'permissions')
      // Servers that do not know that row yet take turns on this one, and run beside this server during an upgrade.
      await lockRows(db, db.selectFrom('actions').select('id').where('code_name', '=', everyAction)).execute()
    },

    async findById(id) {
      const row = await selectNamed().where('p.id', '=', id).executeTakeFirst()
      return row && toPermission(row)
    },

    async find({ resourceId, actionId }) {
      const row = await db
        .selectFrom('permissions')
        .select('id')
        .where('resource_id', '=', resourceId)
        .where('action_id', '=', actionId)
        .executeTakeFirst()
      return row?.id as PermissionId | undefined
    },

    async add({ resourceId, actionId }) {
      const [row] = await addAll([{ resource_id: resourceId, action_id: actionId }])
      return row!.id as PermissionId
    },

    async update(id, { resourceId, actionId }) {
      await db
        .updateTable('permissions')
        .set({ resource_id: resourceId, action_id: actionId })
        .where('id', '=', id)
        .execute()
    },

    async delete(id) {
      await db.deleteFrom('permissions').where('id', '=', id).execute()
    },

    async list(page) {
      const query = selectNamed().$if(page.search !== undefined, q =>
        q.where(containing(searched, page.search!.normalize('NFC'))),
      )
      const { rows, ...rest } = await paginate(
        query,
        { value: orderKeys[page.ordering.column], id: orderKeys.id },
        page,
      )
      return { ...rest, rows: rows.map(toPermission) }
    },

    async ensure(names) {
      if (names.length === 0) return { ids: [], unknown: [] }
      const parts = names.map(name => ({ name, ...splitPermissionName(name)! }))
      const resourceIds = await idsByCodeName<ResourceId>(
        db,
        'resources',
        parts.map(part => part.resource),
      )
      const actionIds = await idsByCodeName<ActionId>(
        db,
        'actions',
        parts.map(part => part.action),
      )
      const unknown = parts.filter(part => !resourceIds.has(part.resource) || !actionIds.has(part.action))
      if (unknown.length > 0) return { ids: [], unknown: unknown.map(part => part.name) }

      const existing = await db
        .selectFrom('permissions')
        .select(['id', 'resource_id', 'action_id'])
        .where('resource_id', 'in', [...resourceIds.values()])
        .execute()
      const key = (row: { resource_id: number; action_id: number }) => `${row.resource_id}:${row.action_id}`
      const idOf = new Map(existing.map(row => [key(row), row.id]))
      const wanted = parts.map(part => ({
        resource_id: resourceIds.get(part.resource)!,
        action_id: actionIds.get(part.action)!,
      }))
      for (const row of await addAll(wanted.filter(row => !idOf.has(key(row))))) idOf.set(key(row), row.id)
      return { ids: wanted.map(row => idOf.get(key(row))! as PermissionId), unknown: [] }
    },

    async permissionsOfRoles(roleIds) {
      if (roleIds.length === 0) return new Map()
      return toRolePermissions(await selectRolePermissions().where('r.id', 'in', roleIds).execute())
    },

    async permissionsOfAllRoles() {
      return toRolePermissions(await selectRolePermissions().execute())
    },

    async rolesHolding(of) {
      const rows = await db
        .selectFrom('role_permissions as rp')
        .innerJoin('permissions as p', 'p.id', 'rp.permission_id')
        .select('rp.role_id')
        .distinct()
        .where(matching(of))
        .orderBy('rp.role_id')
        .execute()
      return rows.map(row => row.role_id as RoleId)
    },

    async replaceOfRole(roleId, permissionIds) {
      await db.deleteFrom('role_permissions').where('role_id', '=', roleId).execute()
      if (permissionIds.length === 0) return
      await db
        .insertInto('role_permissions')
        .values(permissionIds.map(id => ({ role_id: roleId, permission_id: id })))
        .execute()
    },

    async readRoles() {
      const rolePermissions = toRolePermissions(await selectRolePermissions().execute())
      return Array.from(rolePermissions, ([roleId, { codeName, permissions }]) => ({
        roleId,
        role: codeName,
        permissions,
      }))
    },

    async readNames() {
      const rows = await selectNamed().execute()
      return rows.map(row => permissionName(row.resource, row.action)).sort()
    },
  }
}

async function idsByCodeName<Id extends number>(
  db: Handle,
  table: 'resources' | 'actions',
  codeNames: readonly string[],
): Promise<ReadonlyMap<string, Id>> {
  const rows = await db
    .selectFrom(table)
    .select(['id', 'code_name'])
    .where('code_name', 'in', [...new Set(codeNames)])
    .execute()
  return new Map(rows.map(row => [row.code_name, row.id as Id]))
}

const matching = (of: PermissionOf) => {
  if ('permissionId' in of) return sql<boolean>`p.id = ${of.permissionId}`
  if ('resourceId' in of) return sql<boolean>`p.resource_id = ${of.resourceId}`
  return sql<boolean>`p.action_id = ${of.actionId}`
}

const toPermission = ({
  id,
  resource,
  action,
}: {
  id: number
  resource: string
  action: string
}): Permission => ({
  id: id as PermissionId,
  resource,
  action,
})

function toRolePermissions(
  rows: readonly { id: number; role: string; resource: string | null; action: string | null }[],
): RolePermissions {
  const rolePermissions = new Map<RoleId, { codeName: string; permissions: PermissionName[] }>()
  for (const { id, role, resource, action } of rows) {
    const rolePermission = rolePermissions.get(id as RoleId) ?? { codeName: role, permissions: [] }
    rolePermissions.set(id as RoleId, rolePermission)
    if (resource !== null && action !== null)
      rolePermission.permissions.push(permissionName(resource, action))
  }
  for (const rolePermission of rolePermissions.values()) rolePermission.permissions.sort()
  return rolePermissions
}
