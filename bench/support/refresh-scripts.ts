import type { Person } from './better-auth-server.ts'
import type { Script } from './load.ts'
import type { SignedIn } from './our-server.ts'
import { requestBytes } from './request-bytes.ts'
import { repeating, theirProfileOf } from './requests.ts'

// Each script keeps the token of its last answer: a load that ends has had every answer, so the next one goes on
// where it stopped.

export function ourRefresh({ refresh }: SignedIn): Script {
  let token = refresh
  return {
    next: () => requestBytes({ method: 'POST', path: '/api/auth/token/refresh/', body: { refresh: token } }),
    answered: ({ body }) => {
      token = (JSON.parse(body.toString()) as { refresh: string }).refresh
    },
  }
}

/** Its sessions have one token for their whole life: a refresh moves the session's end in the database. */
export function betterAuthRefresh(person: Person): Script {
  return {
    ...repeating(theirProfileOf(person)),
    answered: ({ body }) => {
      if (body.length < 20) throw new Error(`better-auth knows no session any more: ${body.toString()}`)
    },
  }
}

export function oidcRefresh(first: string): Script {
  let token = first
  return {
    next: () =>
      requestBytes({
        method: 'POST',
        path: '/token',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: `grant_type=refresh_token&client_id=bench&refresh_token=${token}`,
      }),
    answered: ({ body }) => {
      token = (JSON.parse(body.toString()) as { refresh_token: string }).refresh_token
    },
  }
}
