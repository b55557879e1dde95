import { isWithin } from '../addresses/index.ts'
import { readHost } from './forward-rule.ts'

/** Of an address that is led back to; a longer one loses its query. */
export const longestReturnAddress = 4_096

/** The page where a browser signs in and is led back from. `authority` is the host with its port, `uri` the path with its query. */
export function signInAddress(
  publicUrl: string,
  { authority, uri }: { readonly authority: string; readonly uri: string },
): string {
  // INVARIANT: https. The cookie is Secure, so over http the browser would come back without it, again and again.
  const to = `https://${authority}${uri}`
  const short = to.length > longestReturnAddress ? to.split('?', 1)[0]! : to
  return `${publicUrl}/account/forward?to=${encodeURIComponent(short)}`
}

/**
 * https, a plain name, perhaps a port, and then no character that readers of addresses disagree about: no `\`, no white space,
 * nothing beyond ASCII. There is no `@` before the path, so no user name that looks like a host.
 */
const plainAddress = /^https:\/\/[a-z0-9.-]+(?::[0-9]{1,5})?(?:[/?#][\x21-\x5b\x5d-\x7e]*)?$/i

/**
 * The address to lead back to, as a browser will read it, with its host; undefined unless it is https and its host within the
 * domain. Ports do not matter: cookies have none (RFC 6265 section 8.5).
 */
export function readReturnAddress(
  to: string,
  domain: string,
): { readonly href: string; readonly host: string } | undefined {
  if (!plainAddress.test(to) || !URL.canParse(to)) return undefined
  const { href, hostname } = new URL(to)
  // A dot at the end makes a name that looks like ours and whose cookies are others (RFC 6265 section 5.1.3).
  const host = readHost(hostname)
  if (host === undefined || !isWithin(host, domain)) return undefined
  return { href, host }
}
