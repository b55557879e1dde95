export {
  aboutCookie,
  BrowserSignedInBody,
  type BrowserTokenDeps,
  browserRoutes,
  browserSignedInExample,
  refreshSession,
  replaceSession,
  toBrowserSignedInBody,
} from './routes.ts'
