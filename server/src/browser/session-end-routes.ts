import { type Route, route, Type } from '../http/index.ts'
import { toRfc3339 } from '../kernel/index.ts'
import { type BrowserTokenDeps, readSessionEnd, type SessionEnd } from './session-cookie.ts'

export const noFields = Type.Object({}, { $id: 'Nothing', additionalProperties: false })

/** For a page that says how long is left, and ends by itself with its session (`PROPUSK_SESSION_IDLE`). */
export const SessionEndBody = Type.Object(
  {
    expires_at: Type.String({ format: 'date-time', description: 'When it ends, unless it is used before.' }),
    expires_in: Type.Number({
      description: 'The same, in seconds from this answer: for pages on a machine whose clock is wrong.',
    }),
    idle_seconds: Type.Union([Type.Number(), Type.Null()], {
      description: 'It ends when it was not used for so long; null where it has its whole life.',
    }),
  },
  { $id: 'BrowserSession' },
)

export const sessionEndExample = {
  expires_at: '2026-11-30T12:00:00.000Z',
  expires_in: 7200,
  idle_seconds: 7200,
}

export const toSessionEndBody = ({ expiresAtMs, leftMs, idleMs }: SessionEnd) => ({
  expires_at: toRfc3339(expiresAtMs),
  expires_in: leftMs / 1000,
  idle_seconds: idleMs === null ? null : idleMs / 1000,
})

export const sessionEndRoute = (tokens: BrowserTokenDeps): Route =>
  route({
    method: 'POST',
    path: '/browser/session/',
    access: 'browser',
    operationId: 'readSessionEndInBrowser',
    tag: 'Sign-in by cookie',
    summary: 'Read when the session of the cookie ends, without using it',
    description:
      'This does not prolong the session, and the cookie stays as it is; one that holds no token of this server is cleared.',
    body: noFields,
    bodyExample: {},
    success: {
      status: 200,
      description: 'The session is alive.',
      schema: SessionEndBody,
      example: sessionEndExample,
    },
    rejections: ['invalid_refresh_token'],
    handler: async ({ sessionCookie }) => toSessionEndBody(await readSessionEnd(tokens, sessionCookie)),
  })
