import { type EpochMs, rowsPerSweep } from '../kernel/index.ts'
import type { MassLogout, MassLogoutStore } from './mass-logout-store.sql.ts'

/**
 * A sign-in at that very moment may commit its session after the others have been ended. That session is over too. No
 * transaction lasts as long as this, so after it no such row can appear.
 */
const settledAfterMs = 5 * 60_000

/** A node whose clock is behind begins its sessions after the instant only for as long as the row is there to say so. */
const keptForMs = 24 * 3_600_000

/**
 * Ends the rows that a logout of all users has not reached, as after a crash, some at once; gives their number.
 * INVARIANT: a mass logout is forgotten only in a transaction that has found no row of it left.
 */
export async function settleMassLogouts(
  { massLogouts }: { readonly massLogouts: MassLogoutStore },
  nowMs: EpochMs,
): Promise<number> {
  for (const logout of await massLogouts.list()) {
    const isDue = isOld(logout, nowMs)
    if (logout.finishedAtMs !== null && !isDue) continue
    const ended = await massLogouts.endSome(logout, rowsPerSweep, nowMs)
    if (ended > 0) return ended
    if (isDue) await massLogouts.delete(logout.id)
    else if (nowMs - logout.createdAtMs > settledAfterMs) await massLogouts.finish(logout.id, nowMs)
  }
  return 0
}

const isOld = ({ finishedAtMs }: MassLogout, nowMs: EpochMs): boolean =>
  finishedAtMs !== null && nowMs - finishedAtMs > keptForMs
