import { type Parse, quoted } from './parsed.ts'

const secondsPerUnit: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

/** A duration such as `30s`, `10m`, `24h` or `7d`, in seconds; both bounds, given in the same form, are included. */
export function duration(least: string, most: string): Parse<number> {
  const leastSeconds = boundSeconds(least)
  const mostSeconds = boundSeconds(most)
  return presented => {
    const value = toSeconds(presented)
    if (value === undefined) {
      return { fault: `${quoted(presented)} is not a whole number with a unit of s, m, h or d` }
    }
    if (value < leastSeconds) return { fault: `${quoted(presented)} is too short, ${least} is the least` }
    if (value > mostSeconds) return { fault: `${quoted(presented)} is too long, ${most} is the most` }
    return { value }
  }
}

function toSeconds(text: string): number | undefined {
  const match = /^(0|[1-9]\d{0,8})([smhd])$/.exec(text)
  return match === null ? undefined : Number(match[1]) * secondsPerUnit[match[2]!]!
}

function boundSeconds(bound: string): number {
  const seconds = toSeconds(bound)
  if (seconds === undefined) throw new TypeError(`${bound} is not a duration`)
  return seconds
}
