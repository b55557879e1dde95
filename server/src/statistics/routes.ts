import { Instant, type Route, route, Type } from '../http/index.ts'
import { toRfc3339 } from '../kernel/index.ts'
import { type Bucket, readStatistics, type Statistics, type StatisticsDeps } from './read-statistics.ts'

const StatisticsQuery = Type.Object(
  {
    hours: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 1440,
        default: 24,
        description: 'How far back, the hour or day under way included.',
      }),
    ),
  },
  { additionalProperties: false },
)

const BucketBody = Type.Object(
  {
    at: Instant,
    sign_ins: Type.Integer({ description: '`user.login` events.' }),
    failed_sign_ins: Type.Integer({ description: '`user.login_failed` events.' }),
    refusals: Type.Integer({ description: '`access.denied` events.' }),
    registrations: Type.Integer({ description: '`user.register` events.' }),
    token_reuse: Type.Integer({ description: '`token.reuse` events.' }),
  },
  { $id: 'StatisticsBucket' },
)

const StatisticsBody = Type.Object(
  {
    since: Instant,
    until: Instant,
    step_seconds: Type.Integer({
      description: 'How long a bucket is: 3600, or 86400 (a day of UTC) for more than 72 hours.',
    }),
    is_complete: Type.Boolean({
      description:
        'False while events from before an upgrade or an import are still being counted: the newest first, for minutes.',
    }),
    buckets: Type.Array(BucketBody, {
      description: 'Oldest first, empty ones too. The last one is under way.',
    }),
    users: Type.Object({ total: Type.Integer(), active: Type.Integer() }),
    sessions: Type.Object({ active: Type.Integer() }),
    locked: Type.Object(
      { accounts: Type.Integer(), addresses: Type.Integer() },
      { description: 'Who has to wait after wrong guesses.' },
    ),
  },
  { $id: 'Statistics' },
)

const toBucketBody = (bucket: Bucket) => ({
  at: toRfc3339(bucket.atMs),
  sign_ins: bucket.signIns,
  failed_sign_ins: bucket.failedSignIns,
  refusals: bucket.refusals,
  registrations: bucket.registrations,
  token_reuse: bucket.tokenReuse,
})

const toStatisticsBody = (statistics: Statistics) => ({
  since: toRfc3339(statistics.sinceMs),
  until: toRfc3339(statistics.untilMs),
  step_seconds: statistics.stepMs / 1000,
  is_complete: statistics.isComplete,
  buckets: statistics.buckets.map(toBucketBody),
  users: { ...statistics.users },
  sessions: { active: statistics.liveSessions },
  locked: { ...statistics.locked },
})

const statisticsExample = {
  since: '2026-03-14T09:00:00.000Z',
  until: '2026-03-14T10:30:11.902Z',
  step_seconds: 3600,
  is_complete: true,
  buckets: [
    {
      at: '2026-03-14T09:00:00.000Z',
      sign_ins: 41,
      failed_sign_ins: 3,
      refusals: 1,
      registrations: 2,
      token_reuse: 0,
    },
    {
      at: '2026-03-14T10:00:00.000Z',
      sign_ins: 17,
      failed_sign_ins: 0,
      refusals: 0,
      registrations: 1,
      token_reuse: 0,
    },
  ],
  users: { total: 54, active: 51 },
  sessions: { active: 88 },
  locked: { accounts: 1, addresses: 0 },
}

export const statisticsRoutes = (deps: StatisticsDeps): readonly Route[] => [
  route({
    method: 'GET',
    path: '/statistics/',
    access: { resource_name: 'audit' },
    operationId: 'readStatistics',
    tag: 'Statistics',
    summary: 'Count what happened',
    description:
      'What the audit holds of the last hours, counted by the hour or the day, and how many users, live sessions and rate limits there are now (at most ten seconds ago).',
    query: StatisticsQuery,
    success: {
      status: 200,
      description: 'The counts.',
      schema: StatisticsBody,
      example: statisticsExample,
    },
    handler: async ({ query }) => toStatisticsBody(await readStatistics(deps, query.hours ?? 24)),
  }),
]
