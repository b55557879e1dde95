import { valuesOf } from './read-forwarded.ts'

/** RFC 6265 section 4.2.1: `name=value` pairs between semicolons; HTTP/2 may send them in several headers. */
const pairsOf = (rawHeaders: readonly string[]): string[] =>
  valuesOf(rawHeaders, 'cookie')
    .flatMap(header => header.split(';'))
    .map(pair => pair.trim())
    .filter(pair => pair !== '')

const isNamed = (pair: string, name: string): boolean => pair.split('=', 1)[0]!.trim() === name

/**
 * What the cookie holds. Two of the name are none: any host of the domain can set one for all of it, and which of the two is
 * ours cannot be known (RFC 6265 section 8.6).
 */
export function soleCookie(rawHeaders: readonly string[], name: string): string | undefined {
  const [pair, ...others] = pairsOf(rawHeaders).filter(each => isNamed(each, name))
  return pair?.includes('=') && others.length === 0 ? pair.slice(pair.indexOf('=') + 1).trim() : undefined
}

/** The `Cookie` that the service behind the proxy may see; empty where nothing is left. */
export const cookiesBeside = (rawHeaders: readonly string[], name: string): string =>
  pairsOf(rawHeaders)
    .filter(pair => !isNamed(pair, name))
    .join('; ')
