export { cachedFor } from './read-statistics.ts'
export { statisticsRoutes } from './routes.ts'
