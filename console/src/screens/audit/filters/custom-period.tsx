import { Button, Group, Popover, Stack, TextInput } from '@mantine/core'
import { useSearch } from '@tanstack/react-router'
import { CalendarDays } from 'lucide-react'
import { useState } from 'react'
import classes from './audit-filters.module.css'
import { Calendar, type DayRange } from './calendar.tsx'
import { useFilterText } from './messages.ts'
import { addDays } from './month-days.ts'
import { periods } from './periods.ts'
import { usePeriodName } from './use-period-name.ts'
import { useSetSearch } from './use-set-search.ts'

/** Any days, and times of them, in the zone of whoever looks; the address has the instants, for people of other zones. */
export function CustomPeriod() {
  const text = useFilterText()
  const search = useSearch({ from: '/console/audit' })
  const name = usePeriodName()(search)
  const isPreset = search.period !== undefined && (periods as readonly string[]).includes(search.period)
  const isOn = name !== undefined && !isPreset
  const [isOpen, setOpen] = useState(false)
  return (
    <Popover
      opened={isOpen}
      onChange={setOpen}
      position="bottom-start"
      shadow="md"
      trapFocus
      returnFocus
      closeOnEscape
    >
      <Popover.Target>
        <Button
          size="xs"
          fw={500}
          variant={isOn ? 'light' : 'default'}
          aria-pressed={isOn}
          aria-haspopup="dialog"
          leftSection={<CalendarDays size={14} aria-hidden />}
          onClick={() => setOpen(!isOpen)}
        >
          {isOn ? name : text('custom')}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={text('custom')}>
        <DaysForm onDone={() => setOpen(false)} />
      </Popover.Dropdown>
    </Popover>
  )
}

function DaysForm({ onDone }: { onDone(): void }) {
  const text = useFilterText()
  const set = useSetSearch()
  const { since, until } = useSearch({ from: '/console/audit' })
  const [range, setRange] = useState<DayRange>(() => ({ from: dayOf(since), to: lastDayOf(until) }))
  const [fromTime, setFromTime] = useState(() => timeOf(since))
  const [toTime, setToTime] = useState(() => timeOf(until))
  const apply = () => {
    const { from, to = from } = range
    set({
      period: undefined,
      since: from && at(from, fromTime, 0).toISOString(),
      until: to && at(to, toTime, 1).toISOString(),
    })
    onDone()
  }
  return (
    <Stack gap="sm">
      <p className={classes.hint}>{text('chooseDays')}</p>
      <Calendar range={range} onChange={setRange} />
      <Group gap="xs" grow>
        <TextInput
          type="time"
          label={text('fromTime')}
          value={fromTime}
          onChange={event => setFromTime(event.currentTarget.value)}
        />
        <TextInput
          type="time"
          label={text('toTime')}
          value={toTime}
          onChange={event => setToTime(event.currentTarget.value)}
        />
      </Group>
      <p className={classes.hint}>
        {text('zone', { zone: new Intl.DateTimeFormat().resolvedOptions().timeZone })}
      </p>
      <Button size="xs" disabled={range.from === undefined} onClick={apply}>
        {text('apply')}
      </Button>
    </Stack>
  )
}

const instantOf = (instant: string | undefined): Date | undefined => {
  const at = new Date(instant ?? '')
  return Number.isNaN(at.getTime()) ? undefined : at
}

const dayOf = (instant: string | undefined): Date | undefined => {
  const at = instantOf(instant)
  return at && addDays(at, 0)
}

/** A period that ends at a midnight has the day before as its last. */
const lastDayOf = (instant: string | undefined): Date | undefined => {
  const at = instantOf(instant)
  return at && addDays(new Date(at.getTime() - 1), 0)
}

/** As a field for times has it; empty for a midnight, where a whole day begins or ends. */
const timeOf = (instant: string | undefined): string => {
  const at = instantOf(instant)
  if (at === undefined || (at.getHours() === 0 && at.getMinutes() === 0)) return ''
  return `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`
}

/** That time of the day; without one, the midnight before it or, by `days`, after it. */
function at(day: Date, time: string, days: 0 | 1): Date {
  if (time === '') return addDays(day, days)
  const [hours, minutes] = time.split(':').map(Number)
  return new Date(day.getFullYear(), day.getMonth(), day.getDate(), hours, minutes)
}
