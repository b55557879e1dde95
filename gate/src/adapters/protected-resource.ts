import type { CheckingGate } from './authorize-request.ts'

/** The metadata of a protected resource (RFC 9728 section 2), and where they stand (section 3.1). */
export interface ProtectedResource {
  readonly url: string
  readonly path: string
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

const wellKnown = '/.well-known/oauth-protected-resource'

/** Throws a TypeError for an address that RFC 9728 does not allow. Plain HTTP is left to development. */
export function protectedResource(gate: Pick<CheckingGate, 'issuer'>, address: string): ProtectedResource {
  const at = URL.canParse(address) ? new URL(address) : undefined
  if (at === undefined || !/^https?:$/.test(at.protocol) || /[?#]/.test(address) || at.username !== '') {
    throw new TypeError(
      `protectedResource is ${address}: give the public address of this service, without ? and #`,
    )
  }
  const path = `${wellKnown}${at.pathname === '/' ? '' : at.pathname}`
  // Section 3.3: the client compares it with what it asked for, letter by letter.
  const resource = at.pathname === '/' ? at.origin : at.href
  return {
    url: `${at.origin}${path}`,
    path,
    body: JSON.stringify({
      resource,
      authorization_servers: [gate.issuer],
      bearer_methods_supported: ['header'],
    }),
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'max-age=3600',
      // Public, and read by pages of other origins, too.
      'access-control-allow-origin': '*',
    },
  }
}
