import { createHmac, timingSafeEqual } from 'node:crypto'
import type { ProofId } from '../kernel/index.ts'
import { deriveKey } from '../keys/index.ts'
import { type Proof, proofKinds } from './proof.ts'

/** The values that a link and a code are bound to. */
type Bound = Pick<Proof, 'id' | 'kind' | 'email' | 'createdAtMs'>

export type ProofSecrets = ReturnType<typeof createProofSecrets>

/** An id without leading zeros, and 32 bytes in base64url: a proof has one token. */
const tokenForm = /^([1-9]\d{0,14})\.([\w-]{43})$/

const codeDigits = 8

/**
 * The link and the code of a proof. Both are derived from the row and the master key: no row holds them, so a thief of the
 * database has none, and a mail that is sent again holds the same ones (ADR 45).
 */
export function createProofSecrets(masterKey: Uint8Array, publicUrl: string) {
  const linkKey = deriveKey(masterKey, 'propusk mail links')
  const codeKey = deriveKey(masterKey, 'propusk mail codes')
  const macOf = (key: Uint8Array, { id, kind, email, createdAtMs }: Bound): Buffer =>
    createHmac('sha256', key)
      .update(JSON.stringify([kind, id, email, createdAtMs]))
      .digest()

  const tokenOf = (proof: Bound): string => `${proof.id}.${macOf(linkKey, proof).toString('base64url')}`

  /** Of 64 bits, so that all codes are as likely as each other to one in 10^11. */
  const codeOf = (proof: Bound): string =>
    String(macOf(codeKey, proof).readBigUInt64BE() % 10n ** BigInt(codeDigits)).padStart(codeDigits, '0')

  return {
    tokenOf,
    codeOf,

    /**
     * SECRET: what its bearer can do, the person can whose mail it is. Made of the public URL alone, whatever a request says
     * of its host. In the fragment (RFC 9110 section 4.2.5), which no request line, log of a proxy or Referer ever holds.
     */
    linkOf: (proof: Bound): string =>
      `${publicUrl}/account/${proofKinds[proof.kind].flow}#t=${tokenOf(proof)}`,

    /** The proof that a token names, which may not be its own; undefined where it has not the form of one. */
    idOf(token: string): ProofId | undefined {
      const [, id] = tokenForm.exec(token) ?? []
      return id === undefined ? undefined : (Number(id) as ProofId)
    },

    /** Compared as a text: another spelling of the same bytes is no token. */
    isTokenOf: (proof: Bound, token: string): boolean => isSameText(tokenOf(proof), token),

    isCodeOf: (proof: Bound, code: string): boolean => isSameText(codeOf(proof), code),
  }
}

function isSameText(expected: string, presented: string): boolean {
  const [one, other] = [Buffer.from(expected), Buffer.from(presented)]
  return one.length === other.length && timingSafeEqual(one, other)
}
