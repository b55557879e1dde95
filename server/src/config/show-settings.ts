import { hostListOf } from '../addresses/index.ts'
import { hidden } from './kinds.ts'
import type { Config } from './load-config.ts'
import { type Field, type Setting, settingOf } from './settings.ts'

/** A setting as an administrator sees it. INVARIANT: holds no secret. */
export interface ShownSetting {
  readonly name: string
  /** As one would write it; null where nothing is set. */
  readonly value: string | null
  readonly default: string | null
  readonly isDefault: boolean
  readonly isSecret: boolean
  readonly meaning: string
}

/** Every setting as it is in force, in the order of the documents. */
export const showSettings = (config: Config): readonly ShownSetting[] =>
  (Object.keys(settingOf) as Field[]).map(field => showSetting(config, field))

function showSetting(config: Config, field: Field): ShownSetting {
  const setting: Setting = settingOf[field]
  const value = toText(setting, config[field])
  const isDefault = value === toText(setting, defaultOf(config, setting))
  return {
    name: setting.name,
    // In the words of the documents where it is the same: `24h`, not `1d`.
    value: isDefault ? (setting.default ?? value) : value,
    default: setting.default ?? null,
    isDefault,
    isSecret: setting.isSecret === true,
    meaning: setting.meaning,
  }
}

/** The value in force when the setting is not set. */
function defaultOf(config: Config, setting: Setting): unknown {
  if (setting.follows !== undefined) return config[setting.follows]
  if (setting.default === undefined) return undefined
  const parsed = setting.parse(setting.default)
  return 'value' in parsed ? parsed.value : undefined
}

function toText(setting: Setting, value: unknown): string | null {
  // Where there is a default, undefined is a value: `off`.
  if (value === undefined && setting.default === undefined) return null
  return setting.isSecret ? hidden : withoutPassword(setting.show(value))
}

/** An address of any kind with `***` for its password, in front of the host or among the parameters. */
function withoutPassword(text: string): string {
  const { hosts, with: withHost } = hostListOf(text)
  // No URL has several hosts: one stands for them all.
  if (hosts.length > 1) return withoutPassword(withHost(severalHosts)).replace(severalHosts, hosts.join())
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || !URL.canParse(text)) return text
  const url = new URL(text)
  const secrets = [...url.searchParams.keys()].filter(name => /pass|secret|token/i.test(name))
  if (url.password === '' && secrets.length === 0) return text
  if (url.password !== '') url.password = hidden
  for (const name of secrets) url.searchParams.set(name, hidden)
  return url.href
}

const severalHosts = 'several-hosts.invalid'
