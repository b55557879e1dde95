import { invalidField, message, Rejection } from '../kernel/index.ts'
import { type ForwardedRequest, isForwardMethod, readHost } from './forward-rule.ts'
import { readPath } from './read-path.ts'

export const proxies = ['nginx', 'traefik', 'caddy', 'envoy'] as const
export type ProxyName = (typeof proxies)[number]

/** What a proxy sent, as it was written. */
export interface ProxyRequest {
  readonly method: string
  /** With the query, before anything was taken off. */
  readonly target: string
  readonly rawHeaders: readonly string[]
}

export interface Forwarded extends ForwardedRequest {
  /** The host with its port, where it has one. */
  readonly authority: string
  /** The path with its query, as it was written. */
  readonly uri: string
}

/** How each proxy tells which request it asks about; by its name in our address, since a guess could be led astray. */
const conventions = {
  // As deploy/nginx sets them.
  nginx: { uri: 'x-original-uri', method: 'x-original-method', host: 'host' },
  traefik: { uri: 'x-forwarded-uri', method: 'x-forwarded-method', host: 'x-forwarded-host' },
  caddy: { uri: 'x-forwarded-uri', method: 'x-forwarded-method', host: 'x-forwarded-host' },
} as const

/** Envoy asks with the method of the request, and puts its path behind the prefix that it is given. */
const envoyPrefix = '?proxy=envoy&uri='

/** Other places where a service behind the proxy may look for the method or the path. */
const overrides = [
  'x-http-method-override',
  'x-http-method',
  'x-method-override',
  'x-original-url',
  'x-rewrite-url',
]

/**
 * The request that the proxy asks about. Throws `invalid_request` where a header of the proxy's convention is missing or
 * doubled: the proxy is not set up as in docs/forward-auth.md. Throws `permission_denied` where the request could be read
 * in two ways.
 */
export function readForwarded(proxy: ProxyName, request: ProxyRequest): Forwarded {
  const { uri, method, host: writtenHost } = written(proxy, request)
  const host = readHost(writtenHost)
  if (host === undefined) throw refused('host')
  if (!isForwardMethod(method)) throw refused('method')
  if (overrides.some(name => valuesOf(request.rawHeaders, name).length > 0)) throw refused('override')
  if (namesTwin(request.rawHeaders)) throw refused('header')
  const read = readPath(uri)
  if (!read.ok) throw refused(read.fault)
  return { host, authority: writtenHost.toLowerCase(), method, path: read.path, uri }
}

/** CGI and WSGI read `X_Propusk_User_Id` as our `X-Propusk-User-Id`, and no proxy replaces it. */
const namesTwin = (rawHeaders: readonly string[]): boolean =>
  rawHeaders.some(
    (name, index) =>
      index % 2 === 0 &&
      name.includes('_') &&
      name.replaceAll('_', '-').toLowerCase().startsWith('x-propusk-'),
  )

function written(proxy: ProxyName, { method, target, rawHeaders }: ProxyRequest) {
  if (proxy === 'envoy') {
    const at = target.indexOf(envoyPrefix)
    if (at === -1) throw invalidField('uri', message('forward.prefix'))
    return { method, uri: target.slice(at + envoyPrefix.length), host: only(rawHeaders, 'host') }
  }
  const names = conventions[proxy]
  return {
    uri: only(rawHeaders, names.uri),
    method: only(rawHeaders, names.method),
    host: only(rawHeaders, names.host),
  }
}

function only(rawHeaders: readonly string[], name: string): string {
  const [value, ...others] = valuesOf(rawHeaders, name)
  if (value === undefined || value === '')
    throw invalidField(name, message('forward.missing', { header: name }))
  if (others.length > 0) throw invalidField(name, message('forward.doubled', { header: name }))
  return value
}

/** Node joins or drops headers of one name; here each counts. */
export function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  const values: string[] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]!.toLowerCase() === name) values.push(rawHeaders[index + 1]!)
  }
  return values
}

const refused = (fault: string): Rejection =>
  new Rejection('permission_denied', { detail: message('forward.refused'), cause: `forward_${fault}` })
