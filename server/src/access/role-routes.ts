import {
  IdParams,
  type ListSpec,
  listParameters,
  type PreconditionOn,
  pageSchema,
  type Route,
  route,
  searchParameter,
  Type,
} from '../http/index.ts'
import { type Listed, type Page, Rejection, type RoleId } from '../kernel/index.ts'
import { namedOrderings } from './catalogue.ts'
import { namedRules, toNamedChanges, toNamedFields } from './field-schemas.ts'
import type { NamedColumn, Role } from './named-store.sql.ts'
import { refusalsOfRole } from './role-refusals.ts'
import {
  RoleBody,
  RolePatchBody,
  RoleReadBody,
  RoleReadQuery,
  RoleReplaceBody,
  RoleWriteBody,
  roleEtag,
  roleExample,
  roleWriteExample,
  toRefusalsBody,
  toRequiredLevel,
  toRoleBody,
} from './role-schemas.ts'
import { createRole, deleteRole, type RoleWithPermissions, updateRole, withPermissions } from './roles.ts'
import type { AccessRouteDeps } from './routes.ts'

const tag = 'Roles'
const permitted = { resource_name: 'roles' } as const

const roleList: ListSpec<Listed<RoleWithPermissions>, NamedColumn> = {
  path: '/api/auth/roles/',
  orderings: namedOrderings,
  defaultOrdering: 'id',
  idOf: role => role.id,
}

const answer = (description: string) =>
  ({ status: 200, description, schema: RoleBody, example: roleExample, etag: roleEtag }) as const

const onRole = (precondition: PreconditionOn) =>
  precondition((role: RoleWithPermissions) => roleEtag(toRoleBody(role)))

const stepRules =
  'Who asks must hold it. Its resource and its action must exist (404); the permission itself need not yet.'

/** One permission of the list, by the use case of the whole list (ADR 33). */
const step = {
  path: '/roles/:id/permissions/:name/',
  access: { ...permitted, action: 'update' },
  tag,
  params: Type.Object(
    {
      id: Type.Integer({ minimum: 1 }),
      name: Type.String({ maxLength: 201, description: 'The permission: `resource:action`.' }),
    },
    { additionalProperties: false },
  ),
  takesIfMatch: true,
  rejections: ['not_found'],
} as const

export const roleRoutes = (deps: AccessRouteDeps): readonly Route[] => {
  const { roles, permissions } = deps.stores

  const complete = async (page: Page<Listed<Role>>): Promise<Page<Listed<RoleWithPermissions>>> => {
    const rolePermissions = await permissions.permissionsOfRoles(page.rows.map(role => role.id))
    return {
      ...page,
      rows: page.rows.map(role => ({ ...withPermissions(role, rolePermissions), place: role.place })),
    }
  }

  return [
    route({
      method: 'GET',
      path: '/roles/',
      access: permitted,
      operationId: 'listRoles',
      tag,
      summary: 'List roles',
      description: 'A page of roles with what each permits. `search` looks into the name and the code name.',
      query: Type.Object({ ...listParameters, search: searchParameter }, { additionalProperties: false }),
      success: {
        status: 200,
        description: 'One page.',
        schema: pageSchema(RoleBody, 'RolePage'),
        example: { next: null, previous: null, results: [roleExample] },
      },
      async handler({ query }) {
        const page = await complete(await roles.list(deps.pager.read(roleList, query)))
        return deps.pager.answer(roleList, query, page, toRoleBody)
      },
    }),

    route({
      method: 'POST',
      path: '/roles/',
      access: permitted,
      operationId: 'createRole',
      tag,
      summary: 'Create a role',
      description:
        'Creates a role, with permissions if the body names some: who asks must hold every one of them. A permission that does not exist yet is created as well; its resource and its action must exist.',
      body: RoleWriteBody,
      bodyExample: roleWriteExample,
      rules: namedRules,
      success: { ...answer('The role exists.'), status: 201 },
      rejections: ['conflict'],
      async handler({ principal, body, origin }) {
        const permissions = body.permissions ?? []
        const fields = { ...toNamedFields(body), ...toRequiredLevel(body), permissions }
        return toRoleBody(await createRole(deps, { principal, origin }, fields))
      },
    }),

    route({
      method: 'GET',
      path: '/roles/:id/',
      access: permitted,
      operationId: 'readRole',
      tag,
      summary: 'Read a role',
      description:
        'One role with what it permits. With `refusals=true` the answer says, too, what the rules of rank would refuse the caller about it; the entity tag is the same.',
      params: IdParams,
      query: RoleReadQuery,
      success: {
        status: 200,
        description: 'The role.',
        schema: RoleReadBody,
        example: roleExample,
        etag: ({ refusals: _, ...role }) => roleEtag(role),
      },
      rejections: ['not_found'],
      async handler({ principal, params, query, locale }) {
        const id = params.id as RoleId
        const [role, rolePermissions] = await Promise.all([
          roles.findById(id),
          permissions.permissionsOfRoles([id]),
        ])
        if (role === undefined) throw new Rejection('not_found')
        const found = withPermissions(role, rolePermissions)
        if (query.refusals !== true) return toRoleBody(found)
        const refusals = await refusalsOfRole(deps.stores, principal, found)
        return { ...toRoleBody(found), refusals: toRefusalsBody(refusals, locale) }
      },
    }),

    route({
      method: 'PUT',
      path: '/roles/:id/',
      access: permitted,
      operationId: 'replaceRole',
      tag,
      summary: 'Replace a role',
      description:
        'Sets the whole role: a description left out becomes null, `permissions` is the whole new list, and `requires_aal` left out stays as it is. The rules of `PATCH` apply to what differs.',
      params: IdParams,
      takesIfMatch: true,
      body: RoleReplaceBody,
      bodyExample: roleWriteExample,
      rules: namedRules,
      success: answer('The role as it is now.'),
      rejections: ['not_found', 'conflict'],
      async handler({ principal, params, body, origin, precondition }) {
        const caller = { principal, origin, precondition: onRole(precondition) }
        const { permissions } = body
        const changes = { ...toNamedFields(body), ...toRequiredLevel(body), permissions }
        return toRoleBody(await updateRole(deps, caller, params.id as RoleId, changes))
      },
    }),

    route({
      method: 'PATCH',
      path: '/roles/:id/',
      access: permitted,
      operationId: 'changeRole',
      tag,
      summary: 'Change a role',
      description:
        'Changes what the body names; `permissions` is the whole new list. Who asks must hold every permission that is added or taken away, and all of them where `requires_aal` changes. Its holders gain or lose it with their next request. For a new `code_name`, no holder may be of higher rank than who asks.',
      params: IdParams,
      takesIfMatch: true,
      body: RolePatchBody,
      bodyExample: { permissions: ['documents:read'] },
      rules: namedRules,
      success: answer('The role as it is now.'),
      rejections: ['not_found', 'conflict'],
      async handler({ principal, params, body, origin, precondition }) {
        const caller = { principal, origin, precondition: onRole(precondition) }
        const changes = {
          ...toNamedChanges(body),
          ...toRequiredLevel(body),
          ...(body.permissions !== undefined && { permissions: body.permissions }),
        }
        return toRoleBody(await updateRole(deps, caller, params.id as RoleId, changes))
      },
    }),

    route({
      method: 'DELETE',
      path: '/roles/:id/',
      access: permitted,
      operationId: 'deleteRole',
      tag,
      summary: 'Delete a role',
      description:
        'Deletes the role and takes it from its holders. Who asks must hold every permission of it, and no holder may be of higher rank.',
      params: IdParams,
      takesIfMatch: true,
      success: { status: 204, description: 'The role is gone.' },
      rejections: ['not_found'],
      async handler({ principal, params, origin, precondition }) {
        const caller = { principal, origin, precondition: onRole(precondition) }
        await deleteRole(deps, caller, params.id as RoleId)
      },
    }),

    route({
      ...step,
      method: 'PUT',
      operationId: 'givePermission',
      summary: 'Give a role one permission',
      description: `Adds the permission to the role, whatever else it holds by now; one that it holds already is harmless. ${stepRules}`,
      success: { status: 204, description: 'The role holds the permission.' },
      async handler({ principal, params: { id, name }, origin, precondition }) {
        const caller = { principal, origin, precondition: onRole(precondition) }
        await updateRole(deps, caller, id as RoleId, { permissions: { give: name } })
      },
    }),

    route({
      ...step,
      method: 'DELETE',
      operationId: 'takePermission',
      summary: 'Take one permission from a role',
      description: `Takes the permission from the role and leaves it the others; one that it does not hold is harmless. ${stepRules}`,
      success: { status: 204, description: 'The role does not hold the permission.' },
      async handler({ principal, params: { id, name }, origin, precondition }) {
        const caller = { principal, origin, precondition: onRole(precondition) }
        await updateRole(deps, caller, id as RoleId, { permissions: { take: name } })
      },
    }),
  ]
}
