import { useFormat } from '../../../i18n/index.ts'
import type { AuditSearch } from './audit-search.ts'
import { useFilterText } from './messages.ts'
import { type Period, periods } from './periods.ts'

/** What a period is called: by its name, by its length, or by its first and last moment. Undefined for any time. */
export function usePeriodName(): (search: AuditSearch) => string | undefined {
  const text = useFilterText()
  const format = useFormat()
  return ({ period, since, until }) => {
    if (period !== undefined && (periods as readonly string[]).includes(period)) return text(period as Period)
    const [, length, unit] = /^([1-9]\d{0,3})([dh])$/.exec(period ?? '') ?? []
    if (length !== undefined) return text(unit === 'd' ? 'days' : 'hours', { count: Number(length) })
    const [from, to] = [since, until].map(instant => moment(instant, format))
    if (from === undefined) return to && text('untilDay', { day: to })
    if (to === undefined) return text('sinceDay', { day: from })
    const last = moment(until, format, true)!
    return from === last ? from : `${from} – ${last}`
  }
}

/** A day where it is a midnight, which as an end belongs to the day before; a day and a time otherwise. */
function moment(
  instant: string | undefined,
  format: ReturnType<typeof useFormat>,
  isEnd = false,
): string | undefined {
  const at = new Date(instant ?? '')
  if (Number.isNaN(at.getTime())) return undefined
  const isMidnight = at.getHours() === 0 && at.getMinutes() === 0
  if (!isMidnight) return format.dateTime(at.getTime())
  return format.shortDate(isEnd ? at.getTime() - 1 : at.getTime())
}
