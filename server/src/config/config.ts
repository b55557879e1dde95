import type { Limit } from './parse-limit.ts'

/** Every setting of the server, checked and frozen. Rooms are handed the few values they need, never the whole. */
export interface Config {
  /** `sqlite:PATH`, `sqlite::memory:` or `postgres://…`. SECRET: may hold a password; never log or show it. */
  readonly databaseUrl: string
  readonly host: string
  /** 0 takes a free port. */
  readonly port: number
  /** The `iss` of tokens: an http(s) address without a trailing slash. */
  readonly publicUrl: string
  readonly accessTtlSeconds: number
  /** May be shorter than `accessTtlSeconds`: no token outlives its session. */
  readonly sessionTtlSeconds: number
  /** Addresses and subnets (`10.0.0.0/8`) whose X-Forwarded-For is believed; false believes nobody. */
  readonly trustProxy: false | readonly string[]
  readonly refreshAsBearer: boolean
  readonly registration: 'open' | 'closed'
  /** Of keys made from now on; older keys go on in their own algorithm. */
  readonly keyAlgorithm: 'ES256' | 'EdDSA'
  readonly keyMaxAgeSeconds: number
  /** SECRET: 32 bytes. INVARIANT: present on PostgreSQL. */
  readonly masterKey: Uint8Array | undefined
  /** The `aud` of access tokens. */
  readonly audience: string
  readonly metrics: 'loopback' | 'on' | 'off'
  readonly passwordMinLength: number
  /** Wrong guesses at one account that make nobody wait; undefined counts none, here as in the next two. */
  readonly guessesPerAccount: number | undefined
  /** Wrong guesses from one network address. */
  readonly guessesPerAddress: number | undefined
  /** Wrong guesses with one password, at whatever accounts. */
  readonly guessesPerPassword: number | undefined
  readonly guessMaxWaitSeconds: number
  /** Registrations from one network address. */
  readonly limitRegistration: Limit | undefined
  /** Password changes asked for by one account. */
  readonly limitPasswordChange: Limit | undefined
  /** Live sessions of one account; a sign-in beyond it ends the one that was used longest ago. */
  readonly sessionsPerAccount: number
  /** Refreshes per session; undefined limits nothing, here as in the other limits. */
  readonly limitRefresh: Limit | undefined
  /** Refreshes with an unusable token per network address. */
  readonly limitBadRefresh: Limit | undefined
  /** Access checks per account. */
  readonly limitAccessChecks: Limit | undefined
  /** Refused permissions that one account can have written to the audit. */
  readonly limitDeniedEvents: Limit | undefined
  readonly docs: 'on' | 'off' | 'staff'
  /** Exact origins, spelt as browsers send them. */
  readonly corsOrigins: readonly string[]
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'
  /** Sentences to show at start: settings that are accepted but unwise, and names that mean nothing. */
  readonly warnings: readonly string[]
}

/** The settings as they are read one by one, before defaults that depend on another setting. */
export type SettingValues = Omit<Config, 'audience' | 'warnings'> & { readonly audience: string | undefined }

/** Environment variables, or the lines of a `.env` file. */
export type Environment = Readonly<Record<string, string | undefined>>
