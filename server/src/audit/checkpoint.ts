import { fromRfc3339, toRfc3339 } from '../kernel/index.ts'
import type { Seal } from './seal.ts'
import { createSealVerifier, type SealVerifier } from './seal-key.ts'

/** A seal that was kept elsewhere, and the key that it was signed with. */
export interface Checkpoint {
  readonly seal: Seal
  readonly verifier: SealVerifier
}

/** A signed seal as JSON, to be kept where an attacker who can write to the database cannot reach it. */
export const writeCheckpoint = (seal: Seal, { publicJwk }: SealVerifier): string =>
  `${JSON.stringify(
    {
      position: seal.position,
      first_event_id: seal.firstEventId,
      last_event_id: seal.lastEventId,
      event_count: seal.eventCount,
      previous_hash: seal.previousHash,
      hash: seal.hash,
      sealed_at: toRfc3339(seal.sealedAtMs),
      key_id: seal.keyId,
      public_jwk: publicJwk,
      signature: seal.signature,
    },
    null,
    2,
  )}\n`

/** Reads what `writeCheckpoint` wrote; undefined when anything in it is missing or changed. */
export function readCheckpoint(text: string): Checkpoint | undefined {
  try {
    const written = JSON.parse(text) as Record<string, unknown> & { public_jwk: { x: string } }
    const verifier = createSealVerifier({ x: String(written.public_jwk.x) })
    const seal: Seal = {
      position: Number(written.position),
      firstEventId: Number(written.first_event_id),
      lastEventId: Number(written.last_event_id),
      eventCount: Number(written.event_count),
      previousHash: String(written.previous_hash),
      hash: String(written.hash),
      sealedAtMs: fromRfc3339(String(written.sealed_at)),
      keyId: String(written.key_id),
      signature: String(written.signature),
    }
    return verifier.hasSigned(seal) ? { seal, verifier } : undefined
  } catch {
    // Not JSON, or no key in it: whatever differs, it is no checkpoint of ours.
    return undefined
  }
}
