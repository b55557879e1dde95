import { createHmac, timingSafeEqual } from 'node:crypto'
import type { LedgerPosition } from '../changes/index.ts'
import type { EpochMs } from '../kernel/index.ts'

const signatureBytes = 16

/** Rows of the ledger are kept for a day after they have expired: whatever came since is still there. */
const goodForMs = 3_600_000

/**
 * A position of the ledger as an opaque text. Signed, so that no caller writes what the database is asked with; the same on
 * every node.
 */
export class CursorCodec {
  readonly #secret: Uint8Array

  constructor(secret: Uint8Array) {
    this.#secret = secret
  }

  encode(position: LedgerPosition, nowMs: EpochMs): string {
    const text = JSON.stringify([nowMs, position])
    return Buffer.concat([this.#sign(text), Buffer.from(text)]).toString('base64url')
  }

  /** Undefined where no node of this server gave the cursor out, or did so too long ago. */
  decode(cursor: string, nowMs: EpochMs): LedgerPosition | undefined {
    const bytes = Buffer.from(cursor, 'base64url')
    if (bytes.length <= signatureBytes || bytes.toString('base64url') !== cursor) return undefined
    const text = bytes.subarray(signatureBytes).toString()
    if (!timingSafeEqual(bytes.subarray(0, signatureBytes), this.#sign(text))) return undefined
    const [atMs, position] = JSON.parse(text) as [EpochMs, LedgerPosition]
    return Math.abs(nowMs - atMs) > goodForMs ? undefined : position
  }

  #sign(text: string): Buffer {
    return createHmac('sha256', this.#secret).update(text).digest().subarray(0, signatureBytes)
  }
}
