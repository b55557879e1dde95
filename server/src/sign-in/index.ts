export { login } from './login.ts'
export { type RegisterDeps, register } from './register.ts'
export { signInRoutes } from './routes.ts'
