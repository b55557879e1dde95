const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const uuidVersion7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** RFC 9562 section 4, in lower case only: the ledger compares texts, and one session has one. */
export const isCanonicalUuid = (text: unknown): text is string => typeof text === 'string' && uuid.test(text)

/** RFC 9562 section 5.7: a `sid` is a UUIDv7, because the gate reads the session's start from it. */
export const isSessionId = (text: unknown): text is string =>
  typeof text === 'string' && uuidVersion7.test(text)

/** The first 48 bits of a UUIDv7 are the milliseconds since 1970 at which it was made. */
export const startOfSessionMs = (sid: string): number =>
  Number.parseInt(sid.slice(0, 8) + sid.slice(9, 13), 16)
