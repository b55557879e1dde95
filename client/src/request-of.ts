import { type OperationId, operations } from './types.ts'

/** What the caller of an operation gives, its types forgotten. */
export interface AnyInput {
  readonly params?: Readonly<Record<string, unknown>> | undefined
  readonly query?: Readonly<Record<string, unknown>> | undefined
  readonly body?: unknown
  readonly signal?: AbortSignal | undefined
  readonly ifMatch?: string | undefined
}

/** The address and the options of one call, ready for `fetch`. `baseUrl` has no slash at its end. */
export function requestOf(baseUrl: string, id: OperationId, input: AnyInput, token: string | undefined) {
  const { method, path } = operations[id]
  const headers = new Headers({
    accept: 'application/json, application/problem+json, text/plain;q=0.5, */*;q=0.1',
  })
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`)
  if (input.body !== undefined) headers.set('content-type', 'application/json')
  if (input.ifMatch !== undefined) headers.set('if-match', input.ifMatch)
  const options: RequestInit & { headers: Headers } = {
    method,
    headers,
    // The API never redirects. A redirect would hand the password or the token of this call to another address.
    redirect: 'error',
    ...(input.body !== undefined && { body: JSON.stringify(input.body) }),
    ...(input.signal && { signal: input.signal }),
  }
  return { url: `${baseUrl}${fillPath(path, input.params)}${queryOf(input.query)}`, options }
}

const fillPath = (path: string, params: AnyInput['params'] = {}): string =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(params[name] ?? '')
    // Encoding leaves dots alone, and a segment of dots would lead to another address.
    if (/^\.{0,2}$/.test(value)) throw new TypeError(`params.${name} must not be "${value}"`)
    return encodeURIComponent(value)
  })

function queryOf(query: AnyInput['query'] = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== undefined)
  if (given.length === 0) return ''
  return `?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`
}
