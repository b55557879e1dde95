import {
  Instant,
  type ListSpec,
  listParameters,
  NullableText,
  type Pager,
  pageSchema,
  type Route,
  route,
  Type,
} from '../http/index.ts'
import { toRfc3339 } from '../kernel/index.ts'
import type { AuditLog } from './audit-log.sql.ts'
import type { OwnEvent } from './own-event.ts'

const OwnEventBody = Type.Object(
  {
    id: Type.Integer(),
    at: Instant,
    action: Type.String({ description: 'As in the audit, such as `user.login`.' }),
    outcome: Type.Union([Type.Literal('success'), Type.Literal('denied'), Type.Literal('failure')]),
    by: Type.Union(
      [Type.Literal('self'), Type.Literal('administrator'), Type.Literal('unknown'), Type.Literal('server')],
      {
        description:
          '`self`: with a session or a key of this account. `administrator`: another account, which is not named. `unknown`: a caller who was not signed in. `server`: the server itself, or its command line.',
      },
    ),
    ip_address: NullableText,
    user_agent: NullableText,
  },
  { $id: 'OwnEvent' },
)

const toBody = ({ id, atMs, action, outcome, by, ipAddress, userAgent }: OwnEvent) => ({
  id,
  at: toRfc3339(atMs),
  action,
  outcome,
  by,
  ip_address: ipAddress,
  user_agent: userAgent,
})

const example = {
  id: 9120,
  at: '2026-03-14T10:30:11.902Z',
  action: 'user.login',
  outcome: 'success',
  by: 'self',
  ip_address: '203.0.113.24',
  user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:136.0) Gecko/20100101 Firefox/136.0',
} as const

export const ownEventList: ListSpec<OwnEvent, 'id' | 'at'> = {
  path: '/api/auth/me/events/',
  orderings: { id: event => event.id, at: event => event.atMs },
  defaultOrdering: '-at',
  idOf: event => event.id,
}

interface OwnEventDeps {
  readonly audit: AuditLog
  readonly pager: Pager
}

export const ownEventRoutes = ({ audit, pager }: OwnEventDeps): readonly Route[] => [
  route({
    method: 'GET',
    path: '/me/events/',
    access: 'authenticated',
    operationId: 'listOwnEvents',
    tag: 'Own account',
    summary: 'Read what happened to your own account',
    description:
      'Sign-ins, refused ones too, sessions, passwords, factors, devices, API keys and exports: newest first, or by `id` or `at`. Of what an administrator did neither the name nor the network address nor the device is shown.',
    query: Type.Object(listParameters, { additionalProperties: false }),
    success: {
      status: 200,
      description: 'One page.',
      schema: pageSchema(OwnEventBody, 'OwnEventPage'),
      example: { next: null, previous: null, results: [example] },
    },
    async handler({ principal, query }) {
      const page = await audit.listOwn(principal.userId, pager.read(ownEventList, query))
      return pager.answer(ownEventList, query, page, toBody)
    },
  }),
]
