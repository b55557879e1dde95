export { keepInvitationsMs } from './invitation.ts'
export { type InvitationStore, sqlInvitationStore } from './invitation-store.sql.ts'
export { invitationRoutes } from './routes.ts'
