import { closestName, printable } from '../kernel/index.ts'
import type { Environment, SettingValues } from './config.ts'
import { looksTyped } from './parse-master-key.ts'
import { isLoopbackUrl } from './parse-public-url.ts'
import { settingOf, settings } from './settings.ts'

/** What is accepted but deserves a second look, one sentence each. None holds a secret. */
export function warningsAbout(values: SettingValues, env: Environment): string[] {
  const warnings = unknownNames(env)
  if (values.refreshAsBearer) {
    warnings.push(
      `${settingOf.refreshAsBearer.name}=true: refresh tokens are accepted where access tokens belong, so one that leaks opens every call. Set it to false once your clients are mended.`,
    )
  }
  if (values.publicUrl.startsWith('http://') && !isLoopbackUrl(values.publicUrl)) {
    warnings.push(
      `${settingOf.publicUrl.name} is an http:// address: passwords and tokens cross the network unencrypted. Serve it over https://.`,
    )
  }
  const uncounted = guessSettings.filter(field => values[field] === undefined)
  if (uncounted.length > 0) {
    const names = uncounted.map(field => `${settingOf[field].name}=off`).join(', ')
    warnings.push(
      `${names}: the throttle does not count these guesses at passwords. Leave it on wherever strangers reach the server.`,
    )
  }
  if (values.masterKey !== undefined && looksTyped(values.masterKey)) {
    warnings.push(
      `${settingOf.masterKey.name} does not look random. Make one with: openssl rand -base64 32. Signing keys sealed with the present one cannot be opened with another.`,
    )
  }
  return warnings
}

const guessSettings = ['guessesPerAccount', 'guessesPerAddress', 'guessesPerPassword'] as const

/** A misspelt name would leave its setting at the default without a word. PROPUSK_TEST_* belongs to the tests, PROPUSK_MOVE_TO to a command. */
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
