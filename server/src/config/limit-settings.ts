import { integer, keeping, limit } from './kinds.ts'
import { setting } from './setting.ts'

/** The settings of how much is taken of callers, and of how long what they leave is kept. */
export const limitSettingOf = {
  limitRegistration: setting(limit, {
    name: 'PROPUSK_LIMIT_REGISTRATION',
    default: '1000/1h',
    meaning: 'Registrations from one network address, on all nodes together.',
    example: '20/1h',
  }),
  limitPasswordChange: setting(limit, {
    name: 'PROPUSK_LIMIT_PASSWORD_CHANGE',
    default: '30/1h',
    meaning: 'Password changes requested by one account, on all nodes together.',
    example: '10/1h',
  }),
  limitMail: setting(limit, {
    name: 'PROPUSK_LIMIT_MAIL',
    default: '5/1h',
    meaning:
      'Emails requested for one address, or by one account, on all nodes together; the answer does not reveal it.',
  }),
  limitMailNetwork: setting(limit, {
    name: 'PROPUSK_LIMIT_MAIL_NETWORK',
    default: '60/1h',
    meaning:
      'Emails requested from one network address, and invitations by one account, on all nodes together.',
  }),
  limitMailTotal: setting(limit, {
    name: 'PROPUSK_LIMIT_MAIL_TOTAL',
    default: '1000/1h',
    meaning:
      'Emails requested without a sign-in, in total, which the answer does not reveal; and as many invitations in total, which the others cannot use up.',
  }),
  limitCodes: setting(limit, {
    name: 'PROPUSK_LIMIT_CODES',
    default: '60/10m',
    meaning: 'Codes from emails entered from one network address, on all nodes together.',
  }),
  sessionsPerAccount: setting(integer('sessions', 1, 100_000), {
    name: 'PROPUSK_SESSIONS_PER_ACCOUNT',
    default: '1000',
    meaning: 'Live sessions of one account; a sign-in beyond it ends the one that was used longest ago.',
    example: '100',
  }),
  limitRefresh: setting(limit, {
    name: 'PROPUSK_LIMIT_REFRESH',
    default: '30000/1m',
    meaning: 'Refreshes of one session, on each node.',
    example: '600/1m',
  }),
  limitBadRefresh: setting(limit, {
    name: 'PROPUSK_LIMIT_BAD_REFRESH',
    default: '600/1m',
    meaning: 'Refreshes with an unusable token from one network address, on each node.',
  }),
  limitAccessChecks: setting(limit, {
    name: 'PROPUSK_LIMIT_ACCESS_CHECKS',
    default: '1200000/1m',
    meaning:
      'Access checks by one account, on each node; /access/explain/ counts as 20, /access/who_can/ as 100.',
    example: '60000/1m',
  }),
  limitDeniedEvents: setting(limit, {
    name: 'PROPUSK_LIMIT_DENIED_EVENTS',
    default: '60/1m',
    meaning:
      'Denied requests of one account that are recorded in the audit one by one, on each node; more are only counted.',
  }),
  keepSessionsSeconds: setting(keeping('2d', '4000d'), {
    name: 'PROPUSK_KEEP_SESSIONS',
    default: '90d',
    meaning: 'How long a session stays in the lists after its end, from 2d; then its row is deleted.',
    example: '30d',
  }),
  keepOriginsSeconds: setting(keeping('1h', '4000d'), {
    name: 'PROPUSK_KEEP_ORIGINS',
    default: '30d',
    meaning:
      'How long an ended session keeps the network address and the user agent it was used with, from 1h.',
    example: '7d',
  }),
  keepAuditSeconds: setting(keeping('7d', '4000d'), {
    name: 'PROPUSK_KEEP_AUDIT',
    default: 'forever',
    meaning:
      'How long events of the audit are kept, from 7d; older ones are deleted once a day, with a signed statement.',
    example: '1000d',
  }),
}
