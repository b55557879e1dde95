export {
  type EndingStores,
  endAllSessions,
  endOtherSessions,
  endSessionByUuid,
  endSessionsBeyond,
} from './end-session.ts'
export { sessionRoutes } from './routes.ts'
export { type EndReason, endReasons, type Session } from './session.ts'
export { sqlSessionStore } from './session-store.sql.ts'
export type { SessionStore } from './session-store.ts'
