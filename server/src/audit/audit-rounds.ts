import type { Cut } from './cut.ts'
import { countSealed, type MissingEvents } from './judge-cut.ts'
import type { Seal } from './seal.ts'
import type { SealStore } from './seal-store.ts'

/** Some milliseconds of a database that is read in this process. */
const eventsPerLook = 20_000
const sealsPerLook = 200

/**
 * Checks the seals whose events are present in turn, some at each look, and reports where events are missing. It checks
 * the oldest first each time, since an attacker who removes events begins with them. A finding stays a fault until it
 * is repaired.
 */
export function createRounds(
  seals: Pick<SealStore, 'listAfter' | 'countEvents'>,
): (cut: Cut | undefined) => Promise<MissingEvents | undefined> {
  let reached = 0
  let known: Seal | undefined

  const countAfter = async (position: number, most: number) => {
    const page = await seals.listAfter(position, most)
    let counted = 0
    for (const seal of page) {
      const fault = await countSealed(seals, seal)
      if (fault !== undefined) return { fault, position: seal.position }
      counted += seal.eventCount
      if (counted >= eventsPerLook) return { position: seal.position }
    }
    return { position: page.length < most ? 0 : page.at(-1)!.position }
  }

  return async cut => {
    const start = cut?.sealPosition ?? 0
    if (known !== undefined && known.position > start) {
      const fault = await countSealed(seals, known)
      if (fault !== undefined) return fault
    }
    known = undefined
    const oldest = await countAfter(start, 1)
    const next =
      oldest.fault === undefined ? await countAfter(Math.max(start, reached), sealsPerLook) : oldest
    reached = next.position
    known = next.fault?.seal
    return next.fault
  }
}
