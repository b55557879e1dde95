import { createHmac, timingSafeEqual } from 'node:crypto'
import type { LedgerPosition } from '../changes/index.ts'
import type { EpochMs } from '../kernel/index.ts'

export interface CursorCodec {
  encode(position: LedgerPosition, nowMs: EpochMs): string
  /** Undefined where no node of this server gave the cursor out, or did so too long ago. */
  decode(cursor: string, nowMs: EpochMs): LedgerPosition | undefined
}

const signatureBytes = 16

/** Rows of the ledger are kept for a day after they have expired: whatever came since is still there. */
const goodForMs = 3_600_000

/**
 * A position of the ledger as an opaque text. Signed, so that no caller writes what the database is asked with; the same on
 * every node.
 */
export function cursorCodec(secret: Uint8Array): CursorCodec {
  const sign = (text: string) =>
    createHmac('sha256', secret).update(text).digest().subarray(0, signatureBytes)
  return {
    encode(position, nowMs) {
      const text = JSON.stringify([nowMs, position])
      return Buffer.concat([sign(text), Buffer.from(text)]).toString('base64url')
    },
    decode(cursor, nowMs) {
      const bytes = Buffer.from(cursor, 'base64url')
      if (bytes.length <= signatureBytes || bytes.toString('base64url') !== cursor) return undefined
      const text = bytes.subarray(signatureBytes).toString()
      if (!timingSafeEqual(bytes.subarray(0, signatureBytes), sign(text))) return undefined
      const [atMs, position] = JSON.parse(text) as [EpochMs, LedgerPosition]
      return Math.abs(nowMs - atMs) > goodForMs ? undefined : position
    },
  }
}
