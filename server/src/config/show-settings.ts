import type { Config, SettingValues } from './config.ts'
import { type Setting, settingOf } from './settings.ts'

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

type Field = keyof SettingValues

/** What stands for something that is set and not shown. */
const hidden = '***'

/** Every setting as it is in force, in the order of the documents. */
export const showSettings = (config: Config): readonly ShownSetting[] =>
  (Object.keys(settingOf) as Field[]).map(field => showSetting(config, field))

function showSetting(config: Config, field: Field): ShownSetting {
  const setting: Setting = settingOf[field]
  const value = toText(field, setting, config[field])
  const isDefault = value === toText(field, setting, defaultOf(config, field))
  return {
    name: setting.name,
    // In the words of the documents where it is the same: `24h`, not `1d`.
    value: isDefault ? (setting.default ?? value) : withoutPassword(value),
    default: setting.default ?? null,
    isDefault,
    isSecret: setting.isSecret === true,
    meaning: setting.meaning,
  }
}

/** What is in force when nobody has set it. */
function defaultOf(config: Config, field: Field): unknown {
  // Another setting takes its place.
  if (field === 'audience') return config.publicUrl
  const setting: Setting = settingOf[field]
  if (setting.default === undefined) return undefined
  const parsed = setting.parse(setting.default)
  return 'value' in parsed ? parsed.value : undefined
}

function toText(field: Field, setting: Setting, value: unknown): string | null {
  if (value === undefined) return isOff(setting) ? 'off' : null
  // Bytes are keys.
  if (setting.isSecret || value instanceof Uint8Array) return hidden
  if (Array.isArray(value)) return value.join(',')
  if (typeof value === 'object' && value !== null) {
    const { count, perSeconds } = value as { readonly count: number; readonly perSeconds: number }
    return `${count}/${toDuration(perSeconds)}`
  }
  // Names carry their unit.
  return typeof value === 'number' && field.endsWith('Seconds') ? toDuration(value) : String(value)
}

function isOff({ parse }: Setting): boolean {
  const parsed = parse('off')
  return 'value' in parsed && parsed.value === undefined
}

const units = [
  ['d', 86_400],
  ['h', 3600],
  ['m', 60],
] as const

/** The shortest way to write it: `90s`, `2m`, `36h`, `7d`. */
function toDuration(seconds: number): string {
  const [unit, length] = units.find(([, length]) => seconds % length === 0) ?? ['s', 1]
  return `${seconds / length}${unit}`
}

/** An address of any kind with `***` for its password, in front of the host or among the parameters. */
function withoutPassword(text: string | null): string | null {
  if (text === null || !/^[a-z][a-z0-9+.-]*:\/\//i.test(text) || !URL.canParse(text)) return text
  const url = new URL(text)
  const secrets = [...url.searchParams.keys()].filter(name => /pass|secret|token/i.test(name))
  if (url.password === '' && secrets.length === 0) return text
  if (url.password !== '') url.password = hidden
  for (const name of secrets) url.searchParams.set(name, hidden)
  return url.href
}
