export { browserCodeRoutes } from './code-routes.ts'
export {
  aboutCookie,
  BrowserSignedInBody,
  browserRoutes,
  browserSignedInExample,
  toBrowserSignedInBody,
} from './routes.ts'
export { type BrowserTokenDeps, refreshSession, replaceSession } from './session-cookie.ts'
