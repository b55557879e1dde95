export { browserCodeRoutes } from './code-routes.ts'
export {
  aboutCookie,
  BrowserSignedInBody,
  type BrowserTokenDeps,
  browserRoutes,
  browserSignedInExample,
  toBrowserSignedInBody,
} from './routes.ts'
export { refreshSession, replaceSession } from './session-cookie.ts'
