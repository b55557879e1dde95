import {
  type AuditSealer,
  createAuditSealer,
  createSealSigner,
  type Seal,
  type SealSigner,
} from './audit/index.ts'
import type { Core } from './core.ts'
import type { EpochMs } from './kernel/index.ts'
import { deriveKey } from './keys/index.ts'

/** The key pair of the audit's seals: derived, so that there is nothing to store and every node has the same. */
export const sealSignerOf = (masterKey: Uint8Array): SealSigner =>
  createSealSigner(deriveKey(masterKey, 'propusk audit seals'))

const tellEveryMs = 3_600_000

/**
 * The sealer of a node. Tells of its newest seal at most once an hour: a log that is kept elsewhere then holds what
 * the chain must hold, too, and shows when its end was cut off.
 */
export function sealAudit(
  { stores, transaction, clock }: Core,
  masterKey: Uint8Array,
  tell: (seal: Seal) => void,
): AuditSealer {
  const sealer = createAuditSealer({
    seals: stores.seals,
    transaction,
    signer: sealSignerOf(masterKey),
    monotonicMs: () => clock.monotonicMs(),
  })
  let toldAtMs: EpochMs = Number.NEGATIVE_INFINITY
  return {
    async round(nowMs, goOn) {
      const made = await sealer.round(nowMs, goOn)
      const newest = made.at(-1)
      if (newest !== undefined && nowMs - toldAtMs >= tellEveryMs) {
        toldAtMs = nowMs
        tell(newest)
      }
      return made
    },
  }
}
