import { type Parse, quoted } from './parsed.ts'

// It is repeated in every token, so it stays short.
const mostCharacters = 255

/** An http(s) address, with a path or without, in its one canonical spelling and without a trailing slash. */
export const publicUrl: Parse<string> = presented => {
  // INVARIANT: an address that may hold a password is not quoted in its fault.
  if (presented.includes('@')) return { fault: 'the address must not hold a user name or a password' }
  if (!/^https?:\/\/[^/\\\s]/i.test(presented) || /[\s\\]/.test(presented) || !URL.canParse(presented)) {
    return { fault: `${quoted(presented)} is not an http:// or https:// address` }
  }
  if (/[?#]/.test(presented)) return { fault: `${quoted(presented)} must not have a query or a fragment` }
  const { origin, pathname } = new URL(presented)
  const value = origin + pathname.replace(/\/+$/, '')
  return value.length > mostCharacters
    ? { fault: `${quoted(presented)} is longer than ${mostCharacters} characters` }
    : { value }
}

/** Whether an http(s) address leads to this machine only. */
export function isLoopbackUrl(url: string): boolean {
  const { hostname } = new URL(url)
  return /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname)
}
