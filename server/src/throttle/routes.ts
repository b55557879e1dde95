import {
  IdParams,
  type ListSpec,
  listParameters,
  type Pager,
  pageSchema,
  type Route,
  route,
  searchParameter,
  Type,
} from '../http/index.ts'
import { Rejection } from '../kernel/index.ts'
import { type ClearCounterDeps, clearCounter } from './clear-counter.ts'
import { type Counter, settled } from './counter.ts'
import { CounterBody, counterExample, KindField, toCounterBody } from './schemas.ts'
import type { CounterColumn, ThrottleStore } from './throttle-store.ts'

export interface ThrottleRouteDeps extends ClearCounterDeps {
  /** Committed state. */
  readonly throttle: ThrottleStore
  readonly pager: Pager
}

const tag = 'Throttle'
const permitted = { resource_name: 'throttle' } as const

const CounterListQuery = Type.Object(
  {
    ...listParameters,
    search: searchParameter,
    kind: Type.Optional(KindField),
    is_blocked: Type.Optional(
      Type.Boolean({ description: 'Only those with a wait under way, or only the others.' }),
    ),
  },
  { additionalProperties: false },
)

const counterList: ListSpec<Counter, CounterColumn> = {
  path: '/api/auth/throttle/',
  orderings: {
    id: counter => counter.id,
    failures: counter => counter.failures,
    counted_at: counter => counter.countedAtMs,
    blocked_until: counter => counter.blockedUntilMs ?? 0,
  },
  defaultOrdering: 'id',
  idOf: counter => counter.id,
}

export const throttleRoutes = (deps: ThrottleRouteDeps): readonly Route[] => [
  route({
    method: 'GET',
    path: '/throttle/',
    access: permitted,
    operationId: 'listThrottleCounters',
    tag,
    summary: 'List counters',
    description:
      'Who guesses passwords, or is guessed at, and who has to wait. A counter goes when all is forgotten.',
    query: CounterListQuery,
    success: {
      status: 200,
      description: 'One page.',
      schema: pageSchema(CounterBody, 'ThrottleCounterPage'),
      example: { next: null, previous: null, results: [counterExample] },
    },
    async handler({ query }) {
      const page = await deps.throttle.list(
        { kind: query.kind, isBlocked: query.is_blocked },
        deps.pager.read(counterList, query),
        deps.clock.nowMs(),
      )
      return deps.pager.answer(counterList, query, page, toCounterBody)
    },
  }),

  route({
    method: 'GET',
    path: '/throttle/:id/',
    access: permitted,
    operationId: 'readThrottleCounter',
    tag,
    summary: 'Read a counter',
    description: 'One counter.',
    params: IdParams,
    success: { status: 200, description: 'The counter.', schema: CounterBody, example: counterExample },
    rejections: ['not_found'],
    async handler({ params }) {
      const counter = await deps.throttle.findById(params.id)
      if (counter === undefined) throw new Rejection('not_found')
      return toCounterBody(settled(counter, deps.clock.nowMs()))
    },
  }),

  route({
    method: 'DELETE',
    path: '/throttle/:id/',
    access: permitted,
    operationId: 'clearThrottleCounter',
    tag,
    summary: 'Clear a counter',
    description: 'Forgets what it counted: whoever had to wait may try again at once.',
    params: IdParams,
    success: { status: 204, description: 'The counter is gone.' },
    rejections: ['not_found'],
    async handler({ principal, params, origin }) {
      await clearCounter(deps, { principal, origin, id: params.id })
    },
  }),
]
