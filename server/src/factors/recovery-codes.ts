import { createHmac } from 'node:crypto'
import type { Random } from '../kernel/index.ts'

/** How many an account is given at a time. */
export const recoveryCodeCount = 10

const codeBytes = 10

/** Crockford's base32: no letter that is taken for a digit. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'

/** 80 bits as 16 characters in groups of four. SECRET. */
export function newRecoveryCode(random: Random): string {
  let bits = 0n
  for (const byte of random.bytes(codeBytes)) bits = (bits << 8n) | BigInt(byte)
  let text = ''
  for (let shift = 75n; shift >= 0n; shift -= 5n) text += alphabet[Number((bits >> shift) & 31n)]
  return text.match(/.{4}/g)!.join('-')
}

/** The one form in which codes are hashed: as people type them, without regard to case, spaces and hyphens. */
export const canonicalRecoveryCode = (typed: string): string =>
  typed.toLowerCase().replace(/[\s-]/g, '').replace(/o/g, '0').replace(/[il]/g, '1')

/**
 * Says which row a code is compared with, so that one hash is computed and not ten. INVARIANT: 16 bits of a keyed hash; a
 * thief of the database and the key still misses 64 bits of the code.
 */
export const recoverySelector = (key: Uint8Array, canonical: string): string =>
  createHmac('sha256', key).update(canonical).digest('hex').slice(0, 4)
