import type { AuthorizedUser, DecisionStore } from '../access/index.ts'
import { type ListSpec, type Pager, type Route, route } from '../http/index.ts'
import { Rejection } from '../kernel/index.ts'
import type { RateLimiter } from '../rate-limits/index.ts'
import { decisionsFor, type EvaluationDeps } from './evaluate.ts'
import { toSubject as toAskedSubject } from './evaluation.ts'
import { ActionSearchBody, FoundActionsBody, FoundSubjectsBody, SubjectSearchBody } from './schemas.ts'
import { access, costOf, standard, tag } from './shared-routes.ts'

export interface SearchRouteDeps extends EvaluationDeps {
  readonly stores: EvaluationDeps['stores'] & {
    readonly decisions: Pick<DecisionStore, 'usersWithPermission'>
    readonly actions: { readNames(): Promise<readonly { readonly codeName: string }[]> }
  }
  readonly pager: Pager
  readonly checkLimiter: RateLimiter
}

const subjectList: ListSpec<AuthorizedUser, 'id'> = {
  path: '/access/v1/search/subject',
  orderings: { id: user => user.id },
  defaultOrdering: 'id',
  idOf: user => user.id,
}

const toSubject = ({ id, email }: AuthorizedUser) => ({ type: 'user', id: String(id), properties: { email } })

const mostSubjects = 200

interface Wanted {
  readonly resource: string
  readonly action: string
  readonly limit?: number
  readonly cursor?: string
}

/** A page of the active users who can. A token is a cursor, good for this resource and action alone. */
async function findSubjects({ pager, stores }: SearchRouteDeps, wanted: Wanted) {
  const query = { ...wanted }
  const page = await stores.decisions.usersWithPermission(
    wanted.resource,
    wanted.action,
    readPage(pager, query),
  )
  const { next, results } = pager.answer(subjectList, query, page, toSubject)
  const next_token = next === null ? '' : (new URL(next, 'http://localhost').searchParams.get('cursor') ?? '')
  return { page: { next_token, count: results.length }, results }
}

/** The pager speaks of a `cursor`; here the caller gave it as `page.token`. */
function readPage(pager: Pager, query: Wanted & Record<string, string | number>) {
  try {
    return pager.read(subjectList, query)
  } catch (error) {
    if (!(error instanceof Rejection) || error.errors?.cursor === undefined) throw error
    throw new Rejection(error.code, { errors: { 'page.token': error.errors.cursor } })
  }
}

const none = () => ({ page: { next_token: '', count: 0 }, results: [] })

export const searchRoutes = (deps: SearchRouteDeps): readonly Route[] => [
  route({
    method: 'POST',
    path: '/access/v1/search/subject',
    access,
    operationId: 'searchSubjects',
    tag,
    summary: 'Ask who can do something',
    description: 'Subject Search of AuthZEN 1.0, section 8.4: a page of the active users who can, by id.',
    standard,
    body: SubjectSearchBody,
    bodyExample: {
      subject: { type: 'user' },
      action: { name: 'approve' },
      resource: { type: 'documents', id: '17' },
      page: { limit: 50 },
    },
    success: {
      status: 200,
      description: 'One page.',
      schema: FoundSubjectsBody,
      example: {
        results: [{ type: 'user', id: '5', properties: { email: 'anna@example.com' } }],
        page: { next_token: '', count: 1 },
      },
    },
    handler({ principal, body: { subject, action, resource, page = {} } }) {
      deps.checkLimiter.take(principal.userId, costOf.subjects)
      if (subject.type !== 'user') return none()
      const { token = '', limit = 50 } = page
      return findSubjects(deps, {
        resource: resource.type,
        action: action.name,
        limit: Math.min(limit, mostSubjects),
        ...(token !== '' && { cursor: token }),
      })
    },
  }),

  route({
    method: 'POST',
    path: '/access/v1/search/action',
    access,
    operationId: 'searchActions',
    tag,
    summary: 'Ask what a user can do',
    description:
      'Action Search of AuthZEN 1.0, section 8.6: every action that the user may do with the resource, all in one answer.',
    standard,
    body: ActionSearchBody,
    bodyExample: { subject: { type: 'user', id: '5' }, resource: { type: 'documents', id: '17' } },
    success: {
      status: 200,
      description: 'The actions.',
      schema: FoundActionsBody,
      example: { page: { next_token: '', count: 2 }, results: [{ name: 'approve' }, { name: 'read' }] },
    },
    async handler({ principal, body: { subject, resource } }) {
      deps.checkLimiter.take(principal.userId, costOf.actions)
      const names = (await deps.stores.actions.readNames()).map(({ codeName }) => codeName)
      const questions = names.map(action => ({ resource: resource.type, action }))
      const decisions = await decisionsFor(deps, toAskedSubject(subject), questions)
      const results = names.filter((_, index) => decisions?.[index]?.allowed).map(name => ({ name }))
      return { page: { next_token: '', count: results.length }, results }
    },
  }),
]
