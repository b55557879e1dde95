/** The periods that are one press away. */
export const periods = ['today', 'yesterday', '7d', '30d'] as const
export type Period = (typeof periods)[number]

interface Bounds {
  readonly since?: string
  readonly until?: string
}

interface PeriodSearch {
  readonly period?: string | undefined
  readonly since?: string | undefined
  readonly until?: string | undefined
}

const hourMs = 3_600_000
const minuteMs = 60_000

/**
 * The instants of a period, by the days of the browser's own zone: `today`, `yesterday`, so many days (`7d`, today being
 * one) or hours back (`24h`). Of what is no period, the instants that are given.
 */
export function boundsOf({ period, since, until }: PeriodSearch, now: Date): Bounds {
  if (period === 'today') return { since: dayStart(now, 0) }
  if (period === 'yesterday') return { since: dayStart(now, -1), until: dayStart(now, 0) }
  const days = lengthOf(period, 'd')
  if (days !== undefined) return { since: dayStart(now, 1 - days) }
  const hours = lengthOf(period, 'h')
  if (hours !== undefined) {
    // The same for a whole minute, so that a list is not asked for anew at every look.
    const sinceMs = now.getTime() - hours * hourMs
    return { since: new Date(sinceMs - (sinceMs % minuteMs)).toISOString() }
  }
  return { ...(since !== undefined && { since }), ...(until !== undefined && { until }) }
}

function lengthOf(period: string | undefined, unit: 'd' | 'h'): number | undefined {
  const [, length] = new RegExp(`^([1-9]\\d{0,3})${unit}$`).exec(period ?? '') ?? []
  return length === undefined ? undefined : Number(length)
}

/** The first moment of a day, so many days from now. */
const dayStart = (now: Date, days: number): string =>
  new Date(now.getFullYear(), now.getMonth(), now.getDate() + days).toISOString()
