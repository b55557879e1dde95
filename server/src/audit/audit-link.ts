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

/**
 * What one link of the chain says of a run of events: of every event whose id is in it, and of the link before (ADR 16).
 * Tables, commands and messages call a link a seal.
 */
interface LinkStatement {
  /** 1, 2, 3 …: a chain without a gap. */
  readonly position: number
  /** One more than the last id of the link before, so that no id lies between two runs. */
  readonly firstEventId: number
  /** The id of the last event of the run. */
  readonly lastEventId: number
  readonly eventCount: number
  readonly previousHash: string
  /** SHA-256 in hexadecimal digits, over all of the above, `linkedAtMs`, `keyId` and the events. */
  readonly hash: string
  readonly linkedAtMs: EpochMs
  /** The thumbprint (RFC 7638) of the public key that verifies `signature`. */
  readonly keyId: string
}

export interface AuditLink extends LinkStatement {
  /** Ed25519 (RFC 8032), base64url. */
  readonly signature: string
}

/**
 * An event as it is hashed: every column as the database has it, in the order of the table, whole numbers as decimal
 * digits. INVARIANT: the same on both engines and in every release, or old links no longer fit.
 */
export type EventColumns = readonly [
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

/** What the first link has in the place of the hash of the link before. */
export const noHash = '0'.repeat(64)

/** Distinguishes it from any other text that this server signs or hashes, and from links of another form. */
const linkDomain = 'propusk audit seal 1'

/** The part of a link that is known before its events are read, and the part that is known after. */
type LinkOpening = Pick<LinkStatement, 'position' | 'firstEventId' | 'previousHash' | 'linkedAtMs' | 'keyId'>
type LinkClosing = Pick<LinkStatement, 'lastEventId' | 'eventCount'>

/**
 * The hash of a link, fed with its events in the order of their ids. Each part is one line of JSON, in which no raw
 * line break can stand: two different runs never give the same bytes.
 */
export function linkHash(opening: LinkOpening): {
  add(event: EventColumns): void
  finish(closing: LinkClosing): string
} {
  const { position, firstEventId, previousHash, linkedAtMs, keyId } = opening
  const hash = createHash('sha256')
  addLine(hash, [linkDomain, position, firstEventId, previousHash, linkedAtMs, keyId])
  return {
    add: event => addLine(hash, event),
    finish({ lastEventId, eventCount }) {
      addLine(hash, [lastEventId, eventCount])
      return hash.digest('hex')
    },
  }
}

const addLine = (hash: Hash, values: readonly unknown[]) => void hash.update(`${JSON.stringify(values)}\n`)

/** The bytes that a signature is of. Every field, so that a link can be verified without its events. */
const signedBytes = (link: LinkStatement): Uint8Array =>
  Buffer.from(
    JSON.stringify([
      linkDomain,
      link.position,
      link.firstEventId,
      link.lastEventId,
      link.eventCount,
      link.previousHash,
      link.hash,
      link.linkedAtMs,
      link.keyId,
    ]),
  )

/**
 * What a cut says: that every event up to this one was removed by a rule, and not by hand. It ends where a link ends.
 * The links themselves stay, so that the chain and each checkpoint can be followed from the first one on
 * (ADR 36).
 */
interface CutStatement {
  /** The id of the last event that was removed. */
  readonly throughEventId: number
  /** The link that ends there: the chain must hold this one. */
  readonly linkPosition: number
  readonly linkHash: string
  /** How many linked events this cut has removed, beyond the cut before. */
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

/** Distinguishes it from a link, and from any other text that this server signs. */
const cutDomain = 'propusk audit cut 1'

/** The bytes that the signature of a cut is of: every field. */
const cutBytes = (cut: CutStatement): Uint8Array =>
  Buffer.from(
    JSON.stringify([
      cutDomain,
      cut.throughEventId,
      cut.linkPosition,
      cut.linkHash,
      cut.eventCount,
      cut.rule,
      cut.cutAtMs,
      cut.keyId,
    ]),
  )

/** RFC 8037 section 2. */
interface AuditJwk {
  readonly kty: 'OKP'
  readonly crv: 'Ed25519'
  readonly x: string
}

/** Verifies signatures; the key is public. */
export class AuditVerifier {
  readonly keyId: string
  readonly publicJwk: AuditJwk
  readonly #publicKey: KeyObject

  /** Throws a TypeError when `x` is no key. */
  constructor({ x }: Pick<AuditJwk, 'x'>) {
    this.publicJwk = { kty: 'OKP', crv: 'Ed25519', x }
    this.#publicKey = importKey(this.publicJwk)
    this.keyId = thumbprint(this.publicJwk)
  }

  /** Whether this key has signed every field of the link, its `keyId` included. */
  hasSigned(link: AuditLink): boolean {
    return link.keyId === this.keyId && this.#fits(signedBytes(link), link.signature)
  }

  /** The same of a cut. */
  hasSignedCut(cut: Cut): boolean {
    return cut.keyId === this.keyId && this.#fits(cutBytes(cut), cut.signature)
  }

  #fits(bytes: Uint8Array, signature: string): boolean {
    return verify(null, bytes, this.#publicKey, Buffer.from(signature, 'base64url'))
  }
}

/** RFC 8410 section 7: what stands before the 32 bytes of an Ed25519 key in PKCS #8. */
const pkcs8Prefix = Buffer.from('302e020100300506032b657004220420', 'hex')

/** The key pair of a seed of 32 bytes: every node that has the master key has the same. */
export class AuditSigner extends AuditVerifier {
  readonly #privateKey: KeyObject

  constructor(seed: Uint8Array) {
    const der = Buffer.concat([pkcs8Prefix, seed])
    const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
    const { x } = createPublicKey(privateKey).export({ format: 'jwk' })
    super({ x: x! })
    this.#privateKey = privateKey
  }

  sign(statement: LinkStatement): AuditLink {
    return { ...statement, signature: this.#signatureOf(signedBytes(statement)) }
  }

  signCut(statement: CutStatement): Cut {
    return { ...statement, signature: this.#signatureOf(cutBytes(statement)) }
  }

  #signatureOf(bytes: Uint8Array): string {
    return sign(null, bytes, this.#privateKey).toString('base64url')
  }
}

function importKey(jwk: AuditJwk): KeyObject {
  try {
    return createPublicKey({ key: { ...jwk }, format: 'jwk' })
  } catch (cause) {
    throw new TypeError('not an Ed25519 key', { cause })
  }
}

/** RFC 7638 section 3, RFC 8037 appendix A.3: the required members in the order of their names. */
const thumbprint = ({ crv, kty, x }: AuditJwk): string =>
  createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url')
