import { type Acr, type Grants, levelOf } from '@propusk/gate/core'
import { sql } from 'kysely'
import {
  type ApiKeyId,
  isKeyPrincipal,
  type PermissionName,
  type Principal,
  permissionName,
  type UserId,
} from '../kernel/index.ts'
import { type Handle, preparedQuery } from '../store/index.ts'
import { boundedBy, type Rights } from './rank.ts'

const rightsOf = preparedQuery((db, { userId }: { userId: UserId }) =>
  db
    .selectFrom('users as u')
    .leftJoin('user_roles as ur', 'ur.user_id', 'u.id')
    .leftJoin('roles as r', 'r.id', 'ur.role_id')
    .leftJoin('role_permissions as rp', 'rp.role_id', 'r.id')
    .leftJoin('permissions as p', 'p.id', 'rp.permission_id')
    .leftJoin('resources as res', 'res.id', 'p.resource_id')
    .leftJoin('actions as act', 'act.id', 'p.action_id')
    .select([
      'u.is_superuser',
      'r.code_name as role',
      'r.requires_aal',
      'res.code_name as resource',
      'act.code_name as action',
    ])
    .where('u.id', '=', userId),
)

export type RightsStore = ReturnType<typeof sqlRightsStore>

export const sqlRightsStore = (db: Handle) => {
  async function ofKey(apiKeyId: ApiKeyId): Promise<Rights> {
    const [byRole, direct] = await Promise.all([
      db
        .selectFrom('api_key_roles as kr')
        .innerJoin('roles as r', 'r.id', 'kr.role_id')
        .leftJoin('role_permissions as rp', 'rp.role_id', 'r.id')
        .leftJoin('permissions as p', 'p.id', 'rp.permission_id')
        .leftJoin('resources as res', 'res.id', 'p.resource_id')
        .leftJoin('actions as act', 'act.id', 'p.action_id')
        .select([
          'r.code_name as role',
          'r.requires_aal',
          'res.code_name as resource',
          'act.code_name as action',
        ])
        .where('kr.api_key_id', '=', apiKeyId)
        .execute(),
      db
        .selectFrom('api_key_permissions as kp')
        .innerJoin('permissions as p', 'p.id', 'kp.permission_id')
        .innerJoin('resources as res', 'res.id', 'p.resource_id')
        .innerJoin('actions as act', 'act.id', 'p.action_id')
        .select([sql<null>`null`.as('requires_aal'), 'res.code_name as resource', 'act.code_name as action'])
        .where('kp.api_key_id', '=', apiKeyId)
        .execute(),
    ])
    const permissions = permissionsOf([...byRole, ...direct], 'aal1')
    return { isSuperuser: false, roles: namesOf(byRole), permissions, withFactor: permissions }
  }

  async function of(userId: UserId, acr: Acr = 'aal2'): Promise<Rights> {
    const rows = await rightsOf(db, { userId })
    const withFactor = permissionsOf(rows, 'aal2')
    return {
      isSuperuser: Boolean(rows[0]?.is_superuser),
      roles: namesOf(rows),
      permissions: acr === 'aal2' ? withFactor : permissionsOf(rows, acr),
      withFactor,
    }
  }

  /**
   * Of an account at the highest level, or of an API key of it, which is never a superuser and holds no more than its owner does
   * without a second factor (ADR 38, ADR 49).
   */
  const ofAccount = async (userId: UserId, apiKeyId: ApiKeyId | null): Promise<Rights> =>
    apiKeyId === null ? of(userId) : boundedBy(await ofKey(apiKeyId), await of(userId, 'aal1'))

  return {
    /** Of an inactive user too: what they would have. Nothing at all when there is no such user. */
    of: (userId: UserId): Promise<Rights> => of(userId),
    ofAccount,
    /** Of a caller: in a session of which level, or by which API key. */
    ofCaller: (principal: Principal): Promise<Rights> =>
      isKeyPrincipal(principal)
        ? ofAccount(principal.userId, principal.apiKeyId)
        : of(principal.userId, levelOf(principal.authentication?.acr)),
  }
}

const namesOf = (rows: readonly { readonly role: string | null }[]): readonly string[] =>
  [...new Set(rows.flatMap(row => row.role ?? []))].sort()

interface HeldRow {
  readonly requires_aal: 'aal2' | null
  readonly resource: string | null
  readonly action: string | null
}

/** What holds at this level. */
function permissionsOf(rows: readonly HeldRow[], acr: Acr): ReadonlySet<PermissionName> {
  const held = new Set<PermissionName>()
  for (const { requires_aal, resource, action } of rows) {
    const isEnough = requires_aal === null || acr === 'aal2'
    if (isEnough && resource !== null && action !== null) held.add(permissionName(resource, action))
  }
  return held
}

const selectGrantsOfUser = preparedQuery((db, { userId }: { userId: UserId }) =>
  db
    .selectFrom('users as u')
    .leftJoin('user_roles as ur', 'ur.user_id', 'u.id')
    .leftJoin('roles as r', 'r.id', 'ur.role_id')
    .select(['u.is_active', 'u.is_superuser', 'r.id', 'r.code_name'])
    .where('u.id', '=', userId)
    .orderBy('r.code_name'),
)

/** What a user has, as the database says it now. */
export interface UserGrants extends Grants {
  readonly roleIds: readonly number[]
  readonly isActive: boolean
}

export type GrantsStore = ReturnType<typeof sqlGrantsStore>

export const sqlGrantsStore = (db: Handle) => {
  async function find(userId: UserId): Promise<UserGrants | undefined> {
    const rows = await selectGrantsOfUser(db, { userId })
    const [first] = rows
    return (
      first && {
        isActive: Boolean(first.is_active),
        isSuperuser: Boolean(first.is_superuser),
        roles: rows.flatMap(row => row.code_name ?? []),
        roleIds: rows.flatMap(row => row.id ?? []),
      }
    )
  }
  return {
    /** Undefined when there is no such user. */
    find,
    /** Throws when there is no such user: for callers that hold a row that refers to it. */
    async get(userId: UserId): Promise<UserGrants> {
      const grants = await find(userId)
      if (grants === undefined) throw new Error(`There is no user ${userId}, though a row refers to it.`)
      return grants
    },
  }
}
