import type { EpochMs } from '../kernel/index.ts'

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
const domain = 'propusk audit cut 1'

/** The bytes that the signature of a cut is of: every field. */
export const cutBytes = (cut: CutStatement): Uint8Array =>
  Buffer.from(
    JSON.stringify([
      domain,
      cut.throughEventId,
      cut.sealPosition,
      cut.sealHash,
      cut.eventCount,
      cut.rule,
      cut.cutAtMs,
      cut.keyId,
    ]),
  )
