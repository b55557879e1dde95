import { type Parse, type Parsed, quoted } from './parsed.ts'

/** Origins separated by commas; an empty text means none. */
export const corsOrigins: Parse<readonly string[]> = presented => {
  if (presented === '') return { value: Object.freeze([]) }
  const origins = new Set<string>()
  for (const entry of presented.split(',')) {
    const parsed = exactOrigin(entry.trim())
    if ('fault' in parsed) return parsed
    origins.add(parsed.value)
  }
  return { value: Object.freeze([...origins]) }
}

/** INVARIANT: an origin is spelt as browsers send it (RFC 6454 section 6.2), since it is compared byte for byte. */
function exactOrigin(entry: string): Parsed<string> {
  if (entry === '*' || entry === 'null')
    return { fault: `${quoted(entry)} would let anybody in; name each origin` }
  if (entry.includes('@')) return { fault: 'an origin must not hold a user name or a password' }
  const url = URL.canParse(entry) ? new URL(entry) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || entry.includes('*')) {
    return { fault: `${quoted(entry)} is not an origin: scheme://host or scheme://host:port` }
  }
  if (url.origin !== entry)
    return { fault: `${quoted(entry)} is not exact, a browser sends ${quoted(url.origin)}` }
  return { value: entry }
}
