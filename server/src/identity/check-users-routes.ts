import { type Route, route, type Static, Type, toProblem } from '../http/index.ts'
import type { Locale, Rejection } from '../kernel/index.ts'
import { toProposedAccount } from './body-schemas.ts'
import { checkNewUsers } from './check-new-users.ts'
import { RolesField } from './schemas.ts'
import type { CreateUserDeps } from './update-user.ts'

/** As the rows of a file come: what is wrong with a text is told of its row, and is no fault of the request. */
const PresentedText = Type.Optional(Type.Union([Type.String({ maxLength: 4000 }), Type.Null()]))

const ProposedUserBody = Type.Object(
  {
    email: Type.String({ maxLength: 4000 }),
    first_name: PresentedText,
    last_name: PresentedText,
    middle_name: PresentedText,
    note: PresentedText,
    is_active: Type.Optional(Type.Boolean({ default: true })),
    roles: Type.Optional(RolesField),
  },
  { $id: 'ProposedUser', additionalProperties: false },
)

const CheckedUserBody = Type.Object(
  {
    faults: Type.Array(
      Type.Object({
        field: Type.Union([Type.String(), Type.Null()], { description: 'Null where it is about the whole.' }),
        message: Type.String(),
      }),
      { description: 'None: the account could be opened.' },
    ),
  },
  { $id: 'CheckedUser' },
)

export const checkUsersRoutes = (deps: CreateUserDeps): readonly Route[] => [
  route({
    method: 'POST',
    path: '/users/check/',
    access: { resource_name: 'users' },
    operationId: 'checkUsers',
    tag: 'Users',
    summary: 'Ask whether accounts could be created',
    description:
      'Before an import: tries to open these accounts in their order, as `POST /users/` would for this caller, and keeps none of them. Each row has its faults in the answer; an address that a row before it has is taken. Passwords are not asked for.',
    body: Type.Object(
      { users: Type.Array(ProposedUserBody, { minItems: 1, maxItems: 100 }) },
      { $id: 'UsersCheck', additionalProperties: false },
    ),
    bodyExample: { users: [{ email: 'anna.petrova@example.com', first_name: 'Анна', roles: ['user'] }] },
    success: {
      status: 200,
      description: 'What is wrong with each, in their order.',
      schema: Type.Object({ results: Type.Array(CheckedUserBody) }, { $id: 'UsersChecked' }),
      example: { results: [{ faults: [{ field: 'email', message: 'This email is taken.' }] }] },
    },
    async handler({ principal, body, origin, locale }) {
      const found = await checkNewUsers(deps, { principal, origin }, body.users.map(toProposedAccount))
      return { results: found.map(rejection => ({ faults: faultsOf(rejection, locale) })) }
    },
  }),
]

function faultsOf(
  rejection: Rejection | undefined,
  locale: Locale,
): Static<typeof CheckedUserBody>['faults'] {
  if (rejection === undefined) return []
  const { detail, errors } = toProblem(rejection, locale, '')
  if (errors === undefined) return [{ field: null, message: detail }]
  return Object.entries(errors).flatMap(([field, messages]) => messages.map(message => ({ field, message })))
}
