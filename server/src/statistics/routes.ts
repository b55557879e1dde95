import { type Route, route, Type } from '../http/index.ts'
import { readStatistics, type StatisticsDeps } from './read-statistics.ts'
import { StatisticsBody, statisticsExample, toStatisticsBody } from './schemas.ts'

const StatisticsQuery = Type.Object(
  {
    hours: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 720,
        default: 24,
        description: 'How far back, the hour or day under way included.',
      }),
    ),
  },
  { additionalProperties: false },
)

export const statisticsRoutes = (deps: StatisticsDeps): readonly Route[] => [
  route({
    method: 'GET',
    path: '/statistics/',
    access: { resource_name: 'audit' },
    operationId: 'readStatistics',
    tag: 'Statistics',
    summary: 'Count what happened',
    description:
      'What the audit holds of the last hours, counted by the hour or the day, and how many users, live sessions and waits there are now (at most ten seconds ago).',
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
