export { settleMassLogouts } from './end-everybody.ts'
export {
  type EndingStores,
  endAllSessions,
  endOtherSessions,
  endSessionByUuid,
  endSessionsBeyond,
  notifyOfEnd,
} from './end-session.ts'
export { type MassLogoutStore, sqlMassLogoutStore } from './mass-logout-store.sql.ts'
export { sessionList, sessionRoutes } from './routes.ts'
export { SessionBody, sessionExample, toSessionBody } from './schemas.ts'
export {
  type Authentication,
  byPassword,
  type EndReason,
  endReasons,
  isLive,
  type Session,
  type SessionLife,
  type SessionLimits,
} from './session.ts'
export { columnsOf, toAuthentication, usableAt, useAt } from './session-row.sql.ts'
export { type SessionStore, sqlSessionStore } from './session-store.sql.ts'
