/**
 * Where to go after the sign-in: back to where the person was going, as long as that is a page of ours. Anything else
 * (another host, `//host`, a backslash, a scheme) leads to the start: an address that somebody sends must not lead on to
 * theirs (CWE-601).
 */
export function destinationOf(to: string | undefined, isStaff: boolean): string {
  const start = isStaff ? '/console' : '/account'
  if (to === undefined || !/^\/(?:console|account)(?:[/?#]|$)/.test(to) || /[\\\s]/.test(to)) return start
  if (/^\/account\/(?:sign-in|register)/.test(to)) return start
  return to
}
