import type { AuditLog } from '../audit/index.ts'
import {
  IdParams,
  Instant,
  type ListSpec,
  listParameters,
  type Pager,
  pageSchema,
  type Route,
  route,
  Type,
} from '../http/index.ts'
import {
  type Caller,
  type Clock,
  type MailId,
  Rejection,
  type Transact,
  toRfc3339,
  toRfc3339OrNull,
} from '../kernel/index.ts'
import { mailStates, type OutboxMail } from './mail.ts'
import type { OutboxStore } from './outbox-store.sql.ts'

interface RetryMailDeps {
  readonly transaction: Transact<{ readonly outbox: OutboxStore; readonly audit: Pick<AuditLog, 'append'> }>
  readonly clock: Clock
}

interface MailRouteDeps extends RetryMailDeps {
  /** Committed state. */
  readonly outbox: OutboxStore
  readonly pager: Pager
}

const tag = 'Mail'
const permitted = { resource_name: 'mail' } as const

const State = Type.Enum([...mailStates], {
  description:
    '`pending`: it waits for its first or next attempt. `sent`: a mail server took it. `failed`: it was given up. `dropped`: what it brings was used, or is over.',
})

const MailBody = Type.Object(
  {
    id: Type.Integer(),
    kind: Type.String({ description: 'Such as `password_reset`. What the email says is not stored.' }),
    state: State,
    to_email: Type.String(),
    user_id: Type.Union([Type.Integer(), Type.Null()]),
    locale: Type.Union([Type.Enum(['en', 'ru']), Type.Null()], {
      description: 'Null where it is not known: then `PROPUSK_MAIL_LOCALE`.',
    }),
    created_at: Instant,
    attempts: Type.Integer(),
    next_attempt_at: Type.Union([Instant, Type.Null()], { description: 'Null when it is finished.' }),
    finished_at: Type.Union([Instant, Type.Null()]),
    last_error: Type.Union([Type.String(), Type.Null()], {
      description: 'Codes of the newest failure, such as `451 4.7.1 EENVELOPE RCPT TO`.',
    }),
  },
  { $id: 'Mail' },
)

const toMailBody = (mail: OutboxMail) => ({
  id: mail.id,
  kind: mail.kind,
  state: mail.state,
  to_email: mail.toEmail,
  user_id: mail.userId,
  locale: mail.locale,
  created_at: toRfc3339(mail.createdAtMs),
  attempts: mail.attempts,
  next_attempt_at: mail.state === 'pending' ? toRfc3339(mail.nextAttemptAtMs) : null,
  finished_at: toRfc3339OrNull(mail.finishedAtMs),
  last_error: mail.lastError,
})

const mailExample = {
  id: 12,
  kind: 'password_reset',
  state: 'failed' as const,
  to_email: 'anna.petrova@example.com',
  user_id: 5,
  locale: 'en' as const,
  created_at: '2026-11-30T08:00:00.000Z',
  attempts: 1,
  next_attempt_at: null,
  finished_at: '2026-11-30T08:00:01.000Z',
  last_error: '550 5.1.1 EENVELOPE RCPT TO',
}

const mailList: ListSpec<OutboxMail, 'id'> = {
  path: '/api/auth/mail/',
  orderings: { id: mail => mail.id },
  defaultOrdering: '-id',
  idOf: mail => mail.id,
}

export const mailRoutes = (deps: MailRouteDeps): readonly Route[] => [
  route({
    method: 'GET',
    path: '/mail/',
    access: permitted,
    operationId: 'listMails',
    tag,
    summary: 'List emails',
    description:
      'A page of the emails of the last days, the newest first: those that are queued, that were sent at most a week ago, and that failed in the last 30 days.',
    query: Type.Object({ ...listParameters, state: Type.Optional(State) }, { additionalProperties: false }),
    success: {
      status: 200,
      description: 'One page.',
      schema: pageSchema(MailBody, 'MailPage'),
      example: { next: null, previous: null, results: [mailExample] },
    },
    async handler({ query }) {
      const page = await deps.outbox.list({ state: query.state }, deps.pager.read(mailList, query))
      return deps.pager.answer(mailList, query, page, toMailBody)
    },
  }),

  route({
    method: 'POST',
    path: '/mail/:id/retry/',
    access: { ...permitted, action: 'update' },
    operationId: 'retryMail',
    tag,
    summary: 'Send a failed email again',
    description:
      'Gives an email that failed one more attempt, at once. Its link and its code work no longer than before: an email whose link has expired is dropped.',
    params: IdParams,
    success: { status: 200, description: 'The email as it is now.', schema: MailBody, example: mailExample },
    rejections: ['not_found', 'conflict', 'mail_not_configured'],
    async handler({ principal, params, origin }) {
      return toMailBody(await retryMail(deps, { principal, origin }, params.id as MailId))
    },
  }),
]

/** Rejects with `not_found`, with `conflict` for a mail that has not failed, or with `mail_not_configured`. */
async function retryMail(
  { transaction, clock }: RetryMailDeps,
  { principal, origin }: Caller,
  id: MailId,
): Promise<OutboxMail> {
  const nowMs = clock.nowMs()
  return transaction(async ({ outbox, audit }) => {
    if (!outbox.isOn) throw new Rejection('mail_not_configured')
    const isRetried = await outbox.retry(id, nowMs)
    const mail = await outbox.findById(id)
    if (mail === undefined) throw new Rejection('not_found')
    if (!isRetried) throw new Rejection('conflict')
    const event = {
      actorId: principal?.userId ?? null,
      action: 'mail.retry',
      target: `mail/${id}`,
      origin,
    } as const
    await audit.append({ ...event, details: { kind: mail.kind } }, nowMs)
    return mail
  })
}
