import type Type from 'typebox'
import {
  audience,
  cookieDomain,
  corsOrigins,
  databaseUrl,
  host,
  isLoopbackUrl,
  proxies,
  publicUrl,
} from './addresses.ts'
import { boolean, choice, duration, integer, keeping, limit, looksTyped, masterKey, orOff } from './kinds.ts'
import { mailSettingOf } from './mail-settings.ts'
import { type Setting, setting } from './setting.ts'

export type { Setting } from './setting.ts'

/** Wrong attempts; undefined counts none. */
const attemptCount = orOff(integer('guesses', 1, 1_000_000))
const warnUncounted = (count: number | undefined): string | false =>
  count === undefined &&
  '=off: the throttle does not count these guesses at passwords. Leave it on wherever strangers reach the server.'

/**
 * Every setting under the name of its field in Config, in the order in which documents show them. All else follows
 * from an entry: its type, how it is read and refused, `--help`, and how the console shows it.
 */
export const settingOf = {
  /** `sqlite:PATH`, `sqlite::memory:` or `postgres://…`. SECRET: may hold a password; never log or show it. */
  databaseUrl: setting(databaseUrl, {
    name: 'PROPUSK_DATABASE_URL',
    default: 'sqlite:./data/propusk.db',
    meaning: 'Where the data live; nothing else changes between the two engines.',
  }),
  /** SECRET: 32 bytes. INVARIANT: present on PostgreSQL. */
  masterKey: setting(masterKey, {
    name: 'PROPUSK_MASTER_KEY',
    default: undefined,
    meaning:
      'Seals the private signing keys: required on PostgreSQL; on SQLite a key file beside the database stands in for it.',
    example: '"$(openssl rand -base64 32)"',
    isSecret: true,
    isSameOnAllNodes: true,
    warn: key =>
      key !== undefined &&
      looksTyped(key) &&
      ' does not look random. Make one with: openssl rand -base64 32. Signing keys sealed with the present one cannot be opened with another.',
  }),
  host: setting(host, {
    name: 'PROPUSK_HOST',
    default: '127.0.0.1',
    meaning: 'The address to listen on; 0.0.0.0 or :: for all of them.',
  }),
  port: setting(integer('port', 0, 65_535), {
    name: 'PROPUSK_PORT',
    default: '8000',
    meaning: 'The port to listen on; 0 takes a free one and prints it.',
  }),
  /** The `iss` of tokens: an http(s) address without a trailing slash. */
  publicUrl: setting(publicUrl, {
    name: 'PROPUSK_PUBLIC_URL',
    default: 'http://localhost:8000',
    meaning: 'The address that clients see: the iss of tokens.',
    example: 'https://auth.example.org',
    isSameOnAllNodes: true,
    warn: url =>
      url.startsWith('http://') &&
      !isLoopbackUrl(url) &&
      ' is an http:// address: passwords and tokens cross the network unencrypted. Serve it over https://.',
  }),
  audience: setting(audience, {
    name: 'PROPUSK_AUDIENCE',
    default: undefined,
    follows: 'publicUrl',
    meaning: 'The aud of access tokens; the public URL unless set.',
    example: 'https://api.example.org',
    isSameOnAllNodes: true,
  }),
  accessTtlSeconds: setting(duration('1s', '400d'), {
    name: 'PROPUSK_ACCESS_TTL',
    default: '10m',
    meaning: 'How long an access token lives: from 1s.',
    isSameOnAllNodes: true,
  }),
  tokenRoles: setting(choice('auto', 'names', 'ids'), {
    name: 'PROPUSK_TOKEN_ROLES',
    default: 'auto',
    meaning:
      'Whether access tokens hold the names of roles, their ids alone, or names while they stay under 1 KB.',
  }),
  /** May be shorter than `accessTtlSeconds`: no token outlives its session. */
  sessionTtlSeconds: setting(duration('1s', '400d'), {
    name: 'PROPUSK_SESSION_TTL',
    default: '24h',
    meaning: 'How long a session lives, and the most a refresh token can: 1s to 400d.',
    isSameOnAllNodes: true,
  }),
  sessionIdleSeconds: setting(orOff(duration('2s', '400d')), {
    name: 'PROPUSK_SESSION_IDLE',
    default: 'off',
    meaning:
      'A session that was not used for so long ends, unless its owner asked to be remembered: 2s to 400d, and twice PROPUSK_ACCESS_TTL at least.',
    example: '2h',
  }),
  /** Of keys made from now on; older keys go on in their own algorithm. */
  keyAlgorithm: setting(choice('ES256', 'EdDSA'), {
    name: 'PROPUSK_KEY_ALGORITHM',
    default: 'ES256',
    meaning: 'The algorithm of signing keys made from now on.',
  }),
  keyMaxAgeSeconds: setting(duration('1h', '400d'), {
    name: 'PROPUSK_KEY_MAX_AGE',
    default: '90d',
    meaning: 'The age at which a signing key is replaced by a new one: 1h to 400d.',
  }),
  registration: setting(choice('open', 'verified', 'closed'), {
    name: 'PROPUSK_REGISTRATION',
    default: 'open',
    meaning:
      'Who may make an account: anybody, anybody whose address a mail has proved, or administrators only.',
    example: 'verified',
  }),
  staffFactor: setting(choice('optional', 'required'), {
    name: 'PROPUSK_STAFF_FACTOR',
    default: 'optional',
    meaning:
      'Whether staff and superusers must have a second factor, and show it, before they may do more than look after their own account.',
    example: 'required',
    isSameOnAllNodes: true,
  }),
  loginCode: setting(choice('off', 'on'), {
    name: 'PROPUSK_LOGIN_CODE',
    default: 'off',
    meaning: 'Whether a code that came by mail signs in, in the place of the password.',
    example: 'on',
  }),
  rememberDeviceDays: setting(orOff(integer('days', 1, 90)), {
    name: 'PROPUSK_REMEMBER_DEVICE',
    default: 'off',
    meaning:
      'For how many days a browser that showed a second factor can sign in without one, where its person asks for it; never enough for what asks again.',
    example: '30',
  }),
  passwordMinLength: setting(integer('characters', 8, 1024), {
    name: 'PROPUSK_PASSWORD_MIN_LENGTH',
    default: '8',
    meaning: 'The least length of a new password; 15 is advised.',
    example: '15',
  }),
  attemptsPerAccount: setting(attemptCount, {
    name: 'PROPUSK_GUESSES_PER_ACCOUNT',
    default: '5',
    meaning: 'Wrong guesses at one account before the waits begin; one is forgotten every 15 minutes.',
    warn: warnUncounted,
  }),
  attemptsPerAddress: setting(attemptCount, {
    name: 'PROPUSK_GUESSES_PER_ADDRESS',
    default: '30',
    meaning:
      'Wrong guesses from one network address (IPv6: a /64) before the waits begin; one is forgotten every minute.',
    warn: warnUncounted,
  }),
  attemptsPerPassword: setting(attemptCount, {
    name: 'PROPUSK_GUESSES_PER_PASSWORD',
    default: '20',
    meaning:
      'Wrong guesses with one password, at whatever accounts, before the waits begin; one is forgotten every minute.',
    warn: warnUncounted,
  }),
  attemptMaxWaitSeconds: setting(duration('1s', '24h'), {
    name: 'PROPUSK_GUESS_MAX_WAIT',
    default: '15m',
    meaning: 'The longest wait after wrong guesses, which double it from one second on: 1s to 24h.',
  }),
  limitRegistration: setting(limit, {
    name: 'PROPUSK_LIMIT_REGISTRATION',
    default: '1000/1h',
    meaning: 'Registrations from one network address, on all nodes together.',
    example: '20/1h',
  }),
  limitPasswordChange: setting(limit, {
    name: 'PROPUSK_LIMIT_PASSWORD_CHANGE',
    default: '30/1h',
    meaning: 'Password changes asked for by one account, on all nodes together.',
    example: '10/1h',
  }),
  limitMail: setting(limit, {
    name: 'PROPUSK_LIMIT_MAIL',
    default: '5/1h',
    meaning: 'Mails asked for to one address, or by one account, on all nodes together; no answer tells.',
  }),
  limitMailNetwork: setting(limit, {
    name: 'PROPUSK_LIMIT_MAIL_NETWORK',
    default: '60/1h',
    meaning:
      'Mails asked for from one network address, and invitations by one account, on all nodes together.',
  }),
  limitMailTotal: setting(limit, {
    name: 'PROPUSK_LIMIT_MAIL_TOTAL',
    default: '1000/1h',
    meaning:
      'Invitations, and mails asked for by callers who are not signed in, in all; no answer tells but to who invites.',
  }),
  limitCodes: setting(limit, {
    name: 'PROPUSK_LIMIT_CODES',
    default: '60/10m',
    meaning: 'Codes of mails typed from one network address, on all nodes together.',
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
      'Refused permissions of one account that are written to the audit one by one, on each node; more are counted.',
  }),
  keepSessionsSeconds: setting(keeping('2d', '4000d'), {
    name: 'PROPUSK_KEEP_SESSIONS',
    default: '90d',
    meaning:
      'How long a session stays in the lists after its time is over, from 2d; then its row is deleted.',
    example: '30d',
  }),
  keepOriginsSeconds: setting(keeping('1h', '4000d'), {
    name: 'PROPUSK_KEEP_ORIGINS',
    default: '30d',
    meaning:
      'How long a session that has ended says from which address and with which user agent it was used, from 1h.',
    example: '7d',
  }),
  keepAuditSeconds: setting(keeping('7d', '4000d'), {
    name: 'PROPUSK_KEEP_AUDIT',
    default: 'forever',
    meaning:
      'How long events of the audit are kept, from 7d; older ones are cut off by a signed cut, once a day.',
    example: '1000d',
  }),
  /** Addresses and subnets (`10.0.0.0/8`); false believes none. */
  trustProxy: setting(proxies, {
    name: 'PROPUSK_TRUST_PROXY',
    default: 'false',
    meaning: "Proxies whose X-Forwarded-For is believed; otherwise the socket's address counts.",
    example: '10.0.0.0/8,127.0.0.1',
  }),
  /** INVARIANT: the public URL is https and its host within this domain. */
  forwardCookieDomain: setting(orOff(cookieDomain), {
    name: 'PROPUSK_FORWARD_COOKIE_DOMAIN',
    default: 'off',
    meaning:
      'The domain whose hosts are sent a cookie, so that browsers pass a proxy that asks (forward-auth); off: they are led to no sign-in.',
    example: 'example.org',
    isSameOnAllNodes: true,
  }),
  /** Exact origins, spelt as browsers send them. */
  corsOrigins: setting(corsOrigins, {
    name: 'PROPUSK_CORS_ORIGINS',
    default: '',
    meaning: 'The exact origins that a browser may call from; empty for none.',
    example: 'https://app.example.org',
    mayBeEmpty: true,
  }),
  refreshAsBearer: setting(boolean, {
    name: 'PROPUSK_REFRESH_AS_BEARER',
    default: 'false',
    meaning: 'Accepts a refresh token where an access token belongs; discouraged.',
    warn: isAccepted =>
      isAccepted &&
      '=true: refresh tokens are accepted where access tokens belong, so one that leaks opens every call. Set it to false once your clients are mended.',
  }),
  ...mailSettingOf,
  docs: setting(choice('on', 'staff', 'off'), {
    name: 'PROPUSK_DOCS',
    default: 'on',
    meaning: 'Who sees /openapi.json, /swagger/ and /redoc/.',
    example: 'staff',
  }),
  metrics: setting(choice('loopback', 'on', 'off'), {
    name: 'PROPUSK_METRICS',
    default: 'loopback',
    meaning: 'Who may read /metrics.',
  }),
  logLevel: setting(choice('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'), {
    name: 'PROPUSK_LOG_LEVEL',
    default: 'info',
    meaning: 'The least severe lines that are logged.',
  }),
} satisfies Readonly<Record<string, Setting>>

/** All settings in the order in which documents show them. */
export const settings: readonly Setting[] = Object.values(settingOf)

/** The name of a setting's value in Config. */
export type Field = keyof typeof settingOf

/** The values of all settings. */
export type SettingValues = {
  readonly [Name in Field]: Type.Static<(typeof settingOf)[Name]['schema']>
}
