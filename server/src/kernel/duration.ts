const secondsPerUnit = { d: 86_400, h: 3600, m: 60, s: 1 } as const

/** The form of a duration: a whole number with its unit, such as `30s`, `10m`, `24h` or `7d`. */
export const durationPattern = '^(0|[1-9]\\d{0,8})([smhd])$'

/** The seconds that a duration names; undefined where it is not well formed. */
export function parseDuration(presented: string): number | undefined {
  const [, count, unit] = new RegExp(durationPattern).exec(presented) ?? []
  return count === undefined ? undefined : Number(count) * secondsPerUnit[unit as keyof typeof secondsPerUnit]
}

/** The shortest way to write it: `90s`, `2m`, `36h`, `7d`. */
export function formatDuration(seconds: number): string {
  const [unit, length] = Object.entries(secondsPerUnit).find(([, length]) => seconds % length === 0)!
  return `${seconds / length}${unit}`
}
