import type { FastifyReply, FastifyRequest } from 'fastify'
import { cookieAttributes, soleCookie } from './cookie-jar.ts'
import { type Access, isAnonymous } from './route.ts'

/** Where a client that is no page of ours is given its device token, and shows it. */
export const deviceHeader = 'Propusk-Device'

/** Where a browser keeps it for pages of ours; the same care as for the session cookie. */
export const deviceCookieName = '__Host-propusk-device'

/** As long as a device token of the throttle lives. */
export const deviceLifeSeconds = 90 * 86_400

/** The device token of one request, and where the response puts the next one. Its content is not looked at here. */
export interface DeviceSlot {
  readonly presented: string | undefined
  keep(token: string): void
}

/** A page of our own keeps it in a cookie that no script can read; every other client in its own store. */
export function deviceSlot(access: Access, request: FastifyRequest, reply: FastifyReply): DeviceSlot {
  const cookie = access === 'public' ? undefined : soleCookie(request, deviceCookieName)
  // A call with a token may be made by a page of ours or by any client: it is answered the way it came.
  return access === 'browser' || (!isAnonymous(access) && cookie !== undefined)
    ? {
        presented: cookie,
        keep: token =>
          void reply.setCookie(deviceCookieName, token, { ...cookieAttributes, maxAge: deviceLifeSeconds }),
      }
    : {
        presented: soleHeader(request),
        keep: token => void reply.header(deviceHeader, token),
      }
}

/** Several headers of the name are joined by Node, and then are no token. */
const soleHeader = ({ headers }: FastifyRequest): string | undefined =>
  headers[deviceHeader.toLowerCase()]?.toString()
