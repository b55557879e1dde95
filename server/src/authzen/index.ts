export { authzenRoutes } from './routes.ts'
