import { entityTagOf, NullableText, type Static, Type } from '../http/index.ts'
import { type Locale, render } from '../kernel/index.ts'
import { closed, namedPatch, namedRow, namedWrite, toNamedBody } from './field-schemas.ts'
import { AccessChangeBody } from './preview-routes.ts'
import { maxPermissions } from './role-permissions.ts'
import type { RoleRefusals } from './role-refusals.ts'
import type { RoleWithPermissions } from './roles.ts'

/** Any text: one that is not a code name is answered with "not allowed", not with a validation error. */
const AskedName = Type.String({ minLength: 1, maxLength: 100 })
/** JSON can hold a number that is no longer exact: it would ask about another user, or about no row at all. */
const AskedUser = Type.Integer({
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'Whose permissions; the caller’s unless given. Another user’s need `users:read`.',
})

const AskedLevel = Type.Optional(
  Type.Union([Type.Literal('aal1'), Type.Literal('aal2')], {
    description:
      'The level of the session that is asked about. Unless given that of the token for oneself, and the lowest for another user.',
  }),
)

const RequiredLevel = (description: string) => Type.Optional(Type.Literal('aal2', { description }))

export const question = { resource: AskedName, action: AskedName }
const QuestionBody = Type.Object(question, { $id: 'AccessQuestion', additionalProperties: false })

export const CheckBody = Type.Object(
  {
    checks: Type.Array(QuestionBody, { minItems: 1, maxItems: 100 }),
    user_id: Type.Optional(AskedUser),
    acr: AskedLevel,
  },
  { $id: 'AccessCheck', additionalProperties: false },
)

export const CheckedBody = Type.Object(
  {
    results: Type.Array(
      Type.Object(
        {
          resource: Type.String(),
          action: Type.String(),
          allowed: Type.Boolean(),
          requires_aal: RequiredLevel(
            'It is refused, and a session that showed a second factor would be allowed.',
          ),
        },
        { $id: 'AccessAnswer' },
      ),
      { description: 'In the order of the questions.' },
    ),
  },
  { $id: 'AccessChecked' },
)

export const ExplainQuery = Type.Object(
  {
    user_id: Type.Optional(AskedUser),
    acr: AskedLevel,
    ...question,
    alternatives: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          'Whether to say as well what would turn the decision round; needs `roles:read` and `users:read`, about oneself too.',
      }),
    ),
  },
  { additionalProperties: false },
)

const ReasonBody = Type.Object({ role: Type.String(), permission: Type.String() }, { $id: 'AccessGround' })

export const EffectiveQuery = Type.Object(
  {
    user_id: Type.Optional(AskedUser),
    as_if_active: Type.Optional(
      Type.Boolean({
        default: false,
        description:
          'Whether to list for an inactive account what its roles would give, should it be reactivated. Nothing is allowed to it now.',
      }),
    ),
  },
  { additionalProperties: false },
)

export const EffectiveBody = Type.Object(
  {
    user_id: Type.Integer(),
    is_active: Type.Boolean({ description: 'Nothing is allowed to an inactive account.' }),
    is_superuser: Type.Boolean({ description: 'A superuser can do everything, whatever is listed here.' }),
    permissions: Type.Array(
      Type.Object(
        {
          resource: Type.String(),
          action: Type.String(),
          because: Type.Array(ReasonBody, { description: 'Every role and permission that allows it.' }),
          requires_aal: RequiredLevel('Every role that allows it asks for a second factor.'),
        },
        { $id: 'EffectivePermission' },
      ),
      { description: 'What the roles of the user give, sorted by resource and action.' },
    ),
  },
  { $id: 'EffectiveAccess' },
)

export const ExplainedBody = Type.Object(
  {
    allowed: Type.Boolean(),
    because: Type.Array(
      Type.Union([
        Type.Object({ role: Type.String(), permission: Type.String() }),
        Type.Object({ superuser: Type.Literal(true) }),
        Type.Object({
          unknown: Type.Union([Type.Literal('resource'), Type.Literal('action')], {
            description: 'What there is none of under this code name: no one is allowed it.',
          }),
          name: Type.String(),
        }),
        Type.Object({ missing: Type.String({ description: 'The permission that it takes.' }) }),
        Type.Object({
          requires_aal: Type.Literal('aal2', {
            description: 'Nothing else allows it than a role that asks for a second factor.',
          }),
          by: Type.Object({ role: Type.String(), permission: Type.String() }),
        }),
        Type.Object({ inactive: Type.Literal(true) }),
      ]),
      { description: 'Every role and permission that allows it, or why nothing does.' },
    ),
    alternatives: Type.Optional(
      Type.Array(
        Type.Object(
          {
            changes: Type.Array(AccessChangeBody, { description: 'All of these, in this order.' }),
            affects: Type.Integer({ description: 'Users whose permissions these would change.' }),
            gains: Type.Integer({
              description: 'Permissions that they would gain, added up over all of them.',
            }),
            losses: Type.Integer({ description: 'Permissions that they would lose, added up likewise.' }),
          },
          { $id: 'AccessAlternative' },
        ),
        {
          description:
            'Where they were asked for: at most ten sets of changes that would turn the decision round. First those that give or take the fewest permissions, added up over all users; of these, those of fewest changes.',
        },
      ),
    ),
  },
  { $id: 'AccessExplained' },
)

export const AuthorizedUserBody = Type.Object(
  {
    id: Type.Integer(),
    email: Type.String(),
    first_name: NullableText,
    last_name: NullableText,
    middle_name: NullableText,
    is_superuser: Type.Boolean(),
    roles: Type.Array(Type.String(), { description: 'The roles that say so, sorted.' }),
  },
  { $id: 'CapableUser' },
)

export const checkExample = {
  checks: [
    { resource: 'documents', action: 'approve' },
    { resource: 'payments', action: 'delete' },
  ],
}
export const checkedExample = {
  results: [
    { resource: 'documents', action: 'approve', allowed: true },
    { resource: 'payments', action: 'delete', allowed: false },
  ],
}
export const explainedExample = {
  allowed: true,
  because: [
    { role: 'editor', permission: 'documents:approve' },
    { role: 'supervisor', permission: 'documents:all' },
  ],
  alternatives: [
    {
      changes: [
        { kind: 'take_role', user_id: 52, role: 'editor' },
        { kind: 'take_role', user_id: 52, role: 'supervisor' },
      ],
      affects: 1,
      gains: 0,
      losses: 6,
    },
    { changes: [{ kind: 'deactivate_user', user_id: 52 }], affects: 1, gains: 0, losses: 8 },
    {
      changes: [
        { kind: 'take_permission', role: 'editor', permission: 'documents:approve' },
        { kind: 'take_role', user_id: 52, role: 'supervisor' },
      ],
      affects: 7,
      gains: 0,
      losses: 11,
    },
  ],
}
export const effectiveExample = {
  user_id: 52,
  is_active: true,
  is_superuser: false,
  permissions: [
    {
      resource: 'documents',
      action: 'all',
      because: [{ role: 'supervisor', permission: 'documents:all' }],
    },
    {
      resource: 'documents',
      action: 'approve',
      because: [
        { role: 'editor', permission: 'documents:approve' },
        { role: 'supervisor', permission: 'documents:all' },
      ],
    },
  ],
}
export const authorizedUserExample = {
  id: 52,
  email: 'anna.petrova@example.com',
  first_name: 'Анна',
  last_name: 'Петрова',
  middle_name: null,
  is_superuser: false,
  roles: ['editor'],
}

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
