/** RFC 9112 section 3.2.2: a server must take the absolute form too. Its host says nothing to us. */
const absoluteForm = /^https?:\/\/[^/?#]*/i

/** What the paths of ours begin with. */
const ownPaths = /^\/(?:api|console|account|health|metrics|openapi\.json|swagger|redoc|\.well-known)(?:\/|$)/

/** The path of the public URL without a slash at its end: empty, or `/auth`. It stands before every link to ourselves. */
export const basePathOf = (publicUrl: string): string => new URL(publicUrl).pathname.replace(/\/+$/, '')

/**
 * Takes the path of the public URL off, where the proxy has left it on. One that begins as our own paths do is never
 * taken off: it could not be told from them.
 */
export function stripBasePath(basePath: string): (target: string) => string {
  if (basePath === '' || ownPaths.test(basePath)) return target => target
  return target => {
    const rest = target.startsWith(basePath) ? target.slice(basePath.length) : undefined
    if (rest === undefined || !/^(?:[/?]|$)/.test(rest)) return target
    return rest.startsWith('/') ? rest : `/${rest}`
  }
}

/** A request-target in origin form: path and query as they were written. */
export const toOriginForm = (target: string): string =>
  target.startsWith('/') ? target : target.replace(absoluteForm, '')
