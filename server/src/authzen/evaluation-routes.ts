import { type Route, route } from '../http/index.ts'
import { Rejection } from '../kernel/index.ts'
import type { RateLimiter } from '../rate-limits/index.ts'
import { cutBy, deniedFor, type EvaluationDeps, evaluateAll } from './evaluate.ts'
import { type Evaluation, readEvaluation } from './evaluation.ts'
import { DecisionBody, DecisionsBody, EvaluationBody, EvaluationsBody } from './schemas.ts'
import { access, costOf, standard, tag } from './shared-routes.ts'

export interface EvaluationRouteDeps extends EvaluationDeps {
  readonly checkLimiter: RateLimiter
}

const entities = {
  subject: { type: 'user', id: '5' },
  action: { name: 'approve' },
  resource: { type: 'documents', id: '17' },
}

const allowed = {
  decision: true,
  context: { because: [{ role: 'editor', permission: 'documents:approve' }] },
}
const denied = { decision: false, context: { because: [{ missing: 'documents:delete' }] } }

/** A body without a list is one evaluation, and what is wrong with it is wrong with the request. */
function onlyOf(body: Readonly<Record<string, unknown>>): Evaluation {
  const read = readEvaluation(body, {})
  if ('faults' in read) throw new Rejection('invalid_request', { errors: read.faults })
  return read
}

export const evaluationRoutes = (deps: EvaluationRouteDeps): readonly Route[] => [
  route({
    method: 'POST',
    path: '/access/v1/evaluation',
    access,
    operationId: 'evaluateAccess',
    tag,
    summary: 'Ask for a decision',
    description:
      'Access Evaluation of AuthZEN 1.0, section 6. The resource is meant by its `type` alone. What is unknown is denied.',
    standard,
    body: EvaluationBody,
    bodyExample: entities,
    success: {
      status: 200,
      description: 'The decision and why.',
      schema: DecisionBody,
      example: allowed,
    },
    async handler({ principal, body }) {
      deps.checkLimiter.take(principal.userId, costOf.decision)
      return (await evaluateAll(deps, [onlyOf(body)]))[0]!
    },
  }),

  route({
    method: 'POST',
    path: '/access/v1/evaluations',
    access,
    operationId: 'evaluateAccesses',
    tag,
    summary: 'Ask for many decisions',
    description:
      'Access Evaluations of AuthZEN 1.0, section 7: up to 100, each completed by what stands beside the list. What is wrong with one of them denies that one. Without a list, or with an empty one, the request is a single evaluation.',
    standard,
    body: EvaluationsBody,
    bodyExample: { ...entities, evaluations: [{}, { action: { name: 'delete' } }] },
    success: {
      status: 200,
      description: 'The decisions in their places, up to the one that settles it where the request says so.',
      schema: DecisionsBody,
      example: { evaluations: [allowed, denied] },
    },
    async handler({ principal, body }) {
      const { evaluations = [], options } = body
      if (evaluations.length === 0) {
        deps.checkLimiter.take(principal.userId, costOf.decision)
        return (await evaluateAll(deps, [onlyOf(body)]))[0]!
      }
      deps.checkLimiter.take(principal.userId, costOf.decision * evaluations.length)
      const read = evaluations.map(each => readEvaluation(each, body))
      const decisions = await evaluateAll(
        deps,
        read.flatMap(each => ('faults' in each ? [] : each)),
      )
      const inOrder = decisions.values()
      const all = read.map(each => ('faults' in each ? deniedFor(each.faults) : inOrder.next().value!))
      return { evaluations: cutBy(options?.evaluations_semantic ?? 'execute_all', all) }
    },
  }),
]
