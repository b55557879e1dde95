import type { ExportRows } from '../exports/index.ts'
import {
  countedPageSchema,
  countParameter,
  freshly,
  IdParams,
  listParameters,
  type Pager,
  type RequestGuard,
  type Route,
  route,
  type StepUp,
  Type,
  toCountBody,
} from '../http/index.ts'
import { type Principal, Rejection, type UserId } from '../kernel/index.ts'
import type { UserChanges } from './account-fields.ts'
import { changedAccountRules, newAccountRules } from './account-schemas.ts'
import {
  toNewAccount,
  toReplacement,
  toUpdate,
  UserChangeBody,
  UserCreateBody,
  UserReplaceBody,
} from './body-schemas.ts'
import { checkUsersRoutes } from './check-users-routes.ts'
import { createUser } from './create-user.ts'
import { parseKnownEmail } from './email-address.ts'
import { onUser, toUserBody, UserBody, userEtag, userExample, userFilters, userList } from './schemas.ts'
import { type CreateUserDeps, couldRemoveSuperuser, deactivateUser, updateUser } from './update-user.ts'
import { userExportRoutes } from './user-export-routes.ts'

export interface UserDeps extends CreateUserDeps {
  readonly guard: Pick<RequestGuard, 'assertStepUp'>
  readonly pager: Pager
  readonly exportRows: ExportRows
}

const tag = 'Users'
const permitted = { resource_name: 'users' } as const

const UserListQuery = Type.Object(
  { ...listParameters, count: countParameter, ...userFilters },
  { additionalProperties: false },
)

const answer = (description: string) =>
  ({ status: 200, description, schema: UserBody, example: userExample, etag: userEtag }) as const

/** Only a superuser may do so, and it opens everything: ASVS 7.5.3. */
const forRights: StepUp = {
  ...freshly,
  when: {
    says: 'Where the body names `is_superuser` or `is_staff`',
    isSuch: body => body.is_superuser !== undefined || body.is_staff !== undefined,
  },
}

/**
 * Taking a superuser away asks like making one, and an address, by which an account is recovered, like the change of one's own. What the
 * account has, the body does not say, and a PUT takes what it leaves out.
 */
async function assertStepUpFor(
  { users, guard }: Pick<UserDeps, 'users' | 'guard'>,
  principal: Principal,
  { userId, changes }: { readonly userId: UserId; readonly changes: UserChanges },
): Promise<void> {
  const { email } = changes
  if (!couldRemoveSuperuser(changes) && email === undefined) return
  const user = await users.findById(userId)
  if (user === undefined) return
  const isOtherAddress = email !== undefined && parseKnownEmail(email) !== user.email
  if (isOtherAddress || (couldRemoveSuperuser(changes) && user.isSuperuser)) {
    await guard.assertStepUp(principal, freshly)
  }
}

const stepRules =
  'The rules of `roles` in `PATCH` apply: who asks must hold every permission of the role, and no one can change their own roles. A role that does not exist is a 404.'

/** One role of the list, by the use case of the whole list (ADR 33). */
const step = {
  path: '/users/:id/roles/:code_name/',
  access: { ...permitted, action: 'update' },
  tag,
  params: Type.Object(
    {
      id: Type.Integer({ minimum: 1 }),
      code_name: Type.String({ maxLength: 100, description: 'The code name of the role.' }),
    },
    { additionalProperties: false },
  ),
  takesIfMatch: true,
  rejections: ['not_found'],
} as const

export const userRoutes = (deps: UserDeps): readonly Route[] => [
  route({
    method: 'GET',
    path: '/users/',
    access: permitted,
    operationId: 'listUsers',
    tag,
    summary: 'List users',
    description:
      'A page of accounts, deactivated ones included. `search` looks into the address and the names, in the Latin and the Cyrillic alphabet.',
    query: UserListQuery,
    success: {
      status: 200,
      description: 'One page.',
      schema: countedPageSchema(UserBody, 'UserPage'),
      example: { next: null, previous: null, results: [userExample] },
    },
    async handler({ query }) {
      const filter = { isActive: query.is_active, role: query.role }
      const request = deps.pager.read(userList, query)
      const [page, count] = await Promise.all([
        deps.users.list(filter, request),
        query.count ? deps.users.countListed(filter, request.search) : undefined,
      ])
      const roles = await deps.users.rolesOf(page.rows.map(user => user.id))
      return {
        ...deps.pager.answer(userList, query, page, user =>
          toUserBody({ ...user, roles: roles.get(user.id) ?? [] }),
        ),
        ...(count && { count: toCountBody(count) }),
      }
    },
  }),

  route({
    method: 'POST',
    path: '/users/',
    access: permitted,
    operationId: 'createUser',
    stepUp: forRights,
    tag,
    summary: 'Create an account',
    description:
      'Creates an account for another person, with a temporary password by the rules of registration. Roles can be granted only by a caller who has every permission in them; `is_staff` and `is_superuser` only by a superuser.',
    body: UserCreateBody,
    bodyExample: {
      email: 'anna.petrova@example.com',
      password: 'correct horse battery staple',
      first_name: 'Анна',
      last_name: 'Петрова',
      roles: ['user'],
    },
    rules: newAccountRules(deps),
    success: { ...answer('The account exists.'), status: 201 },
    rejections: ['conflict'],
    async handler({ principal, body, origin }) {
      return toUserBody(await createUser(deps, { principal, origin }, toNewAccount(body)))
    },
  }),

  ...checkUsersRoutes(deps),

  ...userExportRoutes(deps),

  route({
    method: 'GET',
    path: '/users/:id/',
    access: permitted,
    operationId: 'readUser',
    tag,
    summary: 'Read a user',
    description: 'One account with the code names of its roles. Deactivated accounts stay readable.',
    params: IdParams,
    success: answer('The account.'),
    rejections: ['not_found'],
    async handler({ params }) {
      const id = params.id as UserId
      const [user, roles] = await Promise.all([deps.users.findById(id), deps.users.rolesOf([id])])
      if (user === undefined) throw new Rejection('not_found')
      return toUserBody({ ...user, roles: roles.get(id) ?? [] })
    },
  }),

  route({
    method: 'PUT',
    path: '/users/:id/',
    access: permitted,
    operationId: 'replaceUser',
    stepUp: forRights,
    takesIfMatch: true,
    tag,
    summary: 'Replace a user',
    description:
      'Sets the whole account: names left out become null, `is_active` true, `is_staff` and `is_superuser` false; `roles` are all that the user is to have. The rules of `PATCH` apply to what differs. Revoking superuser privileges requires a step-up, and so does another address.',
    params: IdParams,
    body: UserReplaceBody,
    bodyExample: {
      email: 'anna.petrova@example.com',
      first_name: 'Анна',
      last_name: 'Петрова',
      roles: ['user'],
    },
    rules: changedAccountRules,
    success: answer('The account as it is now.'),
    rejections: ['not_found', 'conflict'],
    async handler({ principal, params, body, origin, precondition }) {
      const caller = { principal, origin, precondition: onUser(precondition) }
      const update = { userId: params.id as UserId, ...toReplacement(body) }
      await assertStepUpFor(deps, principal, update)
      return toUserBody(await updateUser(deps, caller, update))
    },
  }),

  route({
    method: 'PATCH',
    path: '/users/:id/',
    access: permitted,
    operationId: 'changeUser',
    stepUp: forRights,
    takesIfMatch: true,
    tag,
    summary: 'Change a user',
    description:
      'Changes what the body names. Setting `is_active` to false ends all sessions of the user at once; true again brings no old token back. An account that holds a permission the caller lacks cannot be changed; no one can change their own roles; the last active superuser stays. Deactivating a superuser and another address require a step-up.',
    params: IdParams,
    body: UserChangeBody,
    bodyExample: { is_active: false },
    rules: changedAccountRules,
    success: answer('The account as it is now.'),
    rejections: ['not_found', 'conflict'],
    async handler({ principal, params, body, origin, precondition }) {
      const caller = { principal, origin, precondition: onUser(precondition) }
      const update = { userId: params.id as UserId, ...toUpdate(body) }
      await assertStepUpFor(deps, principal, update)
      return toUserBody(await updateUser(deps, caller, update))
    },
  }),

  route({
    method: 'DELETE',
    path: '/users/:id/',
    access: permitted,
    operationId: 'deactivateUser',
    takesIfMatch: true,
    tag,
    summary: 'Deactivate an account',
    description:
      'A soft delete: the account is deactivated and logged out everywhere, the row stays readable and the address taken. Deactivating a deactivated account is harmless. Deactivating that of a superuser requires a step-up.',
    params: IdParams,
    success: { status: 204, description: 'The account is closed.' },
    rejections: ['not_found', 'conflict'],
    async handler({ principal, params, origin, precondition }) {
      const caller = { principal, origin, precondition: onUser(precondition) }
      const userId = params.id as UserId
      await assertStepUpFor(deps, principal, { userId, changes: { isActive: false } })
      await deactivateUser(deps, caller, userId)
    },
  }),

  route({
    ...step,
    method: 'PUT',
    operationId: 'giveRole',
    summary: 'Grant a user one role',
    description: `Adds the role to those that the user holds by now; one that they hold already is harmless. ${stepRules}`,
    success: { status: 204, description: 'The user holds the role.' },
    async handler({ principal, params: { id, code_name }, origin, precondition }) {
      const caller = { principal, origin, precondition: onUser(precondition) }
      await updateUser(deps, caller, { userId: id as UserId, changes: {}, roles: { give: code_name } })
    },
  }),

  route({
    ...step,
    method: 'DELETE',
    operationId: 'takeRole',
    summary: 'Revoke one role from a user',
    description: `Takes the role from the user and leaves them the others; one that they do not hold is harmless. ${stepRules}`,
    success: { status: 204, description: 'The user does not hold the role.' },
    async handler({ principal, params: { id, code_name }, origin, precondition }) {
      const caller = { principal, origin, precondition: onUser(precondition) }
      await updateUser(deps, caller, { userId: id as UserId, changes: {}, roles: { take: code_name } })
    },
  }),
]
