/** RFC 9112 section 3.2.2: a server must take the absolute form too. Its host says nothing to us. */
const absoluteForm = /^https?:\/\/[^/?#]*/i

/** A request-target in origin form: path and query as they were written. */
export const toOriginForm = (target: string): string =>
  target.startsWith('/') ? target : target.replace(absoluteForm, '')
