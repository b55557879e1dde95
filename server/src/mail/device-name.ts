type Rule = readonly [pattern: RegExp, name: string]

/** The first that fits: most browsers call themselves by the names of the others, too. */
const browsers: readonly Rule[] = [
  [/YaBrowser\//, 'Yandex Browser'],
  [/Edg(?:A|iOS)?\//, 'Edge'],
  [/OPR\/|Opera/, 'Opera'],
  [/SamsungBrowser\//, 'Samsung Internet'],
  [/FxiOS\/|Firefox\//, 'Firefox'],
  [/CriOS\/|HeadlessChrome\/|Chrome\//, 'Chrome'],
  [/Version\/.*Safari\//, 'Safari'],
]

const systems: readonly Rule[] = [
  [/iPad/, 'iPad'],
  [/iPhone/, 'iPhone'],
  [/Android/, 'Android'],
  [/Windows/, 'Windows'],
  [/Mac OS X|Macintosh/, 'macOS'],
  [/CrOS/, 'ChromeOS'],
  [/Linux/, 'Linux'],
]

const find = (rules: readonly Rule[], text: string) => rules.find(([pattern]) => pattern.test(text))?.[1]

/** So much of a user agent is looked at: what it says stands at the beginning. */
const readAtMost = 500

/**
 * «Firefox, Windows»; null where the user agent is of no browser and no system that is known. Only words of our own:
 * a user agent is a text of the caller, and a caller who is not the owner must not write into the owner's inbox.
 */
export function deviceName(userAgent: string): string | null {
  const read = userAgent.slice(0, readAtMost)
  const names = [find(browsers, read), find(systems, read)].filter(name => name !== undefined)
  return names.length === 0 ? null : names.join(', ')
}
