import { NullableText, Type } from '../http/index.ts'
import { RequiredLevel } from './field-schemas.ts'
import { AccessChangeBody } from './preview-routes.ts'

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
