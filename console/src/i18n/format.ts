import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

/** An instant as the API gives it (RFC 3339), or as epoch milliseconds. */
export type Instant = string | number

export interface Format {
  number(value: number): string
  /** +3, −3, 0 */
  signed(value: number): string
  /** 25 November 2026 */
  date(at: Instant): string
  /** 25 Nov 2026 */
  shortDate(at: Instant): string
  /** 25 Nov 2026, 14:05 */
  dateTime(at: Instant): string
  /** 14:05, of today. */
  time(at: Instant): string
  /** With seconds, for the audit. */
  exact(at: Instant): string
  /** «2 hours ago», «yesterday» by the calendar of the browser, and the date from a week on; seen from `now`. */
  relative(at: Instant, nowMs: number): string
  list(values: readonly string[]): string
}

const minuteMs = 60_000
const hourMs = 3_600_000
const dayMs = 86_400_000

/** Until then hours say more than «yesterday» or «tomorrow», also across midnight. */
const hoursAcrossMidnight = 6

const daysBeforeDate = 7

/** Days between two instants on the calendar, negative for the past; a day with a change of clocks is one, too. */
function calendarDays(at: Date, now: Date): number {
  const midnight = (date: Date) => Date.UTC(date.getFullYear(), date.getMonth(), date.getDate())
  return (midnight(at) - midnight(now)) / dayMs
}

/** The browser's own variant of the language that is shown (en-GB has another clock than en-US); else the language itself. */
export const localeFor = (language: string, preferred: readonly string[]): string =>
  preferred.find(tag => tag.split('-')[0]!.toLowerCase() === language && isTag(tag)) ?? language

/** Some browsers hand on what the system says, such as `en-US@posix`, which is no tag of BCP 47 and which Intl refuses. */
function isTag(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}

export function formatOf(locale: string): Format {
  const numbers = new Intl.NumberFormat(locale)
  const signed = new Intl.NumberFormat(locale, { signDisplay: 'exceptZero' })
  const dates = new Intl.DateTimeFormat(locale, { dateStyle: 'long' })
  const shortDates = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' })
  const times = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' })
  const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'short' })
  const seconds = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' })
  const spans = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const lists = new Intl.ListFormat(locale, { type: 'conjunction' })
  return {
    number: value => numbers.format(value),
    signed: value => signed.format(value),
    date: at => dates.format(new Date(at)),
    shortDate: at => shortDates.format(new Date(at)),
    dateTime: at => times.format(new Date(at)),
    time: at => clock.format(new Date(at)),
    exact: at => seconds.format(new Date(at)),
    relative(at, nowMs) {
      const then = new Date(at)
      const aheadMs = then.getTime() - nowMs
      const distanceMs = Math.abs(aheadMs)
      // What happened within the last moments is «now», not «in 0 seconds».
      if (distanceMs < minuteMs) return spans.format(0, 'second')
      if (distanceMs < hourMs) return spans.format(Math.trunc(aheadMs / minuteMs), 'minute')
      const days = calendarDays(then, new Date(nowMs))
      if (days === 0 || distanceMs < hoursAcrossMidnight * hourMs) {
        return spans.format(Math.trunc(aheadMs / hourMs), 'hour')
      }
      return Math.abs(days) < daysBeforeDate ? spans.format(days, 'day') : shortDates.format(then)
    },
    list: values => lists.format(values),
  }
}

/** Numbers, dates and lists by the language that is shown, as the browser's own variant of it writes them. */
export function useFormat(): Format {
  const { language } = useTranslation().i18n
  return useMemo(() => formatOf(localeFor(language, navigator.languages)), [language])
}
