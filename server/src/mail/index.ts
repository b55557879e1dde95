export { addNotice } from './add-notice.ts'
export {
  type MailDetails,
  type MailKind,
  mailKinds,
  type NewMail,
  type NoticeEvent,
  noticeEvents,
  type OutboxMail,
} from './mail.ts'
export { type OutboxStore, sqlOutboxStore } from './outbox-store.sql.ts'
