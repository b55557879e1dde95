import type { SettingValues } from './config.ts'
import { audience } from './parse-audience.ts'
import { boolean, choice } from './parse-choice.ts'
import { corsOrigins } from './parse-cors-origins.ts'
import { databaseUrl } from './parse-database-url.ts'
import { duration } from './parse-duration.ts'
import { host } from './parse-host.ts'
import { integer } from './parse-integer.ts'
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
  /** Whether an empty text is a value. Elsewhere it is a mistake, not the default: half a line was lost. */
  readonly mayBeEmpty?: true
  readonly parse: Parse<Value>
}

const durationUnit = 'duration: a whole number with s, m, h or d'
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
