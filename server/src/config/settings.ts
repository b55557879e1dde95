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
import { boolean, choice, duration, integer, looksTyped, masterKey, orOff } from './kinds.ts'
import { limitSettingOf } from './limit-settings.ts'
import { mailSettingOf } from './mail-settings.ts'
import { type Setting, setting } from './setting.ts'
import { signInSettingOf } from './sign-in-settings.ts'

export type { Setting } from './setting.ts'

/**
 * Every setting under the name of its field in Config, in the order in which documents show them. All else follows
 * from an entry: its type, how it is read and refused, `--help`, and how the console shows it.
 */
export const settingOf = {
  /** `sqlite:PATH`, `sqlite::memory:` or `postgres://…`. SECRET: may hold a password; never log or show it. */
  databaseUrl: setting(databaseUrl, {
    name: 'PROPUSK_DATABASE_URL',
    default: 'sqlite:./data/propusk.db',
    meaning: 'The URL of the database; nothing else differs between the two engines.',
  }),
  /** SECRET: 32 bytes. INVARIANT: present on PostgreSQL. */
  masterKey: setting(masterKey, {
    name: 'PROPUSK_MASTER_KEY',
    default: undefined,
    meaning:
      'Encrypts the private signing keys: required on PostgreSQL; on SQLite a key file beside the database replaces it.',
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
    meaning: 'The longest life of a session and of its refresh tokens: 1s to 400d.',
    isSameOnAllNodes: true,
  }),
  sessionIdleSeconds: setting(orOff(duration('2s', '400d')), {
    name: 'PROPUSK_SESSION_IDLE',
    default: 'off',
    meaning:
      'A session that was not used for this long ends, unless “Keep me signed in” was chosen: 2s to 400d, and at least twice PROPUSK_ACCESS_TTL.',
    example: '2h',
  }),
  /** Of keys made from now on; older keys go on in their own algorithm. */
  keyAlgorithm: setting(choice('ES256', 'EdDSA'), {
    name: 'PROPUSK_KEY_ALGORITHM',
    default: 'ES256',
    meaning: 'The algorithm of signing keys created from now on.',
  }),
  keyMaxAgeSeconds: setting(duration('1h', '400d'), {
    name: 'PROPUSK_KEY_MAX_AGE',
    default: '90d',
    meaning: 'The age at which a signing key is replaced by a new one: 1h to 400d.',
  }),
  ...signInSettingOf,
  ...limitSettingOf,
  /** Addresses and subnets (`10.0.0.0/8`); false believes none. */
  trustProxy: setting(proxies, {
    name: 'PROPUSK_TRUST_PROXY',
    default: 'false',
    meaning: 'Proxies whose X-Forwarded-For is trusted; otherwise the address of the connection counts.',
    example: '10.0.0.0/8,127.0.0.1',
  }),
  /** INVARIANT: the public URL is https and its host within this domain. */
  forwardCookieDomain: setting(orOff(cookieDomain), {
    name: 'PROPUSK_FORWARD_COOKIE_DOMAIN',
    default: 'off',
    meaning:
      'The domain whose hosts are sent a cookie, so that a proxy lets signed-in browsers pass (forward-auth); off: browsers are not sent to sign in.',
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
    meaning: 'Accepts a refresh token where an access token belongs; not recommended.',
    warn: isAccepted =>
      isAccepted &&
      '=true: refresh tokens are accepted where access tokens belong, so one that leaks opens every call. Set it to false once your clients are mended.',
  }),
  ...mailSettingOf,
  docs: setting(choice('on', 'staff', 'off'), {
    name: 'PROPUSK_DOCS',
    default: 'on',
    meaning: 'Who can read /openapi.json, /swagger/ and /redoc/.',
    example: 'staff',
  }),
  metrics: setting(choice('loopback', 'on', 'off'), {
    name: 'PROPUSK_METRICS',
    default: 'loopback',
    meaning: 'Who can read /metrics.',
  }),
  logLevel: setting(choice('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'), {
    name: 'PROPUSK_LOG_LEVEL',
    default: 'info',
    meaning: 'The lowest level of lines that are logged.',
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
