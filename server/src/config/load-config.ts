import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
import { isWithin } from '../addresses/index.ts'
import { closestName, printable } from '../kernel/index.ts'
import { isPostgres } from './addresses.ts'
import type { Parsed } from './kinds.ts'
import { type Field, type Setting, type SettingValues, settingOf, settings } from './settings.ts'

/** Every setting of the server, checked and frozen. Modules are handed the few values they need, never the whole. */
export interface Config extends SettingValues {
  /** Sentences to show at start: settings that are accepted but unwise, and names that mean nothing. */
  readonly warnings: readonly string[]
}

/** Environment variables, or the lines of a `.env` file. */
export type Environment = Readonly<Record<string, string | undefined>>

/** The settings cannot be used. Every line names where the mistake is, what is wrong and what to do; none holds a secret. */
export class ConfigError extends Error {
  readonly mistakes: readonly string[]

  constructor(mistakes: readonly string[]) {
    super(mistakes.join('\n'))
    this.name = 'ConfigError'
    this.mistakes = mistakes
  }
}

/** Every setting (ADR 24), from the environment or its default, checked as a whole. Throws a ConfigError that lists all mistakes. */
export function loadConfig(env: Environment): Config {
  const read = new Map<string, unknown>()
  const mistakes: string[] = []
  for (const [field, setting] of Object.entries<Setting>(settingOf)) {
    const parsed = readSetting(env, setting, read)
    if ('fault' in parsed) mistakes.push(mistake(setting, parsed.fault))
    else read.set(field, parsed.value)
  }
  mistakes.push(...mistakesBetween(read))
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  const warnings = Object.freeze([...unknownNames(env), ...warningsAbout(read)])
  // Without a mistake every field has been read, each by the parser of its own type.
  return Object.freeze({ ...(Object.fromEntries(read) as SettingValues), warnings })
}

/** The settings of sessions as one value, for whatever starts one. */
export const sessionLimitsOf = ({ sessionTtlSeconds, sessionIdleSeconds, sessionsPerAccount }: Config) => ({
  ttlMs: sessionTtlSeconds * 1000,
  idleMs: sessionIdleSeconds && sessionIdleSeconds * 1000,
  perAccount: sessionsPerAccount,
})

function readSetting(
  env: Environment,
  setting: Setting,
  read: ReadonlyMap<string, unknown>,
): Parsed<unknown> {
  const presented = env[setting.name]
  if (presented === '' && setting.mayBeEmpty !== true) {
    return { fault: 'is set but empty: give it a value or remove it' }
  }
  const text = presented ?? setting.default
  if (text === undefined) return { value: read.get(setting.follows ?? '') }
  const parsed = setting.parse(text)
  return 'fault' in parsed ? { fault: `is wrong: ${parsed.fault}` } : parsed
}

/** What is wrong between settings that are fine by themselves; silent about those that are not. */
const mistakesBetween = (read: ReadonlyMap<string, unknown>): string[] => [
  ...missingBeside(read),
  ...mistakesOfCookieDomain(read),
  ...mistakesOfIdleTime(read),
]

/**
 * A person who works refreshes once in the life of an access token, and not in between: with less than twice that, a
 * session could end while it is used.
 */
function mistakesOfIdleTime(read: ReadonlyMap<string, unknown>): string[] {
  const idle = read.get('sessionIdleSeconds' satisfies Field)
  const accessTtl = read.get('accessTtlSeconds' satisfies Field)
  if (typeof idle !== 'number' || typeof accessTtl !== 'number' || idle >= 2 * accessTtl) return []
  return [
    mistake(
      settingOf.sessionIdleSeconds,
      'is less than twice PROPUSK_ACCESS_TTL: a session that is used would end',
    ),
  ]
}

/** What another setting makes necessary. */
function missingBeside(read: ReadonlyMap<string, unknown>): string[] {
  const mistakes: string[] = []
  const url = read.get('databaseUrl' satisfies Field)
  if (typeof url === 'string' && isPostgres(url) && isUnset(read, 'masterKey')) {
    mistakes.push(mistake(settingOf.masterKey, 'is missing: on PostgreSQL it seals the signing keys'))
  }
  if (typeof read.get('mailUrl' satisfies Field) === 'string' && isUnset(read, 'mailFrom')) {
    mistakes.push(mistake(settingOf.mailFrom, 'is missing: with PROPUSK_MAIL_URL every mail needs a sender'))
  }
  if (read.get('registration' satisfies Field) === 'verified' && isUnset(read, 'mailUrl')) {
    mistakes.push(
      mistake(settingOf.mailUrl, 'is missing: with PROPUSK_REGISTRATION=verified a mail proves each address'),
    )
  }
  if (read.get('loginCode' satisfies Field) === 'on' && isUnset(read, 'mailUrl')) {
    mistakes.push(mistake(settingOf.mailUrl, 'is missing: with PROPUSK_LOGIN_CODE=on codes are sent by mail'))
  }
  return mistakes
}

/** A faulty one has not been read and has had its line; an unset one is there as undefined. */
const isUnset = (read: ReadonlyMap<string, unknown>, field: Field): boolean =>
  read.has(field) && read.get(field) === undefined

/** A browser keeps a cookie for a domain only from a host within it, and a Secure one only from https. */
function mistakesOfCookieDomain(read: ReadonlyMap<string, unknown>): string[] {
  const domain = read.get('forwardCookieDomain' satisfies Field)
  const url = read.get('publicUrl' satisfies Field)
  if (typeof domain !== 'string' || typeof url !== 'string') return []
  const { protocol, hostname } = new URL(url)
  if (protocol === 'https:' && isWithin(hostname, domain)) return []
  const what = `is wrong: PROPUSK_PUBLIC_URL (${url}) must be an https:// address within ${domain}, or browsers keep no cookie for it`
  return [mistake(settingOf.forwardCookieDomain, what)]
}

const mistake = ({ name, example }: Setting, sentence: string): string =>
  `${name} ${sentence}. Example: ${name}=${example}`

/** What is accepted but deserves a second look, one sentence each. */
const warningsAbout = (read: ReadonlyMap<string, unknown>): string[] =>
  Object.entries<Setting>(settingOf).flatMap(([field, { name, warn }]) => {
    const warning = warn?.(read.get(field)) || []
    return typeof warning === 'string' ? `${name}${warning}` : warning
  })

/**
 * A misspelt name would silently leave its setting at the default. PROPUSK_TEST_* belongs to the tests, PROPUSK_MOVE_TO
 * to a command.
 */
function unknownNames(env: Environment): string[] {
  const names = settings.map(setting => setting.name)
  const known = new Set<string>(names)
  return Object.keys(env)
    .filter(name => /^PROPUSK_(?!TEST_|MOVE_TO$)/i.test(name) && env[name] !== undefined && !known.has(name))
    .sort()
    .map(name => {
      const meant = closestName(name, names)
      const question = meant === undefined ? '' : ` Did you mean ${meant}?`
      return `${printable(name.slice(0, 100))} is not a setting and has no effect.${question}`
    })
}

/**
 * The variables of a `.env` file; none when there is no such file. The real environment wins when it is spread
 * after them. Throws a ConfigError for a file that cannot be read, and for lines that would be skipped in silence.
 */
export function readEnvFile(path: string): Environment {
  const bytes = readIfPresent(path)
  if (bytes === undefined) return {}
  const text = decode(bytes, path)
  const mistakes = malformedLines(text).map(
    // The line itself may hold a secret and is not shown.
    line =>
      `${path}, line ${line} is not NAME=value, or its quotation mark is not closed. Example: PROPUSK_PORT=8000`,
  )
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  return { ...parseEnv(text) }
}

function readIfPresent(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw new ConfigError([`${path} cannot be read (${code}). Make it a readable file, or remove it.`])
  }
}

function decode(bytes: Uint8Array, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new ConfigError([`${path} is not UTF-8 text. Save it as UTF-8.`])
  }
}

/** `parseEnv` drops what it does not understand; a setting must not be lost that way. Numbers of lines, from 1. */
function malformedLines(text: string): number[] {
  const malformed: number[] = []
  const lines = text.split('\n')
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index]!.trim()
    if (line === '' || line.startsWith('#')) continue
    const value = /^(?:export\s+)?[A-Za-z_]\w*\s*=\s*(.*)$/.exec(line)?.[1]
    const end = value === undefined ? undefined : lastLine(lines, index, value)
    if (end === undefined) malformed.push(index + 1)
    else index = end
  }
  return malformed
}

/** The index of the line that ends the value: another one only inside quotation marks; undefined when they are never closed. */
function lastLine(lines: readonly string[], index: number, value: string): number | undefined {
  const quote = /^["'`]/.exec(value)?.[0]
  if (quote === undefined || value.indexOf(quote, 1) !== -1) return index
  const end = lines.findIndex((line, at) => at > index && line.includes(quote))
  return end === -1 ? undefined : end
}
