import { entityTagOf, type Static, Type } from '../http/index.ts'
import { type Locale, render } from '../kernel/index.ts'
import { closed, namedPatch, namedRow, namedWrite, RequiredLevel, toNamedBody } from './field-schemas.ts'
import { maxPermissions } from './role-permissions.ts'
import type { RoleRefusals } from './role-refusals.ts'
import type { RoleWithPermissions } from './roles.ts'

const PermissionNames = Type.Array(Type.String({ maxLength: 201 }), {
  maxItems: maxPermissions,
  uniqueItems: true,
  description: 'Each as `resource:action`. Both must exist; the permission itself need not yet.',
})

const roleRow = {
  ...namedRow,
  permissions: Type.Array(Type.String(), { description: 'Each as `resource:action`, sorted.' }),
  requires_aal: RequiredLevel(
    'Its permissions hold only in a session that showed a second factor or a passkey. Absent where they hold in every one.',
  ),
}

export const RoleBody = Type.Object(roleRow, { $id: 'Role' })

const Refusal = (description: string) => Type.Optional(Type.String({ description }))

const RoleRefusalsBody = Type.Object(
  {
    assign: Refusal(
      'Why the caller can neither give it to accounts nor take it from them, nor change `requires_aal`: they lack one of its permissions.',
    ),
    rename: Refusal('Why the caller cannot change its `code_name`: a holder is of higher rank.'),
    delete: Refusal('Why the caller cannot delete it.'),
  },
  {
    $id: 'RoleRefusals',
    description:
      'What the rules of rank would refuse the caller now, each with the reason in the language of the answer; absent where they would not. The permission that a route asks for comes on top, and each write checks again.',
  },
)

export const RoleReadQuery = Type.Object(
  {
    refusals: Type.Optional(
      Type.Boolean({
        default: false,
        description: 'Whether to say as well what the rules of rank would refuse the caller about it.',
      }),
    ),
  },
  { additionalProperties: false },
)

/** A role as one caller reads it. */
export const RoleReadBody = Type.Object(
  { ...roleRow, refusals: Type.Optional(RoleRefusalsBody) },
  { $id: 'RoleRead' },
)

const RequiresAal = Type.Optional(
  Type.Union([Type.Literal('aal1'), Type.Literal('aal2'), Type.Null()], {
    description:
      '`aal2`: the permissions of the role hold only in a session that showed a second factor or a passkey. Null and `aal1` mean the same: in every one.',
  }),
)

export const RoleWriteBody = Type.Object(
  { ...namedWrite, permissions: Type.Optional(PermissionNames), requires_aal: RequiresAal },
  { $id: 'RoleWrite', ...closed },
)

/** A replacement must list the permissions: a body that leaves them out by mistake takes nothing away. */
export const RoleReplaceBody = Type.Object(
  { ...namedWrite, permissions: PermissionNames, requires_aal: RequiresAal },
  { $id: 'RoleReplace', ...closed },
)

export const RolePatchBody = Type.Object(
  { ...namedPatch, permissions: Type.Optional(PermissionNames), requires_aal: RequiresAal },
  { $id: 'RolePatch', minProperties: 1, ...closed },
)

export const toRoleBody = (role: RoleWithPermissions) => ({
  ...toNamedBody(role),
  permissions: [...role.permissions],
  ...(role.requiresAal !== null && { requires_aal: role.requiresAal }),
})

export const toRefusalsBody = (refusals: RoleRefusals, locale: Locale): Static<typeof RoleRefusalsBody> =>
  Object.fromEntries(Object.entries(refusals).map(([what, why]) => [what, render(locale, why)]))

/** What a body says of the level; nothing where it says nothing, also where it replaces: who does not know it lowers none. */
export const toRequiredLevel = ({ requires_aal }: { readonly requires_aal?: 'aal1' | 'aal2' | null }) =>
  requires_aal === undefined ? {} : { requiresAal: requires_aal === 'aal2' ? requires_aal : null }

export const roleEtag = (body: Static<typeof RoleBody>): string => entityTagOf(body)

export const roleWriteExample = {
  name: 'Editor',
  code_name: 'editor',
  description: 'Writes and approves documents.',
  permissions: ['documents:approve', 'documents:read', 'documents:update'],
}

export const roleExample = { id: 4, ...roleWriteExample }
