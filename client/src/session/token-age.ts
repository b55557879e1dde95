import type { SessionPlatform } from './platform.ts'

/** How old an access token is, by what passed since it came. */
export interface TokenAge {
  /** How long until it should be refreshed; 0 or less when that is due. Infinite where it says no lifetime. */
  untilDueMs(): number
  /** How long ago it was issued, as far as is known here. */
  ageMs(): number
  /** Whether it has run out. The server's word counts more: see `invalid_token`. */
  isOver(): boolean
}

/** A token is refreshed when this share of its life is over, a little sooner or later in each tab. */
const dueShare = 0.7
const dueSpread = 0.1

/**
 * The life of a token is `exp` less `iat`: two readings of the server's clock (RFC 7519 section 4.1), so that a wrong wall
 * clock here does not matter. What passed is the longer of two intervals: the monotonic clock may stand still in a sleep,
 * and the wall clock may be set back. Where the wall clock was set forward, the token is refreshed early, and that is all.
 * `beforeMs` passed elsewhere, before the token came here.
 */
export function tokenAge(
  access: string,
  platform: Pick<SessionPlatform, 'monotonicMs' | 'wallMs' | 'random'>,
  beforeMs = 0,
): TokenAge {
  const lifetimeMs = lifetimeOf(access)
  const dueMs = lifetimeMs * (dueShare + dueSpread * platform.random())
  const monotonicMs = platform.monotonicMs()
  const wallMs = platform.wallMs()
  const passedMs = () => beforeMs + Math.max(platform.monotonicMs() - monotonicMs, platform.wallMs() - wallMs)
  return {
    untilDueMs: () => dueMs - passedMs(),
    ageMs: passedMs,
    isOver: () => passedMs() >= lifetimeMs,
  }
}

function lifetimeOf(access: string): number {
  try {
    const payload = access.split('.')[1]!.replaceAll('-', '+').replaceAll('_', '/')
    const { exp, iat } = JSON.parse(atob(payload)) as { exp: number; iat: number }
    return exp > iat ? (exp - iat) * 1000 : Number.POSITIVE_INFINITY
  } catch {
    return Number.POSITIVE_INFINITY
  }
}
