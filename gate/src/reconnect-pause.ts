const mostMs = 5_000
/** A follower whose stream has ended comes back within so long: a part of what it may be without news, and a second at most. */
const firstMs = 1_000

/**
 * How long to wait before the next connection: at random below a limit that doubles with each failure, so that the followers of
 * a server that restarts do not come back at once. `random` is from 0 up to 1.
 */
export function reconnectPauseMs(failures: number, staleAfterMs: number, random: number): number {
  const least = Math.min(firstMs, staleAfterMs / 4)
  return random * Math.min(mostMs, least * 2 ** failures)
}
