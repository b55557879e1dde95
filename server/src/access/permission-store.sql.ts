import { everyAction, type RoleState } from '@propusk/gate/core'
import { sql } from 'kysely'
import {
  type ActionId,
  type Page,
  type PageRequest,
  type PermissionId,
  type PermissionName,
  permissionName,
  type ResourceId,
  type RoleId,
  splitPermissionName,
} from '../kernel/index.ts'
import { lockRow } from '../leases/index.ts'
import { containing, type Handle, lockRows, paginate } from '../store/index.ts'
import { type HeldByRole, type RolePermissions, toRoleState } from './role-permissions.ts'

const orderKeys: Record<PermissionColumn, ReturnType<typeof sql>> = {
  id: sql`p.id`,
  resource: sql`res.code_name`,
  action: sql`act.code_name`,
}

/** What a search looks into: both halves under both of their names, and the permission as it is written. */
const searched = sql`(res.search_text || ' ' || act.search_text || ' ' || res.code_name || ':' || act.code_name)`

export type PermissionStore = ReturnType<typeof sqlPermissionStore>

export const sqlPermissionStore = (db: Handle) => {
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
      .select([
        'r.id',
        'r.code_name as role',
        'r.requires_aal',
        'res.code_name as resource',
        'act.code_name as action',
      ])

  const addAll = async (parts: readonly { resource_id: number; action_id: number }[]) => {
    if (parts.length === 0) return []
    return await db
      .insertInto('permissions')
      .values(parts)
      .returning(['id', 'resource_id', 'action_id'])
      .execute()
  }

  return {
    /**
     * Waits until no other transaction is changing roles, permissions, resources or actions, and keeps the others
     * waiting until this one ends. INVARIANT: every such change takes this lock first, before it locks a role, so
     * what a role permits is announced in the order in which it was committed.
     */
    async lockAccess(): Promise<void> {
      await lockRow(db, 'permissions')
      // Servers that do not know that row yet take turns on this one, and run beside this server during an upgrade.
      await lockRows(db, db.selectFrom('actions').select('id').where('code_name', '=', everyAction)).execute()
    },

    async findById(id: PermissionId): Promise<Permission | undefined> {
      const row = await selectNamed().where('p.id', '=', id).executeTakeFirst()
      return row && toPermission(row)
    },

    /** The id of the permission with these parts, if it exists. */
    async find({ resourceId, actionId }: PermissionParts): Promise<PermissionId | undefined> {
      const row = await db
        .selectFrom('permissions')
        .select('id')
        .where('resource_id', '=', resourceId)
        .where('action_id', '=', actionId)
        .executeTakeFirst()
      return row?.id as PermissionId | undefined
    },

    async add({ resourceId, actionId }: PermissionParts): Promise<PermissionId> {
      const [row] = await addAll([{ resource_id: resourceId, action_id: actionId }])
      return row!.id as PermissionId
    },

    async update(id: PermissionId, { resourceId, actionId }: PermissionParts): Promise<void> {
      await db
        .updateTable('permissions')
        .set({ resource_id: resourceId, action_id: actionId })
        .where('id', '=', id)
        .execute()
    },

    /** Takes it from every role. */
    async delete(id: PermissionId): Promise<void> {
      await db.deleteFrom('permissions').where('id', '=', id).execute()
    },

    async list(page: PageRequest<PermissionColumn>): Promise<Page<Permission>> {
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

    /**
     * The ids of the permissions with these names; those that did not exist are made. `unknown` are the names
     * whose resource or action does not exist; nothing is made then.
     */
    async ensure(names: readonly PermissionName[]): Promise<{
      readonly ids: readonly PermissionId[]
      readonly unknown: readonly PermissionName[]
    }> {
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

    /** What these roles permit; roles that do not exist are left out. */
    async permissionsOfRoles(roleIds: readonly RoleId[]): Promise<RolePermissions> {
      if (roleIds.length === 0) return new Map()
      return toRolePermissions(await selectRolePermissions().where('r.id', 'in', roleIds).execute())
    },

    /** The same of every role. */
    async permissionsOfAllRoles(): Promise<RolePermissions> {
      return toRolePermissions(await selectRolePermissions().execute())
    },

    /** Roles that hold a permission of this kind, by id. */
    async rolesHolding(of: PermissionOf): Promise<readonly RoleId[]> {
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

    async replaceOfRole(roleId: RoleId, permissionIds: readonly PermissionId[]): Promise<void> {
      await db.deleteFrom('role_permissions').where('role_id', '=', roleId).execute()
      if (permissionIds.length === 0) return
      await db
        .insertInto('role_permissions')
        .values(permissionIds.map(id => ({ role_id: roleId, permission_id: id })))
        .execute()
    },

    /** Of every role the code name and the sorted names of what it permits, at which level: what a gate starts from. */
    async readRoles(): Promise<readonly RoleState[]> {
      const rolePermissions = toRolePermissions(await selectRolePermissions().execute())
      return Array.from(rolePermissions, ([roleId, role]) => toRoleState(roleId, role))
    },

    /** Every permission that exists, sorted by name. */
    async readNames(): Promise<readonly PermissionName[]> {
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
  rows: readonly {
    id: number
    role: string
    requires_aal: 'aal2' | null
    resource: string | null
    action: string | null
  }[],
): RolePermissions {
  const rolePermissions = new Map<RoleId, HeldByRole & { permissions: PermissionName[] }>()
  for (const { id, role, requires_aal: requiresAal, resource, action } of rows) {
    const found = rolePermissions.get(id as RoleId)
    const rolePermission = found ?? { codeName: role, requiresAal, permissions: [] }
    rolePermissions.set(id as RoleId, rolePermission)
    if (resource !== null && action !== null)
      rolePermission.permissions.push(permissionName(resource, action))
  }
  for (const rolePermission of rolePermissions.values()) rolePermission.permissions.sort()
  return rolePermissions
}

/** One action on one kind of resource, by their code names. */
export interface Permission {
  readonly id: PermissionId
  readonly resource: string
  readonly action: string
}

export type PermissionColumn = 'id' | 'resource' | 'action'

export interface PermissionParts {
  readonly resourceId: ResourceId
  readonly actionId: ActionId
}

/** What a permission is found by: itself, or one of its halves. */
export type PermissionOf =
  | { readonly permissionId: PermissionId }
  | { readonly resourceId: ResourceId }
  | { readonly actionId: ActionId }
