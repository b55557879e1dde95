import type { LedgerPosition } from '../changes/index.ts'
import { type EpochMs, SignedTexts } from '../kernel/index.ts'

/** Rows of the ledger are kept for a day after they have expired: whatever came since is still there. */
const goodForMs = 3_600_000

/**
 * A position of the ledger as an opaque text. Signed, so that no caller writes what the database is asked with; the same on
 * every node.
 */
export class CursorCodec {
  readonly #texts: SignedTexts

  constructor(secret: Uint8Array) {
    this.#texts = new SignedTexts(secret)
  }

  encode(position: LedgerPosition, nowMs: EpochMs): string {
    return this.#texts.sign(JSON.stringify([nowMs, position]))
  }

  /** Undefined where no node of this server gave the cursor out, or did so too long ago. */
  decode(cursor: string, nowMs: EpochMs): LedgerPosition | undefined {
    const text = this.#texts.read(cursor)
    if (text === undefined) return undefined
    const [atMs, position] = JSON.parse(text) as [EpochMs, LedgerPosition]
    return Math.abs(nowMs - atMs) > goodForMs ? undefined : position
  }
}
