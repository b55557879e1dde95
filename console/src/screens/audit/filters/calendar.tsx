import { ActionIcon, UnstyledButton } from '@mantine/core'
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { type KeyboardEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { localeFor, useFormat } from '../../../i18n/index.ts'
import classes from './calendar.module.css'
import { useFilterText } from './messages.ts'
import { addDays, addMonths, firstWeekdayOf, weeksOf } from './month-days.ts'

export interface DayRange {
  readonly from: Date | undefined
  /** The last day, which is in it. */
  readonly to: Date | undefined
}

interface CalendarProps {
  readonly range: DayRange
  onChange(range: DayRange): void
}

/**
 * A month in which the first and the last day of a period are chosen, one press each. One day has the focus; arrows, Home,
 * End and the page keys move it (ARIA Authoring Practices, date picker).
 */
export function Calendar({ range, onChange }: CalendarProps) {
  const text = useFilterText()
  const format = useFormat()
  const { language } = useTranslation().i18n
  const locale = localeFor(language, navigator.languages)
  const [current, setCurrent] = useState(() => range.to ?? range.from ?? addDays(new Date(), 0))
  const grid = useRef<HTMLTableElement>(null)
  const weeks = weeksOf(current, firstWeekdayOf(locale))
  const month = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric' }).format(current)
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short' })

  const moveTo = (day: Date) => {
    setCurrent(day)
    requestAnimationFrame(() => grid.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus())
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const next = keySteps[event.key]?.(current, weeks)
    if (next === undefined) return
    event.preventDefault()
    moveTo(next)
  }
  return (
    <div>
      <div className={classes.head}>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={text('previousMonth')}
          onClick={() => setCurrent(addMonths(current, -1))}
        >
          <ChevronLeft size={16} aria-hidden />
        </ActionIcon>
        <span className={classes.month} aria-live="polite">
          {month}
        </span>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={text('nextMonth')}
          onClick={() => setCurrent(addMonths(current, 1))}
        >
          <ChevronRight size={16} aria-hidden />
        </ActionIcon>
      </div>
      <table ref={grid} className={classes.days} aria-label={month}>
        <thead>
          <tr>
            {weeks[0]!.map(day => (
              <th key={day.getDay()} scope="col">
                {weekday.format(day)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={onKeyDown}>
          {weeks.map(week => (
            <tr key={week[0]!.getTime()}>
              {week.map(day => (
                <td key={day.getTime()} data-within={isWithin(day, range) || undefined}>
                  <UnstyledButton
                    className={classes.day}
                    data-edge={isSame(day, range.from) || isSame(day, range.to) || undefined}
                    data-outside={day.getMonth() !== current.getMonth() || undefined}
                    data-today={isSame(day, addDays(new Date(), 0)) || undefined}
                    aria-pressed={isWithin(day, range)}
                    aria-label={format.date(day.getTime())}
                    tabIndex={isSame(day, current) ? 0 : -1}
                    onClick={() => {
                      setCurrent(day)
                      onChange(withDay(range, day))
                    }}
                  >
                    {day.getDate()}
                  </UnstyledButton>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

type Weeks = readonly (readonly Date[])[]

const keySteps: Readonly<Record<string, (day: Date, weeks: Weeks) => Date | undefined>> = {
  ArrowLeft: day => addDays(day, -1),
  ArrowRight: day => addDays(day, 1),
  ArrowUp: day => addDays(day, -7),
  ArrowDown: day => addDays(day, 7),
  PageUp: day => addMonths(day, -1),
  PageDown: day => addMonths(day, 1),
  Home: (day, weeks) => weekOf(day, weeks)?.[0],
  End: (day, weeks) => weekOf(day, weeks)?.at(-1),
}

const weekOf = (day: Date, weeks: Weeks) => weeks.find(week => week.some(each => isSame(each, day)))

const isSame = (day: Date, other: Date | undefined): boolean => day.getTime() === other?.getTime()

const isWithin = (day: Date, { from, to }: DayRange): boolean =>
  from !== undefined && day >= from && day <= (to ?? from)

/** The first press begins a period, the second ends it, whichever of the two is earlier. */
function withDay({ from, to }: DayRange, day: Date): DayRange {
  if (from === undefined || to !== undefined) return { from: day, to: undefined }
  return day < from ? { from: day, to: from } : { from, to: day }
}
