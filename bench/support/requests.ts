import type { Person } from './better-auth-server.ts'
import type { Script } from './load.ts'
import { benchPassword, type SignedIn } from './our-server.ts'
import { type PlainRequest, requestBytes } from './request-bytes.ts'

/** What the benches ask of us, and the same of better-auth. */

export const checkOf = (
  { access }: Pick<SignedIn, 'access'>,
  wanted = { resource: 'sessions', action: 'read' },
): PlainRequest => ({
  method: 'POST',
  path: '/api/auth/access/check/',
  headers: { Authorization: `Bearer ${access}` },
  body: { checks: [wanted] },
})

export const profileOf = ({ access }: Pick<SignedIn, 'access'>): PlainRequest => ({
  path: '/api/auth/me/',
  headers: { Authorization: `Bearer ${access}` },
})

export const loginOf = (email: string): PlainRequest => ({
  method: 'POST',
  path: '/api/auth/login/',
  body: { email, password: benchPassword },
})

export const theirCheckOf = ({ headers }: Person): PlainRequest => ({
  method: 'POST',
  path: '/api/auth/admin/has-permission',
  headers,
  body: { permissions: { documents: ['read'] } },
})

export const theirProfileOf = ({ headers }: Person): PlainRequest => ({
  path: '/api/auth/get-session',
  headers,
})

export const theirLoginOf = ({ email, headers }: Person): PlainRequest => ({
  method: 'POST',
  path: '/api/auth/sign-in/email',
  headers: { Origin: headers.Origin! },
  body: { email, password: benchPassword },
})

/** Asks the same again and again. */
export function repeating(request: PlainRequest): Script {
  const bytes = requestBytes(request)
  return { next: () => bytes }
}
