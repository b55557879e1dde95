export {
  aboutCookie,
  BrowserSignedInBody,
  type BrowserTokenDeps,
  browserRoutes,
  browserSignedInExample,
  replaceSession,
  toBrowserSignedInBody,
} from './routes.ts'
