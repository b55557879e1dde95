import { assertMayTouch, type RightsStore } from '../access/index.ts'
import {
  IdParams,
  Instant,
  type ListSpec,
  listParameters,
  type Pager,
  pageSchema,
  type Route,
  route,
  searchParameter,
  Type,
} from '../http/index.ts'
import {
  type ClientInfo,
  type Clock,
  type Principal,
  Rejection,
  type Transact,
  toRfc3339,
  toRfc3339OrNull,
  type UserId,
} from '../kernel/index.ts'
import { type Counter, currentCounter } from './counter.ts'
import { accountOf, limitKinds } from './limits.ts'
import type { ThrottleStores } from './throttle.ts'
import type { CounterColumn, ThrottleStore } from './throttle-store.sql.ts'

interface ClearingStores extends ThrottleStores {
  readonly rights: RightsStore
  readonly users: AccountFinder
}

interface AccountFinder {
  findByEmail(email: string): Promise<{ readonly user: { readonly id: UserId } } | undefined>
}

interface ClearCounterDeps {
  readonly transaction: Transact<ClearingStores>
  readonly clock: Clock
}

interface ThrottleRouteDeps extends ClearCounterDeps {
  /** Committed state. */
  readonly throttle: ThrottleStore
  readonly pager: Pager
}

const tag = 'Throttle'
const permitted = { resource_name: 'throttle' } as const

const description =
  '`account`: guesses at one account. `device`: guesses at one account from where it signed in before. `address`: guesses from one network address (IPv6: a /64). `password`: one password on many accounts. `registration`: accounts opened from one address. `password_change`: changes asked for by one account. `mail_address`, `mail_account`, `mail_inviter`, `mail_network`, `mail_total`: mails asked for to one address, by one account, invitations by one account, mails from one network address, in all. `code_network`: codes of mails typed from one network address.'

const KindField = Type.Enum(limitKinds, { description })

const CounterBody = Type.Object(
  {
    id: Type.Integer(),
    kind: KindField,
    subject: Type.String({
      description:
        'Whose guesses: an email address, known or not; an address of the network; for a device both, with a mark of its user agent; for a password a mark of 16 bits; for a password change and mails of an account its id.',
    }),
    failures: Type.Integer({
      description: 'How many there were at `counted_at`; they are forgotten one by one.',
    }),
    counted_at: Instant,
    blocked_until: Type.Union([Instant, Type.Null()], {
      description: 'Until then every further attempt is answered 429; null when nothing waits.',
    }),
  },
  { $id: 'ThrottleCounter' },
)

const toCounterBody = (counter: Counter) => ({
  id: counter.id,
  kind: counter.kind,
  subject: counter.subject,
  failures: counter.failures,
  counted_at: toRfc3339(counter.countedAtMs),
  blocked_until: toRfc3339OrNull(counter.blockedUntilMs),
})

const counterExample = {
  id: 17,
  kind: 'account',
  subject: 'anna.petrova@example.com',
  failures: 8,
  counted_at: '2026-03-14T10:30:11.902Z',
  blocked_until: '2026-03-14T10:30:15.902Z',
}

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
      'Wrong passwords by account, network address and password, and which sign-ins are rate-limited. A counter is deleted when all is forgotten.',
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
      return toCounterBody(currentCounter(counter, deps.clock.nowMs()))
    },
  }),

  route({
    method: 'DELETE',
    path: '/throttle/:id/',
    access: permitted,
    operationId: 'clearThrottleCounter',
    tag,
    summary: 'Clear a counter',
    description: 'Forgets what it counted: rate-limited callers can try again at once.',
    params: IdParams,
    success: { status: 204, description: 'The counter is gone.' },
    rejections: ['not_found'],
    async handler({ principal, params, origin }) {
      await clearCounter(deps, { principal, origin, id: params.id })
    },
  }),
]

interface Clearing {
  readonly principal: Principal
  readonly origin: ClientInfo
  readonly id: number
}

/**
 * Forgets what a counter counted: its wait is over at once. Rejects with `not_found`, or with `permission_denied` when
 * it counts for an account that outranks the caller.
 */
async function clearCounter(
  { transaction, clock }: ClearCounterDeps,
  { principal, origin, id }: Clearing,
): Promise<void> {
  await transaction(async ({ throttle, audit, ...stores }) => {
    const cleared = await throttle.delete(id)
    if (cleared === undefined) throw new Rejection('not_found')
    const userId = await findAccount(stores.users, cleared)
    // A rejection is thrown, and brings the counter back. Rank holds for counters, too (ADR 32).
    if (userId !== undefined) await assertMayTouch(stores, principal, userId)
    await audit.append(
      {
        actorId: principal.userId,
        action: 'throttle.clear',
        target: `throttle/${id}`,
        origin,
        details: describe(cleared),
      },
      clock.nowMs(),
    )
  })
}

const describe = ({ kind, subject, failures }: Counter) => ({ kind, subject, failures })

/** Undefined when the counter is not of one account, or when no account has the address. */
async function findAccount(users: AccountFinder, counter: Counter): Promise<UserId | undefined> {
  const account = accountOf(counter)
  if (account === undefined) return undefined
  return 'id' in account ? (account.id as UserId) : (await users.findByEmail(account.email))?.user.id
}
