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
export function toRfc3339(atMs: EpochMs): string {
  const sinceMidnightMs = ((atMs % msPerDay) + msPerDay) % msPerDay
  const minutes = Math.floor(sinceMidnightMs / 60_000)
  const ms = sinceMidnightMs % 60_000
  const time = `${twoDigits[Math.floor(minutes / 60)]}:${twoDigits[minutes % 60]}:${twoDigits[Math.floor(ms / 1000)]}`
  return `${dayOf(atMs - sinceMidnightMs)}${time}.${String(ms % 1000).padStart(3, '0')}Z`
}

const msPerDay = 86_400_000
const twoDigits = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, '0'))

/** Instants share few days. To have the date made costs three times as much as all the rest of the text. */
const knownDays = new Map<EpochMs, string>()
const maxKnownDays = 1_000

function dayOf(midnightMs: EpochMs): string {
  const known = knownDays.get(midnightMs)
  if (known !== undefined) return known
  const text = new Date(midnightMs).toISOString().slice(0, -'00:00:00.000Z'.length)
  if (knownDays.size >= maxKnownDays) knownDays.clear()
  knownDays.set(midnightMs, text)
  return text
}

/** The instant that an RFC 3339 text names, which the caller has judged. Digits below a millisecond are cut off. */
export const fromRfc3339 = (instant: string): EpochMs => Date.parse(instant.toUpperCase())

/** RFC 7519 section 2: a NumericDate counts seconds. */
export const toNumericDate = (atMs: EpochMs): number => Math.floor(atMs / 1000)
