import { pushingOut, type VerifySignature } from '@propusk/gate'
import type { SignBytes } from './signature.ts'

/** The signatures that this process made and has not seen again yet. */
export interface MadeSignatures {
  /** `sign`, whose signatures are kept. */
  keeping(kid: string, sign: SignBytes): SignBytes
  /**
   * `verify`, which need not reckon where the very same bytes were signed here with the same key: that they are
   * signed is known. Each is good for one time, which is all that most tokens need: a refresh token works once, and
   * the gate remembers an access token that it has verified.
   */
  knowing(kid: string, verify: VerifySignature): VerifySignature
}

/** The newest ones: some 4 MB at most. */
const mostKept = 4_096

/**
 * INVARIANT: only a signature that equals, byte for byte, one that this process made is accepted without verification;
 * every other one, one bit of difference included, is verified.
 */
export function createMadeSignatures(capacity = mostKept): MadeSignatures {
  const made = new Map<string, Uint8Array>()
  const pushOut = pushingOut(made, capacity)
  const nameOf = (kid: string, signature: Uint8Array) =>
    `${kid} ${Buffer.from(signature.buffer, signature.byteOffset, signature.byteLength).toString('latin1')}`
  return {
    keeping: (kid, sign) => input => {
      const signature = sign(input)
      made.set(nameOf(kid, signature), input)
      pushOut()
      return signature
    },
    knowing: (kid, verify) => (input, signature) => {
      const name = nameOf(kid, signature)
      const signed = made.get(name)
      if (signed === undefined || Buffer.compare(signed, input) !== 0) return verify(input, signature)
      made.delete(name)
      return true
    },
  }
}
