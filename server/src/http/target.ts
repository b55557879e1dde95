/** A request-target (RFC 9112 section 3.2) in its two parts, neither of them decoded. */
export interface Target {
  readonly path: string
  /** What follows the question mark; empty without one. */
  readonly query: string
}

/** RFC 9112 section 3.2.2: a server must take the absolute form too. Its host says nothing to us. */
const absoluteForm = /^https?:\/\/[^/?#]*/i

/** A semicolon stays part of the path: what a proxy saw is what is matched. */
export function splitTarget(target: string): Target {
  const written = target.startsWith('/') ? target : target.replace(absoluteForm, '')
  const end = endOfPath(written)
  return end === -1
    ? { path: written, query: '' }
    : { path: written.slice(0, end), query: written.slice(end + 1) }
}

/** A fragment has no place in a request; where one stands all the same, nothing behind it is part of the path. */
function endOfPath(target: string): number {
  const query = target.indexOf('?')
  const fragment = target.indexOf('#')
  if (query === -1 || fragment === -1) return Math.max(query, fragment)
  return Math.min(query, fragment)
}
