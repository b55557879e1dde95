import { Type } from '../http/index.ts'

/** Any text: what is not the code name of anything is not allowed, and no mistake of form. */
const AskedName = Type.String({ minLength: 1, maxLength: 100 })
/** A body can hold a number that is no longer exact: it would ask about somebody else, or about no row at all. */
const AskedUser = Type.Integer({
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
  description: 'Whose permissions; the caller’s unless given. Another user’s need `users:read`.',
})

export const question = { resource: AskedName, action: AskedName }
const QuestionBody = Type.Object(question, { $id: 'AccessQuestion', additionalProperties: false })

export const CheckBody = Type.Object(
  {
    checks: Type.Array(QuestionBody, { minItems: 1, maxItems: 100 }),
    user_id: Type.Optional(AskedUser),
  },
  { $id: 'AccessCheck', additionalProperties: false },
)

export const CheckedBody = Type.Object(
  {
    results: Type.Array(
      Type.Object(
        { resource: Type.String(), action: Type.String(), allowed: Type.Boolean() },
        { $id: 'AccessAnswer' },
      ),
      { description: 'In the order of the questions.' },
    ),
  },
  { $id: 'AccessChecked' },
)

export const ExplainQuery = Type.Object(
  { user_id: Type.Optional(AskedUser), ...question },
  { additionalProperties: false },
)

export const ExplainedBody = Type.Object(
  {
    allowed: Type.Boolean(),
    because: Type.Array(
      Type.Union([
        Type.Object({ role: Type.String(), permission: Type.String() }),
        Type.Object({ superuser: Type.Literal(true) }),
        Type.Object({ missing: Type.String({ description: 'The permission that it takes.' }) }),
        Type.Object({ inactive: Type.Literal(true) }),
      ]),
      { description: 'Every role and permission that allows it, or the one reason why nothing does.' },
    ),
  },
  { $id: 'AccessExplained' },
)

export const CapableBody = Type.Object(
  {
    id: Type.Integer(),
    email: Type.String(),
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
}
export const capableExample = {
  id: 52,
  email: 'anna.petrova@example.com',
  is_superuser: false,
  roles: ['editor'],
}
