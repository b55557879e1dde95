import type { Config, Environment, SettingValues } from './config.ts'
import { ConfigError } from './config-error.ts'
import { isPostgres } from './parse-database-url.ts'
import { type Setting, settingOf } from './settings.ts'
import { warningsAbout } from './warnings.ts'

type PartialValues = { -readonly [Field in keyof SettingValues]?: SettingValues[Field] | undefined }

/** Every setting, from the environment or its default, checked as a whole. Throws a ConfigError that lists all mistakes. */
export function loadConfig(env: Environment): Config {
  const values: PartialValues = {}
  const mistakes: string[] = []
  for (const field of Object.keys(settingOf) as (keyof SettingValues)[]) {
    const mistake = readSetting(env, field, values)
    if (mistake !== undefined) mistakes.push(mistake)
  }
  mistakes.push(...mistakesBetween(values))
  if (mistakes.length > 0) throw new ConfigError(mistakes)
  // Without a mistake every field has been read.
  const complete = values as SettingValues
  return Object.freeze({
    ...complete,
    audience: complete.audience ?? complete.publicUrl,
    warnings: Object.freeze(warningsAbout(complete, env)),
  })
}

function readSetting<Field extends keyof SettingValues>(
  env: Environment,
  field: Field,
  values: PartialValues,
): string | undefined {
  const setting: Setting<PartialValues[Field]> = settingOf[field]
  const presented = env[setting.name]
  if (presented === '' && setting.mayBeEmpty !== true) {
    return mistake(setting, 'is set but empty: give it a value or remove it')
  }
  const text = presented ?? setting.default
  const parsed = text === undefined ? { value: undefined } : setting.parse(text)
  if ('fault' in parsed) return mistake(setting, `is wrong: ${parsed.fault}`)
  values[field] = parsed.value
  return undefined
}

/** What is wrong between settings that are fine by themselves; silent about those that are not. */
function mistakesBetween(values: PartialValues): string[] {
  const mistakes: string[] = []
  const { databaseUrl } = values
  // A faulty key is absent from the values and has had its line; an unset one is there as undefined.
  const lacksKey = 'masterKey' in values && values.masterKey === undefined
  if (databaseUrl !== undefined && isPostgres(databaseUrl) && lacksKey) {
    mistakes.push(mistake(settingOf.masterKey, 'is missing: on PostgreSQL it seals the signing keys'))
  }
  return mistakes
}

const mistake = (setting: Setting, sentence: string): string =>
  `${setting.name} ${sentence}. Example: ${setting.name}=${setting.example}`
