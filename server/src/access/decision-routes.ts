import { charge } from '../budgets/index.ts'
import { type ListSpec, listParameters, pageSchema, type Route, route, Type } from '../http/index.ts'
import type { UserId } from '../kernel/index.ts'
import { checkAccess } from './check-access.ts'
import {
  CapableBody,
  CheckBody,
  CheckedBody,
  capableExample,
  checkExample,
  checkedExample,
  ExplainedBody,
  ExplainQuery,
  explainedExample,
  question,
} from './decision-schemas.ts'
import type { Capable } from './decision-store.ts'
import { explainAccess } from './explain-access.ts'
import type { AccessRouteDeps } from './routes.ts'

const tag = 'Access control'

/** What a question costs of the account's budget. A check is answered from memory; the others read the database. */
const costOf = { check: 1, explain: 20, whoCan: 100 } as const

const capableList: ListSpec<Capable, 'id'> = {
  path: '/api/auth/access/who_can/',
  orderings: { id: user => user.id },
  defaultOrdering: 'id',
  idOf: user => user.id,
}

const toCapableBody = ({ id, email, isSuperuser, roles }: Capable) => ({
  id,
  email,
  is_superuser: isSuperuser,
  roles: [...roles],
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
      'Answers up to 100 questions at once, each in its place. An unknown resource or action is allowed to nobody.',
    body: CheckBody,
    bodyExample: checkExample,
    success: {
      status: 200,
      description: 'An answer for each question.',
      schema: CheckedBody,
      example: checkedExample,
    },
    refusals: ['permission_denied', 'not_found', 'too_many_requests'],
    async handler({ principal, body }) {
      charge(deps.checkBudget, principal.userId, costOf.check)
      const userId = (body.user_id ?? principal.userId) as UserId
      const allowed = await checkAccess(deps, principal, userId, body.checks)
      return {
        results: body.checks.map(({ resource, action }, index) => ({
          resource,
          action,
          allowed: allowed[index]!,
        })),
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
      'The decision with every reason for it: each role and permission that allows it, or what is missing. It is taken from the database as it stands.',
    query: ExplainQuery,
    success: {
      status: 200,
      description: 'The decision and its reasons.',
      schema: ExplainedBody,
      example: explainedExample,
    },
    refusals: ['permission_denied', 'not_found', 'too_many_requests'],
    async handler({ principal, query }) {
      charge(deps.checkBudget, principal.userId, costOf.explain)
      const userId = (query.user_id ?? principal.userId) as UserId
      const { allowed, because } = await explainAccess(deps, principal, userId, query)
      return { allowed, because: [...because] }
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
      'A page of the active users who can, by id, each with the roles that say so. Nobody can do what has an unknown resource or action.',
    query: Type.Object(
      { ...question, limit: listParameters.limit, cursor: listParameters.cursor },
      { additionalProperties: false },
    ),
    success: {
      status: 200,
      description: 'One page.',
      schema: pageSchema(CapableBody, 'CapableUserPage'),
      example: { next: null, previous: null, results: [capableExample] },
    },
    refusals: ['too_many_requests'],
    async handler({ principal, query }) {
      charge(deps.checkBudget, principal.userId, costOf.whoCan)
      const page = await deps.stores.decisions.whoCan(
        query.resource,
        query.action,
        deps.pager.read(capableList, query),
      )
      return deps.pager.answer(capableList, query, page, toCapableBody)
    },
  }),
]
