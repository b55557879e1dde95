import type { Parse } from './parsed.ts'

const keyBytes = 32

/** 32 bytes as 64 hexadecimal digits, base64 or base64url, padded or not. INVARIANT: no fault quotes the key. */
export const masterKey: Parse<Uint8Array> = presented => {
  // Hexadecimal first: 64 of its digits would also read as 48 bytes of base64.
  if (/^[0-9a-f]{64}$/i.test(presented)) return { value: Uint8Array.from(Buffer.from(presented, 'hex')) }
  const unpadded = presented.replace(/={1,2}$/, '')
  const bytes = Buffer.from(unpadded, 'base64')
  // One spelling per key: foreign characters and stray bits at the end are skipped by the decoder, not by us.
  const spellings = [bytes.toString('base64url'), bytes.toString('base64').replace(/=+$/, '')]
  if (!spellings.includes(unpadded)) return { fault: 'the key is not base64 or hexadecimal' }
  if (bytes.length !== keyBytes) return { fault: `the key has ${bytes.length} bytes, not ${keyBytes}` }
  return { value: Uint8Array.from(bytes) }
}

/** Whether a key was probably typed by hand: 32 random bytes hold about thirty different ones, practically never under sixteen. */
export const looksTyped = (key: Uint8Array): boolean => new Set(key).size < 16
