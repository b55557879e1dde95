export { createHttpApp, type HttpApp } from './app.ts'
export { assertPermitted } from './authorize.ts'
export { forwardCookieName } from './cookies.ts'
export type { Asked, HttpDeps, RequestGuard } from './http-deps.ts'
export { createLog, type Log, type LogOptions } from './log.ts'
export { defaultLimits, type ServerLimits } from './node-server.ts'
export * from './paging.ts'
export { entityTagOf, type PreconditionOn } from './preconditions.ts'
export { statusOf, toProblem } from './problem.ts'
export { Redirect } from './redirect.ts'
export {
  type BodyRules,
  freshly,
  permissionsOf,
  type Route,
  route,
  type Standard,
  type StepUp,
} from './route.ts'
export type { RegisteredRoute } from './route-registry.ts'
export { IdParams, Instant, NullableText, type Static, TextStream, Type, tableSuccess } from './schema.ts'
