export interface DeviceDescription {
  readonly kind: 'desktop' | 'phone' | 'tablet' | 'program'
  /** «Chrome on Windows»; empty when the device says nothing of itself. */
  readonly name: string
}

type Rule = readonly [pattern: RegExp, name: string]

/** The first that fits: most browsers call themselves by the names of the others too. */
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

/** What a User-Agent says in words that a person knows. It is a claim of the client's, and no proof. */
export function describeDevice(userAgent: string): DeviceDescription {
  const browser = find(browsers, userAgent)
  const system = find(systems, userAgent)
  if (browser === undefined) {
    // `curl/8.5.0`, `okhttp/4.12`: programs name themselves first.
    const [program = ''] = userAgent.split(/[\s/]/, 1)
    return { kind: 'program', name: system === undefined ? program : `${program} · ${system}` }
  }
  return { kind: kindOf(userAgent, system), name: system === undefined ? browser : `${browser} · ${system}` }
}

function kindOf(userAgent: string, system: string | undefined): DeviceDescription['kind'] {
  if (system === 'iPad' || (system === 'Android' && !/Mobile/.test(userAgent))) return 'tablet'
  return system === 'iPhone' || system === 'Android' ? 'phone' : 'desktop'
}
