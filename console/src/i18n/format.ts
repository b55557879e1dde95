import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

/** An instant as the API gives it (RFC 3339), or as epoch milliseconds. */
export type Instant = string | number

export interface Format {
  number(value: number): string
  /** 25 November 2026 */
  date(at: Instant): string
  /** 25 Nov 2026, 14:05 */
  dateTime(at: Instant): string
  /** With seconds, for the audit. */
  exact(at: Instant): string
  /** «2 hours ago», seen from `now`. */
  relative(at: Instant, nowMs: number): string
  list(values: readonly string[]): string
}

const steps: readonly [unit: Intl.RelativeTimeFormatUnit, ms: number][] = [
  ['year', 31_536_000_000],
  ['month', 2_592_000_000],
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
]

export function formatOf(locale: string): Format {
  const numbers = new Intl.NumberFormat(locale)
  const dates = new Intl.DateTimeFormat(locale, { dateStyle: 'long' })
  const times = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
  const seconds = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' })
  const spans = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' })
  return {
    number: value => numbers.format(value),
    date: at => dates.format(new Date(at)),
    dateTime: at => times.format(new Date(at)),
    exact: at => seconds.format(new Date(at)),
    relative(at, nowMs) {
      const aheadMs = new Date(at).getTime() - nowMs
      const [unit, ms] = steps.find(([, ms]) => Math.abs(aheadMs) >= ms) ?? ['second', 1000]
      // What happened within the last moments is «now», not «in 0 seconds».
      return spans.format(unit === 'second' ? 0 : Math.trunc(aheadMs / ms), unit)
    },
    list: values => lists.format(values),
  }
}

/** Numbers, dates and lists by the language that is shown. */
export function useFormat(): Format {
  const { language } = useTranslation().i18n
  return useMemo(() => formatOf(language), [language])
}
