import type { EpochMs } from '../kernel/index.ts'

/**
 * For so long a new key is published before it signs, unless it is wanted at once. A cache may serve a key set that is
 * 60 s old (`max-age`, RFC 9111), and a client that has just fetched it asks no more for 30 s, whatever `kid` it meets
 * (`jose`; others less): a verifier may know what was published 90 s ago and nothing newer. The rest is for nodes that
 * hear of the key a second later, clocks that count whole seconds, and slow answers.
 */
export const publishAheadMs = 150_000

/** How long the key set may be cached, as its answer says. */
export const keySetMaxAgeSeconds = 60

/** Every node hears of a change within a second or refuses to answer: after this each knows a key that was published. */
export const heardByAllMs = 3_000

/** For a node that hears late that its key is retired, and for clocks that differ. */
export const retiredMarginMs = 120_000

/**
 * When a key that retires now leaves the key set. What it signed ends with a session, so the end of the last live one
 * covers it, whatever the settings were when it began, and whatever the clock of its node said. The life that the
 * settings allow now is for sessions that begin in this moment.
 */
export const publishedUntilMs = (
  retiredAtMs: EpochMs,
  longestTokenLifeSeconds: number,
  lastSessionEndMs: EpochMs | undefined,
): EpochMs => Math.max(retiredAtMs + longestTokenLifeSeconds * 1000, lastSessionEndMs ?? 0) + retiredMarginMs
