import {
  createHash,
  createPrivateKey,
  createPublicKey,
  type Hash,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto'
import type { EpochMs } from '../kernel/index.ts'

/** What one seal says of a run of events: of every event whose id is in it, and of the seal before. */
export interface SealStatement {
  /** 1, 2, 3 …: a chain without a gap. */
  readonly position: number
  /** One more than the last id of the seal before, so that no id lies between two runs. */
  readonly firstEventId: number
  /** The id of the last event of the run. */
  readonly lastEventId: number
  readonly eventCount: number
  readonly previousHash: string
  /** SHA-256 in hexadecimal digits, over all of the above, `sealedAtMs`, `keyId` and the events. */
  readonly hash: string
  readonly sealedAtMs: EpochMs
  /** The thumbprint (RFC 7638) of the public key that verifies `signature`. */
  readonly keyId: string
}

export interface Seal extends SealStatement {
  /** Ed25519 (RFC 8032), base64url. */
  readonly signature: string
}

/**
 * An event as it is hashed: every column as the database has it, in the order of the table, whole numbers as decimal
 * digits. INVARIANT: the same on both engines and in every release, or old seals no longer fit.
 */
export type SealedColumns = readonly [
  id: string,
  at: string,
  actor: string | null,
  action: string,
  target: string | null,
  outcome: string,
  ipAddress: string | null,
  userAgent: string | null,
  details: string,
]

/** What the first seal has in the place of the hash of the seal before. */
export const noHash = '0'.repeat(64)

/** Told apart from any other text that this server signs or hashes, and from seals of another form. */
const sealDomain = 'propusk audit seal 1'

/** The part of a seal that is known before its events are read, and the part that is known after. */
export type SealOpening = Pick<
  SealStatement,
  'position' | 'firstEventId' | 'previousHash' | 'sealedAtMs' | 'keyId'
>
export type SealClosing = Pick<SealStatement, 'lastEventId' | 'eventCount'>

/**
 * The hash of a seal, fed with its events in the order of their ids. Each part is one line of JSON, in which no raw
 * line break can stand: two different runs never give the same bytes.
 */
export function sealHash(opening: SealOpening): {
  add(event: SealedColumns): void
  finish(closing: SealClosing): string
} {
  const { position, firstEventId, previousHash, sealedAtMs, keyId } = opening
  const hash = createHash('sha256')
  addLine(hash, [sealDomain, position, firstEventId, previousHash, sealedAtMs, keyId])
  return {
    add: event => addLine(hash, event),
    finish({ lastEventId, eventCount }) {
      addLine(hash, [lastEventId, eventCount])
      return hash.digest('hex')
    },
  }
}

const addLine = (hash: Hash, values: readonly unknown[]) => void hash.update(`${JSON.stringify(values)}\n`)

/** The bytes that a signature is of. Every field, so that a seal can be judged without its events. */
export const signedBytes = (seal: SealStatement): Uint8Array =>
  Buffer.from(
    JSON.stringify([
      sealDomain,
      seal.position,
      seal.firstEventId,
      seal.lastEventId,
      seal.eventCount,
      seal.previousHash,
      seal.hash,
      seal.sealedAtMs,
      seal.keyId,
    ]),
  )

/**
 * What a cut says: that every event up to this one was removed by a rule, and not by hand. It ends where a seal ends.
 * The seals themselves stay, so that the chain and each checkpoint can be followed from the first one on
 * (docs/adr/0036-what-is-kept.md).
 */
export interface CutStatement {
  /** The id of the last event that was removed. */
  readonly throughEventId: number
  /** The seal that ends there: the chain must hold this one. */
  readonly sealPosition: number
  readonly sealHash: string
  /** How many sealed events this cut has removed, beyond the cut before. */
  readonly eventCount: number
  /** By which rule, for a person: a setting with its value, or a command. */
  readonly rule: string
  readonly cutAtMs: EpochMs
  readonly keyId: string
}

export interface Cut extends CutStatement {
  /** Ed25519 (RFC 8032), base64url. */
  readonly signature: string
}

/** Told apart from a seal, and from any other text that this server signs. */
const cutDomain = 'propusk audit cut 1'

/** The bytes that the signature of a cut is of: every field. */
export const cutBytes = (cut: CutStatement): Uint8Array =>
  Buffer.from(
    JSON.stringify([
      cutDomain,
      cut.throughEventId,
      cut.sealPosition,
      cut.sealHash,
      cut.eventCount,
      cut.rule,
      cut.cutAtMs,
      cut.keyId,
    ]),
  )

/** RFC 8037 section 2. */
export interface SealJwk {
  readonly kty: 'OKP'
  readonly crv: 'Ed25519'
  readonly x: string
}

/** Judges signatures; the key is public. */
export interface SealVerifier {
  readonly keyId: string
  readonly publicJwk: SealJwk
  /** Whether this key has signed every field of the seal, its `keyId` included. */
  hasSigned(seal: Seal): boolean
  /** The same of a cut. */
  hasSignedCut(cut: Cut): boolean
}

export interface SealSigner extends SealVerifier {
  sign(statement: SealStatement): Seal
  signCut(statement: CutStatement): Cut
}

/** RFC 8410 section 7: what stands before the 32 bytes of an Ed25519 key in PKCS #8. */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The key pair of a seed of 32 bytes: every node that has the master key has the same. */
export function createSealSigner(seed: Uint8Array): SealSigner {
  const der = Buffer.concat([pkcs8Prefix, seed])
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const { x } = createPublicKey(privateKey).export({ format: 'jwk' })
  const signatureOf = (bytes: Uint8Array) => sign(null, bytes, privateKey).toString('base64url')
  return {
    ...createSealVerifier({ kty: 'OKP', crv: 'Ed25519', x: x! }),
    sign: statement => ({ ...statement, signature: signatureOf(signedBytes(statement)) }),
    signCut: statement => ({ ...statement, signature: signatureOf(cutBytes(statement)) }),
  }
}

/** Throws a TypeError when `x` is no key. */
export function createSealVerifier({ x }: Pick<SealJwk, 'x'> & Partial<SealJwk>): SealVerifier {
  const publicJwk: SealJwk = { kty: 'OKP', crv: 'Ed25519', x }
  const publicKey = importKey(publicJwk)
  const keyId = thumbprint(publicJwk)
  const fits = (bytes: Uint8Array, signature: string) =>
    verify(null, bytes, publicKey, Buffer.from(signature, 'base64url'))
  return {
    keyId,
    publicJwk,
    hasSigned: seal => seal.keyId === keyId && fits(signedBytes(seal), seal.signature),
    hasSignedCut: cut => cut.keyId === keyId && fits(cutBytes(cut), cut.signature),
  }
}

function importKey(jwk: SealJwk): KeyObject {
  try {
    return createPublicKey({ key: { ...jwk }, format: 'jwk' })
  } catch (cause) {
    throw new TypeError('not an Ed25519 key', { cause })
  }
}

/** RFC 7638 section 3, RFC 8037 appendix A.3: the required members in the order of their names. */
const thumbprint = ({ crv, kty, x }: SealJwk): string =>
  createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url')
