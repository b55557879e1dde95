export {
  type EndingStores,
  endAllSessions,
  endOtherSessions,
  endSessionById,
  endSessionByUuid,
} from './end-session.ts'
export { type SessionDeps, sessionRoutes } from './routes.ts'
export { type EndReason, endReasons, isLive, type Session } from './session.ts'
export { sqlSessionStore } from './session-store.sql.ts'
export type { SessionColumn, SessionFilter, SessionStore } from './session-store.ts'
