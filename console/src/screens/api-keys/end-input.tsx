import { Select, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useFormat } from '../../i18n/index.ts'
import { useNow } from '../../ui/index.ts'
import { useKeyFormText } from './messages.ts'

const dayMs = 86_400_000

const spans = { days30: 30, days90: 90, days365: 365 } as const

type Choice = 'never' | 'asIs' | 'onDate' | keyof typeof spans

/** The end of a key that is made without another thought. */
const defaultChoice = 'days90'
export const defaultDays = spans[defaultChoice]

/** As the API gives it (RFC 3339). */
export const inDays = (days: number): string => new Date(Date.now() + days * dayMs).toISOString()

interface EndInputProps {
  /** RFC 3339; empty for never. */
  readonly value: string
  /** What an existing key has. */
  readonly current?: string
  readonly error: ReactNode
  onChange(value: string): void
}

/** The end of a key: never, after a round time, or with a day. */
export function EndInput({ value, current, error, onChange }: EndInputProps) {
  const text = useKeyFormText()
  const format = useFormat()
  const nowMs = useNow()
  const [picked, setPicked] = useState<Choice>(defaultChoice)
  const isAsIs = value !== '' && value === current
  const choice = value === '' ? 'never' : isAsIs ? 'asIs' : picked
  const choices: readonly Choice[] = [
    ...(current === undefined || current === '' ? [] : (['asIs'] as const)),
    ...(['never', 'days30', 'days90', 'days365', 'onDate'] as const),
  ]

  const pick = (next: Choice) => {
    setPicked(next)
    if (next === 'never') onChange('')
    else if (next === 'asIs') onChange(current!)
    else if (next === 'onDate') onChange(endOf(dayOf(Date.now() + defaultDays * dayMs)))
    else onChange(inDays(spans[next]))
  }
  const hint = () => {
    if (value === '') return text('neverHint')
    const isOver = Date.parse(value) <= nowMs
    return text(isOver ? 'endedAt' : 'endsAt', { at: format.dateTime(value) })
  }

  return (
    <>
      <Select
        label={text('expires')}
        description={hint()}
        error={choice === 'onDate' ? undefined : error}
        allowDeselect={false}
        value={choice}
        onChange={next => pick(next as Choice)}
        data={choices.map(each => ({ value: each, label: text(each) }))}
      />
      {choice === 'onDate' && (
        <TextInput
          type="date"
          label={text('date')}
          error={error}
          min={dayOf(Date.now())}
          value={lastDayOf(value)}
          onChange={event => event.currentTarget.value !== '' && onChange(endOf(event.currentTarget.value))}
        />
      )}
    </>
  )
}

/** Of the calendar on the wall, as the field has it. */
function dayOf(atMs: number): string {
  const at = new Date(atMs)
  return [at.getFullYear(), at.getMonth() + 1, at.getDate()]
    .map(part => String(part).padStart(2, '0'))
    .join('-')
}

const lastDayOf = (end: string): string => dayOf(Date.parse(end) - 1)

/** The midnight after a day. */
function endOf(day: string): string {
  const end = new Date(`${day}T00:00`)
  end.setDate(end.getDate() + 1)
  return end.toISOString()
}
