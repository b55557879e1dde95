export { browserCodeRoutes } from './code-routes.ts'
export { aboutCookie, browserRoutes } from './routes.ts'
export { BrowserSignedInBody, browserSignedInExample, keepSignedIn } from './schemas.ts'
export { type BrowserTokenDeps, refreshSession } from './session-cookie.ts'
