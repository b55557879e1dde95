import type { SettingValues } from './config.ts'
import { audience } from './parse-audience.ts'
import { boolean, choice } from './parse-choice.ts'
import { corsOrigins } from './parse-cors-origins.ts'
import { countOrOff } from './parse-count.ts'
import { databaseUrl } from './parse-database-url.ts'
import { duration } from './parse-duration.ts'
import { host } from './parse-host.ts'
import { integer } from './parse-integer.ts'
import { limit } from './parse-limit.ts'
import { masterKey } from './parse-master-key.ts'
import { publicUrl } from './parse-public-url.ts'
import { trustProxy } from './parse-trust-proxy.ts'
import type { Parse } from './parsed.ts'

/** One setting: what the documents and `--help` say about it, and how its text is read. */
export interface Setting<Value = unknown> {
  readonly name: `PROPUSK_${string}`
  /** Read like a value from outside; undefined when nothing, or another setting, takes its place. */
  readonly default: string | undefined
  /** The unit or the form of a value, for a person. */
  readonly unit: string
  /** One sentence, for a person. */
  readonly meaning: string
  /** A value that works; for a secret, a way to make one. */
  readonly example: string
  /** Never shown to anybody, but that it is set. */
  readonly isSecret?: true
  /** Whether an empty text is a value. Elsewhere it is a mistake, not the default: half a line was lost. */
  readonly mayBeEmpty?: true
  readonly parse: Parse<Value>
}

const durationUnit = 'duration: a whole number with s, m, h or d'
const limitUnit = 'COUNT/DURATION, or off'
const guessUnit = 'guesses, 1 to 1000000, or off'
const guesses = countOrOff(1, 1_000_000)
const length = { least: 8, most: 1024 }

export const settingOf: { readonly [Field in keyof SettingValues]: Setting<SettingValues[Field]> } = {
  databaseUrl: {
    name: 'PROPUSK_DATABASE_URL',
    default: 'sqlite:./data/propusk.db',
    unit: 'sqlite:PATH or postgres://user:password@host:port/name',
    meaning: 'Where the data live; nothing else changes between the two engines.',
    example: 'sqlite:./data/propusk.db',
    parse: databaseUrl,
  },
  masterKey: {
    name: 'PROPUSK_MASTER_KEY',
    default: undefined,
    unit: '32 bytes in base64, base64url or 64 hexadecimal digits',
    meaning:
      'Seals the private signing keys: required on PostgreSQL; on SQLite a key file beside the database stands in for it.',
    example: '"$(openssl rand -base64 32)"',
    isSecret: true,
    parse: masterKey,
  },
  host: {
    name: 'PROPUSK_HOST',
    default: '127.0.0.1',
    unit: 'IP address or host name',
    meaning: 'The address to listen on; 0.0.0.0 or :: for all of them.',
    example: '127.0.0.1',
    parse: host,
  },
  port: {
    name: 'PROPUSK_PORT',
    default: '8000',
    unit: 'port, 0 to 65535',
    meaning: 'The port to listen on; 0 takes a free one and prints it.',
    example: '8000',
    parse: integer(0, 65_535),
  },
  publicUrl: {
    name: 'PROPUSK_PUBLIC_URL',
    default: 'http://localhost:8000',
    unit: 'http(s) address',
    meaning: 'The address that clients see: the iss of tokens.',
    example: 'https://auth.example.org',
    parse: publicUrl,
  },
  audience: {
    name: 'PROPUSK_AUDIENCE',
    default: undefined,
    unit: 'name or URI',
    meaning: 'The aud of access tokens; the public URL unless set.',
    example: 'https://api.example.org',
    parse: audience,
  },
  accessTtlSeconds: {
    name: 'PROPUSK_ACCESS_TTL',
    default: '10m',
    unit: durationUnit,
    meaning: 'How long an access token lives: from 1s.',
    example: '10m',
    parse: duration('1s', '400d'),
  },
  sessionTtlSeconds: {
    name: 'PROPUSK_SESSION_TTL',
    default: '24h',
    unit: durationUnit,
    meaning: 'How long a session lives, and the most a refresh token can: 1s to 400d.',
    example: '24h',
    parse: duration('1s', '400d'),
  },
  keyAlgorithm: {
    name: 'PROPUSK_KEY_ALGORITHM',
    default: 'ES256',
    unit: 'ES256 or EdDSA',
    meaning: 'The algorithm of signing keys made from now on.',
    example: 'ES256',
    parse: choice('ES256', 'EdDSA'),
  },
  keyMaxAgeSeconds: {
    name: 'PROPUSK_KEY_MAX_AGE',
    default: '90d',
    unit: durationUnit,
    meaning: 'The age at which a signing key is replaced by a new one: 1h to 400d.',
    example: '90d',
    parse: duration('1h', '400d'),
  },
  registration: {
    name: 'PROPUSK_REGISTRATION',
    default: 'open',
    unit: 'open or closed',
    meaning: 'Whether anybody may make an account, or administrators only.',
    example: 'closed',
    parse: choice('open', 'closed'),
  },
  passwordMinLength: {
    name: 'PROPUSK_PASSWORD_MIN_LENGTH',
    default: String(length.least),
    unit: `characters, ${length.least} to ${length.most}`,
    meaning: 'The least length of a new password; 15 is advised.',
    example: '15',
    parse: integer(length.least, length.most),
  },
  guessesPerAccount: {
    name: 'PROPUSK_GUESSES_PER_ACCOUNT',
    default: '5',
    unit: guessUnit,
    meaning: 'Wrong guesses at one account before the waits begin; one is forgotten every 15 minutes.',
    example: '5',
    parse: guesses,
  },
  guessesPerAddress: {
    name: 'PROPUSK_GUESSES_PER_ADDRESS',
    default: '30',
    unit: guessUnit,
    meaning:
      'Wrong guesses from one network address (IPv6: a /64) before the waits begin; one is forgotten every minute.',
    example: '30',
    parse: guesses,
  },
  guessesPerPassword: {
    name: 'PROPUSK_GUESSES_PER_PASSWORD',
    default: '20',
    unit: guessUnit,
    meaning:
      'Wrong guesses with one password, at whatever accounts, before the waits begin; one is forgotten every minute.',
    example: '20',
    parse: guesses,
  },
  guessMaxWaitSeconds: {
    name: 'PROPUSK_GUESS_MAX_WAIT',
    default: '15m',
    unit: durationUnit,
    meaning: 'The longest wait after wrong guesses, which double it from one second on: 1s to 24h.',
    example: '15m',
    parse: duration('1s', '24h'),
  },
  limitRegistration: {
    name: 'PROPUSK_LIMIT_REGISTRATION',
    default: '1000/1h',
    unit: limitUnit,
    meaning: 'Registrations from one network address, on all nodes together.',
    example: '20/1h',
    parse: limit,
  },
  limitPasswordChange: {
    name: 'PROPUSK_LIMIT_PASSWORD_CHANGE',
    default: '30/1h',
    unit: limitUnit,
    meaning: 'Password changes asked for by one account, on all nodes together.',
    example: '10/1h',
    parse: limit,
  },
  trustProxy: {
    name: 'PROPUSK_TRUST_PROXY',
    default: 'false',
    unit: 'false, or addresses and subnets separated by commas',
    meaning: "Proxies whose X-Forwarded-For is believed; otherwise the socket's address counts.",
    example: '10.0.0.0/8,127.0.0.1',
    parse: trustProxy,
  },
  corsOrigins: {
    name: 'PROPUSK_CORS_ORIGINS',
    default: '',
    unit: 'origins separated by commas',
    meaning: 'The exact origins that a browser may call from; empty for none.',
    example: 'https://app.example.org',
    mayBeEmpty: true,
    parse: corsOrigins,
  },
  refreshAsBearer: {
    name: 'PROPUSK_REFRESH_AS_BEARER',
    default: 'false',
    unit: 'true or false',
    meaning: 'Accepts a refresh token where an access token belongs; discouraged.',
    example: 'false',
    parse: boolean,
  },
  sessionsPerAccount: {
    name: 'PROPUSK_SESSIONS_PER_ACCOUNT',
    default: '1000',
    unit: 'sessions, 1 to 100000',
    meaning: 'Live sessions of one account; a sign-in beyond it ends the one that was used longest ago.',
    example: '100',
    parse: integer(1, 100_000),
  },
  limitRefresh: {
    name: 'PROPUSK_LIMIT_REFRESH',
    default: '30000/1m',
    unit: limitUnit,
    meaning: 'Refreshes of one session, on each node.',
    example: '600/1m',
    parse: limit,
  },
  limitBadRefresh: {
    name: 'PROPUSK_LIMIT_BAD_REFRESH',
    default: '600/1m',
    unit: limitUnit,
    meaning: 'Refreshes with an unusable token from one network address, on each node.',
    example: '600/1m',
    parse: limit,
  },
  limitAccessChecks: {
    name: 'PROPUSK_LIMIT_ACCESS_CHECKS',
    default: '1200000/1m',
    unit: limitUnit,
    meaning:
      'Access checks by one account, on each node; /access/explain/ counts as 20, /access/who_can/ as 100.',
    example: '60000/1m',
    parse: limit,
  },
  limitDeniedEvents: {
    name: 'PROPUSK_LIMIT_DENIED_EVENTS',
    default: '60/1m',
    unit: limitUnit,
    meaning:
      'Refused permissions of one account that are written to the audit one by one, on each node; more are counted.',
    example: '60/1m',
    parse: limit,
  },
  docs: {
    name: 'PROPUSK_DOCS',
    default: 'on',
    unit: 'on, staff or off',
    meaning: 'Who sees /openapi.json, /swagger/ and /redoc/.',
    example: 'staff',
    parse: choice('on', 'staff', 'off'),
  },
  metrics: {
    name: 'PROPUSK_METRICS',
    default: 'loopback',
    unit: 'loopback, on or off',
    meaning: 'Who may read /metrics.',
    example: 'loopback',
    parse: choice('loopback', 'on', 'off'),
  },
  logLevel: {
    name: 'PROPUSK_LOG_LEVEL',
    default: 'info',
    unit: 'fatal, error, warn, info, debug, trace or silent',
    meaning: 'The least severe lines that are logged.',
    example: 'info',
    parse: choice('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'),
  },
}

/** All settings in the order in which documents show them. */
export const settings: readonly Setting[] = Object.values(settingOf)
