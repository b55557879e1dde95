export {
  aboutCookie,
  BrowserSignedInBody,
  type BrowserTokenDeps,
  browserRoutes,
  browserSignedInExample,
  toBrowserSignedInBody,
} from './routes.ts'
export { replaceSession } from './session-in-cookie.ts'
