export { addNotice, type NoticeStores } from './add-notice.ts'
export { deviceName } from './device-name.ts'
export { loadTemplates, type MailTemplates, TemplateFaults } from './load-templates.ts'
export {
  keptMails,
  type MailKind,
  mailKinds,
  type NewMail,
  type NoticeEvent,
} from './mail.ts'
export { createMailCatcher } from './mail-catcher.ts'
export { type MailSender, mailLeaseMs, startMailSender } from './mail-sender.ts'
export { MailFailure, type MailTransport } from './mail-transport.ts'
export { type OutboxStore, sqlOutboxStore } from './outbox-store.sql.ts'
export type { MailProof, RenderedMail } from './render-mail.ts'
export { mailRoutes } from './routes.ts'
export { createSmtpTransport } from './smtp-transport.ts'
