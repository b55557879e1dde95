import type { ChangeFeed } from './changes/index.ts'
import type { Clock, Transact } from './kernel/index.ts'
import type { SessionStore } from './sessions/index.ts'
import type { RefreshTokenStore } from './tokens/index.ts'

interface Deps {
  readonly clock: Clock
  readonly transaction: Transact<{
    readonly sessions: SessionStore
    readonly refreshTokens: RefreshTokenStore
    readonly feed: ChangeFeed
  }>
  /** Makes a new signing key when the current one is old enough; does nothing otherwise. */
  readonly rotateDueKey: () => Promise<void>
  readonly report: (cause: unknown) => void
}

const everyMs = 60_000

/** A spent or expired refresh token says who reused it for as long as its session could have lived; then it goes. */
const keepExpiredTokensMs = 24 * 3_600_000

/**
 * A clock that was hours ahead for a moment must not have cleared away changes that still count once it is right
 * again: hardware clocks that run in another time zone are up to 14 hours off.
 */
const keepExpiredChangesMs = 24 * 3_600_000

/** So many sweeps at the most in one round: the rows of a minute in which a server was as busy as it can be. */
const maxSweeps = 300

/**
 * Ends what has run out and removes what nobody needs any more. Each step may run on every node at once and
 * twice over: it changes only rows whose time is past.
 */
export async function keepHouse({ clock, transaction, rotateDueKey }: Omit<Deps, 'report'>): Promise<void> {
  const nowMs = clock.nowMs()
  await sweep(() => transaction(({ sessions }) => sessions.endExpired(nowMs)))
  await sweep(() =>
    transaction(({ refreshTokens }) => refreshTokens.deleteExpired(nowMs - keepExpiredTokensMs)),
  )
  await transaction(({ feed }) => feed.deleteExpired(nowMs - keepExpiredChangesMs))
  await rotateDueKey()
}

/** Short transactions, one after the other, until nothing is left to do: others write in between. */
async function sweep(once: () => Promise<number>): Promise<void> {
  for (let sweeps = 0; sweeps < maxSweeps; sweeps++) if ((await once()) === 0) return
}

/** Keeps house every minute until the returned function is called. A failure is reported and tried again. */
export function startHousekeeping({ report, ...deps }: Deps): () => void {
  const timer = setInterval(() => void keepHouse(deps).catch(report), everyMs)
  timer.unref()
  return () => clearInterval(timer)
}
