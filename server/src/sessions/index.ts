export {
  type EndingStores,
  endAllSessions,
  endOtherSessions,
  endSessionByUuid,
  endSessionsBeyond,
} from './end-session.ts'
export { sqlMassLogoutStore } from './mass-logout-store.sql.ts'
export type { MassLogoutStore } from './mass-logout-store.ts'
export { overByMassLogout } from './over-by-mass-logout.sql.ts'
export { sessionRoutes } from './routes.ts'
export { type EndReason, endReasons, isLive, type Session } from './session.ts'
export { sqlSessionStore } from './session-store.sql.ts'
export type { SessionStore } from './session-store.ts'
export { settleMassLogouts } from './settle-mass-logouts.ts'
