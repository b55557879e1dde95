export { keepFor } from './keep-for.ts'
export type { Standing } from './read-statistics.ts'
export { statisticsRoutes } from './routes.ts'
