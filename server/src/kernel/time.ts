/** Milliseconds since 1970-01-01T00:00:00Z. Every time inside the server is one; RFC 3339 and NumericDate exist at its edges only. */
export type EpochMs = number

/** The only source of «now». Read once per use case and passed down, so that one request lives in one instant. */
export interface Clock {
  nowMs(): EpochMs
}

/** A clock that measures intervals as well. */
export interface TimeSource extends Clock {
  /**
   * Milliseconds since some instant of this process, which never step: how long ago something was is the difference of two
   * of these, and never of two readings of `nowMs`.
   */
  monotonicMs(): number
}

export const systemClock: TimeSource = { nowMs: () => Date.now(), monotonicMs: () => performance.now() }

/** RFC 3339 in UTC, as the HTTP API shows times. */
export const toRfc3339 = (atMs: EpochMs): string => new Date(atMs).toISOString()

/** The same of what may not have happened, or may never. */
export const toRfc3339OrNull = (atMs: EpochMs | null): string | null =>
  atMs === null ? null : toRfc3339(atMs)

/** The instant that an RFC 3339 text names, which the caller has validated. Digits below a millisecond are cut off. */
export const fromRfc3339 = (instant: string): EpochMs => Date.parse(instant.toUpperCase())

/** RFC 7519 section 2: a NumericDate counts seconds. */
export const toNumericDate = (atMs: EpochMs): number => Math.floor(atMs / 1000)

const secondsPerUnit = { d: 86_400, h: 3600, m: 60, s: 1 } as const

/** The form of a duration: a whole number with its unit, such as `30s`, `10m`, `24h` or `7d`. */
export const durationPattern = '^(0|[1-9]\\d{0,8})([smhd])$'

/** The seconds that a duration names; undefined where it is not well formed. */
export function parseDuration(presented: string): number | undefined {
  const [, count, unit] = new RegExp(durationPattern).exec(presented) ?? []
  return count === undefined ? undefined : Number(count) * secondsPerUnit[unit as keyof typeof secondsPerUnit]
}
