import { createHash, type Hash } from 'node:crypto'
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
const domain = 'propusk audit seal 1'

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
  addLine(hash, [domain, position, firstEventId, previousHash, sealedAtMs, keyId])
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
      domain,
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
