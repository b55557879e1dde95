import { Type } from '../http/index.ts'
import type { ClientInfo } from '../kernel/index.ts'
import { type SignedIn, signedInExample, toUserBrief, UserBriefBody } from '../sign-in/index.ts'
import { tokenPairExample } from '../tokens/index.ts'
import { type BrowserTokenDeps, replaceSession, type SessionCookie } from './session-cookie.ts'
import { SessionEndBody, sessionEndExample, toSessionEndBody } from './session-end-routes.ts'

export const BrowserSignedInBody = Type.Object(
  { access: Type.String(), session: SessionEndBody, user: UserBriefBody },
  { $id: 'BrowserSignedIn' },
)

export const browserSignedInExample = {
  access: tokenPairExample.access,
  session: sessionEndExample,
  user: signedInExample.user,
}

/** What a sign-in writes to in the browser that called. */
interface CallingBrowser {
  readonly sessionCookie: SessionCookie
  readonly device: { keep(deviceToken: string): void }
  readonly origin: ClientInfo
}

/** Ends a sign-in of a page of ours: its browser keeps the session and the device, and this is the body of the answer. */
export async function keepSignedIn(
  tokens: BrowserTokenDeps,
  { sessionCookie, device, origin }: CallingBrowser,
  signedIn: SignedIn,
) {
  const end = await replaceSession(tokens, sessionCookie, signedIn, origin)
  device.keep(signedIn.deviceToken)
  return { access: signedIn.access, session: toSessionEndBody(end), user: toUserBrief(signedIn.user) }
}
