import { Button } from '@mantine/core'
import { useSearch } from '@tanstack/react-router'
import classes from './audit-filters.module.css'
import { CustomPeriod } from './custom-period.tsx'
import { useFilterText } from './messages.ts'
import { periods } from './periods.ts'
import { useSetSearch } from './use-set-search.ts'

/** When: the usual periods by one press each, any other days in a calendar. */
export function PeriodButtons() {
  const text = useFilterText()
  const set = useSetSearch()
  const { period, since, until } = useSearch({ from: '/console/audit' })
  const isAny = period === undefined && since === undefined && until === undefined
  const choose = (period: string | undefined) => set({ period, since: undefined, until: undefined })
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of buttons, not of fields.
    <div role="group" aria-label={text('period')} className={classes.line}>
      <Toggle isOn={isAny} onClick={() => choose(undefined)}>
        {text('anyTime')}
      </Toggle>
      {periods.map(name => (
        <Toggle key={name} isOn={period === name} onClick={() => choose(name)}>
          {text(name)}
        </Toggle>
      ))}
      <CustomPeriod />
    </div>
  )
}

interface ToggleProps {
  readonly isOn: boolean
  readonly children: string
  onClick(): void
}

/** A choice that is on or off, as its colour and its state say. */
export const Toggle = ({ isOn, ...rest }: ToggleProps) => (
  <Button size="xs" fw={500} variant={isOn ? 'light' : 'default'} aria-pressed={isOn} {...rest} />
)
