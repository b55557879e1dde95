export { browserRoutes } from './routes.ts'
