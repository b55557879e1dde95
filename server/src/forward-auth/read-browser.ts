import { valuesOf } from './read-forwarded.ts'

interface Asked {
  readonly rawHeaders: readonly string[]
  readonly host: string
  readonly method: string
}

const soleValue = (rawHeaders: readonly string[], name: string): string | undefined => {
  const values = valuesOf(rawHeaders, name)
  return values.length > 1 ? '' : values[0]
}

/**
 * Whether a person in a browser waits for a page, and can be led to the sign-in. By Fetch Metadata, which browsers send to https
 * alone; in an older one by what it accepts.
 */
export function isNavigation({ rawHeaders, method }: Omit<Asked, 'host'>): boolean {
  if (method !== 'GET') return false
  const mode = soleValue(rawHeaders, 'sec-fetch-mode')
  if (mode !== undefined) return mode === 'navigate' && soleValue(rawHeaders, 'sec-fetch-dest') === 'document'
  return valuesOf(rawHeaders, 'accept').some(accept => /(?:^|[\s,])text\/html(?:[\s;,]|$)/i.test(accept))
}

/**
 * Whether a browser sends this with a cookie because a page of this very host asked, or because a person went there. `SameSite`
 * keeps other sites out, and not the neighbours on the domain. Reading a page by a link, or a picture in another page, changes
 * nothing and tells the other page nothing; a request with `Origin` could do both (CORS, WebSocket), and other methods change
 * something.
 */
export function isOfOwnPage({ rawHeaders, host, method }: Asked): boolean {
  const origin = soleValue(rawHeaders, 'origin')
  if (origin === undefined && (method === 'GET' || method === 'HEAD')) return true
  const site = soleValue(rawHeaders, 'sec-fetch-site')
  if (site !== undefined) return site === 'same-origin'
  // What says neither is no page.
  return origin !== undefined && hostOf(origin) === host
}

const hostOf = (origin: string): string | undefined =>
  URL.canParse(origin) && origin.startsWith('https://') ? new URL(origin).hostname : undefined
