export { resetOfUser } from './reset-of-user.ts'
export { recoveryRoutes } from './routes.ts'
