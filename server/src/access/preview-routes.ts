import { type Route, route, type Static, Type } from '../http/index.ts'
import { message, Rejection, type UserId } from '../kernel/index.ts'
import type { AccessRouteDeps } from './routes.ts'
import {
  type AccessChange,
  type AccessChangeKind,
  type ChangeField,
  fieldsOfKind,
} from './what-if/access-model.ts'
import type { RejectedChange } from './what-if/apply-changes.ts'
import { modelCost } from './what-if/measure-effect.ts'
import {
  type AffectedPerson,
  type Preview,
  previewChanges,
  toFieldErrors,
} from './what-if/preview-changes.ts'

const defaultLimit = 50

export const previewRoutes = ({ whatIf, checkLimiter }: AccessRouteDeps): readonly Route[] => [
  route({
    method: 'POST',
    path: '/access/preview/',
    // What it tells of roles is theirs to read who read roles, and of users who read users.
    access: {
      resource_name: 'roles',
      action: 'read',
      also: { resource_name: 'users', action: 'read' },
    },
    operationId: 'previewAccess',
    tag: 'Access control',
    summary: 'Ask what changes would change',
    description:
      'Who would gain and lose what by changes of roles, permissions and accounts, made one after the other; nothing is written. The numbers are exact over all users. A permission counts for each resource and action that a person can use: `documents:all` for every action of `documents`. Nothing is allowed to an inactive account, and everything to an active superuser. Whether the caller could make these changes is not asked; what no one could make is a 400.',
    body: PreviewBody,
    bodyExample: previewExample,
    success: {
      status: 200,
      description: 'Who gains and loses what.',
      schema: PreviewedBody,
      example: previewedExample,
    },
    rejections: ['conflict', 'too_many_requests'],
    async handler({ principal, body }) {
      checkLimiter.take(principal.userId, await modelCost(whatIf.store))
      return toPreviewedBody(
        await previewChanges(whatIf, toChanges(body.changes), body.limit ?? defaultLimit),
      )
    },
  }),
]

const kinds = Object.keys(fieldsOfKind) as AccessChangeKind[]

const Name = (description: string) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 100, description }))

/** One flat object: of a union of nine, a mistake would be reported nine times, and none of them where it stands. */
export const AccessChangeBody = Type.Object(
  {
    kind: Type.Enum(kinds, {
      description: `What is done. It decides which of the other fields are given, and no more than these: ${kinds
        .map(kind => `\`${kind}\` takes ${fieldsOfKind[kind].map(field => `\`${field}\``).join(' and ')}`)
        .join('; ')}.`,
    }),
    role: Name('The code name of a role.'),
    permission: Type.Optional(
      Type.String({ minLength: 3, maxLength: 201, description: '`resource:action`; both must exist.' }),
    ),
    user_id: Type.Optional(Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER })),
    resource: Name('The code name of a resource.'),
    action: Name('The code name of an action.'),
  },
  { $id: 'AccessChange', additionalProperties: false },
)

type ChangeBody = Static<typeof AccessChangeBody>

const PreviewBody = Type.Object(
  {
    changes: Type.Array(AccessChangeBody, {
      minItems: 1,
      maxItems: 500,
      description: 'Made one after the other, in this order.',
    }),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 200, default: 50, description: 'Users that are listed.' }),
    ),
  },
  { $id: 'AccessPreview', additionalProperties: false },
)

const NullableName = Type.Union([Type.String(), Type.Null()])
const permissionNames = (description: string) => Type.Array(Type.String(), { description })

const PreviewedBody = Type.Object(
  {
    users: Type.Integer({ description: 'How many users gain or lose anything.' }),
    gains: Type.Integer({ description: 'Permissions gained, counted for each user.' }),
    losses: Type.Integer({ description: 'Permissions lost, counted for each user.' }),
    results: Type.Array(
      Type.Object(
        {
          user: Type.Object(
            {
              id: Type.Integer(),
              email: Type.String(),
              first_name: NullableName,
              last_name: NullableName,
              middle_name: NullableName,
            },
            { $id: 'AffectedUser' },
          ),
          gains: permissionNames('`resource:action`, sorted.'),
          losses: permissionNames('`resource:action`, sorted.'),
        },
        { $id: 'AccessEffect' },
      ),
      { description: 'The first of these users by id, no more than `limit` and than 100,000 permissions.' },
    ),
    truncated: Type.Boolean({ description: 'Whether there are users beyond those that are listed.' }),
  },
  { $id: 'AccessPreviewed' },
)

/** The changes in the form of the what-if module. Refuses a change whose fields are not those of its kind. */
export function toChanges(bodies: readonly ChangeBody[]): readonly AccessChange[] {
  const faults = bodies.flatMap(faultsOf)
  if (faults.length > 0) throw new Rejection('invalid_request', { errors: toFieldErrors(faults) })
  return bodies.map(toChange)
}

function faultsOf({ kind, ...given }: ChangeBody, index: number): readonly RejectedChange[] {
  const wanted: readonly ChangeField[] = fieldsOfKind[kind]
  const present = Object.keys(given) as ChangeField[]
  return [
    ...wanted
      .filter(field => !present.includes(field))
      .map(field => ({ index, field, message: message('field.required') })),
    ...present
      .filter(field => !wanted.includes(field))
      .map(field => ({ index, field, message: message('field.unknown') })),
  ]
}

/** INVARIANT: `faultsOf` has found nothing, so the fields are those of the kind. */
const toChange = ({ user_id, ...rest }: ChangeBody): AccessChange =>
  ({ ...rest, ...(user_id !== undefined && { userId: user_id as UserId }) }) as AccessChange

export const toChangeBody = (change: AccessChange): ChangeBody => {
  if (!('userId' in change)) return { ...change }
  const { kind, userId, ...rest } = change
  return { kind, user_id: userId, ...rest }
}

export const toPreviewedBody = ({ users, gains, losses, results, isTruncated }: Preview) => ({
  users,
  gains,
  losses,
  results: results.map(toEffectBody),
  truncated: isTruncated,
})

const toEffectBody = ({ person, gains, losses }: AffectedPerson) => ({
  user: {
    id: person.id,
    email: person.email,
    first_name: person.firstName,
    last_name: person.lastName,
    middle_name: person.middleName,
  },
  gains: [...gains],
  losses: [...losses],
})

const previewExample = {
  changes: [
    { kind: 'grant_permission', role: 'editor', permission: 'documents:approve' },
    { kind: 'take_role', user_id: 52, role: 'supervisor' },
  ],
  limit: 50,
}

const previewedExample = {
  users: 2,
  gains: 1,
  losses: 2,
  results: [
    {
      user: {
        id: 51,
        email: 'anna.petrova@example.com',
        first_name: 'Анна',
        last_name: 'Петрова',
        middle_name: null,
      },
      gains: ['documents:approve'],
      losses: [],
    },
    {
      user: {
        id: 52,
        email: 'john.smith@example.com',
        first_name: 'John',
        last_name: 'Smith',
        middle_name: null,
      },
      gains: [],
      losses: ['documents:export', 'documents:update'],
    },
  ],
  truncated: false,
}
