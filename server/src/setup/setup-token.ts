import { createHash } from 'node:crypto'
import type { Random } from '../kernel/index.ts'

/** SECRET: 256 random bits. Its holder can make the first superuser. */
export const newSetupToken = (random: Random): string => Buffer.from(random.bytes(32)).toString('base64url')

/**
 * What is stored and looked up. A plain hash will do: nothing can be guessed among 256 random bits. Nor does the time of
 * the look-up tell anything: a caller cannot choose a token by the first digits of its hash.
 */
export const hashSetupToken = (token: string): string => createHash('sha256').update(token).digest('hex')

/** The token is in the fragment (RFC 9110 section 4.2.5): no request line, log of a proxy or Referer ever holds it. */
export const setupUrl = (baseUrl: string, token: string): string => `${baseUrl}/console/setup/#token=${token}`
