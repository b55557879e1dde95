/** The server answered, and will say the same again: a wrong key, a missing permission, another server or another address. */
export class FeedRejected extends Error {
  /** Of the answer: 200 where a feed came that is of another issuer. */
  readonly status: number

  constructor(message: string, status: number) {
    super(message)
    this.name = 'FeedRejected'
    this.status = status
  }
}

/** Something was lost or altered on the way: what was received is not to be trusted. */
export class FeedBroken extends Error {}

/** The request was held on its way: all that this stream says looks older than it is, by as long. Another request may not be. */
export class FeedHeld extends Error {}

export interface FeedAnswer {
  readonly status: number
  readonly contentType: string
  /** Where a redirection leads. */
  readonly location: string | undefined
}

/** Throws unless the answer is a feed: with `FeedRejected` where another request would be answered the same. */
export function assertFeed(url: string, answer: FeedAnswer): void {
  const { status, contentType } = answer
  const isFeed = /^text\/event-stream\b/i.test(contentType)
  if (status === 200 && isFeed) return
  const mayPass = status >= 500 || status === 429
  if (mayPass) throw new Error(`${url} answered ${status}`)
  throw new FeedRejected(`${url} answered ${status}${faultOf(answer)}`, status)
}

const noFeed = 'there is no feed of changes: is the issuer the address of a Propusk server, of this release?'

function faultOf({ status, contentType, location }: FeedAnswer): string {
  if (status === 200) return ` with ${contentType || 'no content type'}: ${noFeed}`
  if (status === 401) return ': the API key is unknown or has ended. Make one with changes:read'
  if (status === 403) return ': the API key lacks the permission changes:read'
  if (status === 404) return `: ${noFeed}`
  // The key goes to no other address than the one that was given.
  if (status >= 300 && status < 400)
    return ` and leads to ${location}: give the address of the server itself as issuer`
  return ': the feed cannot be followed'
}

/** A signed snapshot came, of a server that has another public address. */
export const wrongIssuer = (issuer: string, found: string): FeedRejected =>
  new FeedRejected(
    `The server at ${issuer} says that its address is ${found}, which its tokens name: give ${found} as issuer, or set PROPUSK_PUBLIC_URL of the server to ${issuer}`,
    200,
  )
