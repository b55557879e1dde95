import {
  assertPermitted,
  type ListSpec,
  listParameters,
  pageSchema,
  type Route,
  route,
  Type,
} from '../http/index.ts'
import type { Principal, UserId } from '../kernel/index.ts'
import {
  askedAbout,
  checkAccess,
  type EffectiveAccess,
  effectiveAccess,
  explainAccess,
  needsLevel,
} from './access-questions.ts'
import {
  AuthorizedUserBody,
  authorizedUserExample,
  CheckBody,
  CheckedBody,
  checkExample,
  checkedExample,
  EffectiveBody,
  EffectiveQuery,
  ExplainedBody,
  ExplainQuery,
  effectiveExample,
  explainedExample,
  question,
} from './decision-schemas.ts'
import type { AuthorizedUser } from './decision-store.sql.ts'
import { toChangeBody } from './preview-routes.ts'
import type { AccessRouteDeps } from './routes.ts'
import { type Alternative, findAlternatives } from './what-if/find-alternatives.ts'
import { modelCost } from './what-if/measure-effect.ts'

const tag = 'Access control'

/** What a question takes of the account's rate limit. A check is answered from memory; the others read the database. */
const costOf = { check: 1, explain: 20, effective: 50, whoCan: 100 } as const

const authorizedUserList: ListSpec<AuthorizedUser, 'id'> = {
  path: '/api/auth/access/who_can/',
  orderings: { id: user => user.id },
  defaultOrdering: 'id',
  idOf: user => user.id,
}

const toAuthorizedUserBody = ({ id, email, isSuperuser, roles, ...names }: AuthorizedUser) => ({
  id,
  email,
  first_name: names.firstName,
  last_name: names.lastName,
  middle_name: names.middleName,
  is_superuser: isSuperuser,
  roles: [...roles],
})

const toEffectiveBody = ({ userId, isActive, isSuperuser, permissions }: EffectiveAccess) => ({
  user_id: userId,
  is_active: isActive,
  is_superuser: isSuperuser,
  permissions: permissions.map(({ resource, action, because, requiresAal }) => ({
    resource,
    action,
    because: [...because],
    ...(requiresAal && { requires_aal: requiresAal }),
  })),
})

/** They name roles and count users, so they are for who reads both. */
const assertMayAskForAlternatives = (deps: AccessRouteDeps, principal: Principal): void =>
  assertPermitted(deps, principal, [
    { resource: 'roles', action: 'read' },
    { resource: 'users', action: 'read' },
  ])

const toAlternativeBody = ({ changes, ...effect }: Alternative) => ({
  changes: changes.map(toChangeBody),
  ...effect,
})

export const decisionRoutes = (deps: AccessRouteDeps): readonly Route[] => [
  route({
    method: 'POST',
    path: '/access/check/',
    access: 'authenticated',
    operationId: 'checkAccess',
    tag,
    summary: 'Ask what is allowed',
    description:
      'Answers up to 100 questions at once, each in its place. An unknown resource or action is allowed to no one. About the caller it is answered for the session of the token, about another user for one of the lowest level unless `acr` says otherwise.',
    body: CheckBody,
    bodyExample: checkExample,
    success: {
      status: 200,
      description: 'An answer for each question.',
      schema: CheckedBody,
      example: checkedExample,
    },
    rejections: ['permission_denied', 'not_found', 'too_many_requests'],
    async handler({ principal, body }) {
      deps.checkLimiter.take(principal.userId, costOf.check)
      const answers = await checkAccess(deps, principal, askedAbout(principal, body), body.checks)
      return {
        results: body.checks.map(({ resource, action }, index) => {
          const { allowed, requiresAal } = answers[index]!
          return { resource, action, allowed, ...(requiresAal && { requires_aal: requiresAal }) }
        }),
      }
    },
  }),

  route({
    method: 'GET',
    path: '/access/explain/',
    access: 'authenticated',
    operationId: 'explainAccess',
    tag,
    summary: 'Ask why something is allowed',
    description:
      'The decision with every reason for it: each role and permission that allows it, or what is missing. It is taken from the database as it stands. A role may ask for a second factor: `acr` says which session is asked about, that of the token for oneself and the lowest level for another unless given. With `alternatives=true` also what would reverse it: the smallest sets of changes, each tried on a copy.',
    query: ExplainQuery,
    success: {
      status: 200,
      description: 'The decision and its reasons.',
      schema: ExplainedBody,
      example: explainedExample,
    },
    rejections: ['permission_denied', 'not_found', 'too_many_requests'],
    async handler({ principal, query }) {
      const { alternatives: wantsAlternatives = false, resource, action } = query
      if (wantsAlternatives) assertMayAskForAlternatives(deps, principal)
      const cost = wantsAlternatives ? await modelCost(deps.whatIf.store) : costOf.explain
      deps.checkLimiter.take(principal.userId, cost)
      const asked = askedAbout(principal, query)
      const { allowed, because } = await explainAccess(deps, principal, asked, { resource, action })
      if (!wantsAlternatives) return { allowed, because: [...because] }
      // What turns it round is the second factor: no change of the model is needed.
      if (needsLevel(because)) {
        return { allowed, because: [...because], alternatives: [] }
      }
      const { userId } = asked
      const alternatives = await findAlternatives(deps.whatIf, { userId, resource, action }, allowed)
      return { allowed, because: [...because], alternatives: alternatives.map(toAlternativeBody) }
    },
  }),

  route({
    method: 'GET',
    path: '/access/effective/',
    access: 'authenticated',
    operationId: 'effectiveAccess',
    tag,
    summary: 'Ask what a user can do',
    description:
      'Everything that a user can do by their roles, each with every reason for it; `requires_aal` says what takes a second factor. It is taken from the database as it stands. More than 100,000 reasons are a 409.',
    query: EffectiveQuery,
    success: {
      status: 200,
      description: 'The permissions and their reasons.',
      schema: EffectiveBody,
      example: effectiveExample,
    },
    rejections: ['permission_denied', 'not_found', 'conflict', 'too_many_requests'],
    async handler({ principal, query }) {
      deps.checkLimiter.take(principal.userId, costOf.effective)
      const userId = (query.user_id ?? principal.userId) as UserId
      return toEffectiveBody(
        await effectiveAccess(deps, principal, userId, { asIfActive: query.as_if_active ?? false }),
      )
    },
  }),

  route({
    method: 'GET',
    path: '/access/who_can/',
    access: { resource_name: 'users', action: 'read' },
    operationId: 'whoCan',
    tag,
    summary: 'Ask who can do something',
    description:
      'A page of the active users who can, by id, each with the roles that say so; also those who can with a second factor only. No one can do what has an unknown resource or action.',
    query: Type.Object(
      { ...question, limit: listParameters.limit, cursor: listParameters.cursor },
      { additionalProperties: false },
    ),
    success: {
      status: 200,
      description: 'One page.',
      schema: pageSchema(AuthorizedUserBody, 'CapableUserPage'),
      example: { next: null, previous: null, results: [authorizedUserExample] },
    },
    rejections: ['too_many_requests'],
    async handler({ principal, query }) {
      deps.checkLimiter.take(principal.userId, costOf.whoCan)
      const page = await deps.stores.decisions.usersWithPermission(
        query.resource,
        query.action,
        deps.pager.read(authorizedUserList, query),
      )
      return deps.pager.answer(authorizedUserList, query, page, toAuthorizedUserBody)
    },
  }),
]
