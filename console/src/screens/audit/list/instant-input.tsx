import { TextInput } from '@mantine/core'
import { useEffect, useState } from 'react'
import classes from './audit-filters.module.css'

interface InstantInputProps {
  readonly label: string
  /** An instant as an address and the API have it (RFC 3339), or empty. */
  readonly value: string
  onChange(instant: string): void
}

/** A moment in the zone of whoever looks; in the address it is the same moment in UTC, for people of other zones. */
export function InstantInput({ label, value, onChange }: InstantInputProps) {
  const [typed, setTyped] = useState(() => toLocal(value))
  // The address may change by other ways than typing, such as the browser's own back.
  useEffect(() => setTyped(toLocal(value)), [value])
  return (
    <TextInput
      type="datetime-local"
      className={classes.instant}
      aria-label={label}
      leftSection={<span className={classes.instantLabel}>{label}</span>}
      leftSectionWidth={58}
      value={typed}
      onChange={event => {
        const next = event.currentTarget.value
        setTyped(next)
        onChange(next === '' ? '' : new Date(next).toISOString())
      }}
    />
  )
}

/** The form of `datetime-local`; nothing for what is no instant. */
function toLocal(instant: string): string {
  const at = new Date(instant)
  if (instant === '' || Number.isNaN(at.getTime())) return ''
  const inZone = new Date(at.getTime() - at.getTimezoneOffset() * 60_000)
  return inZone.toISOString().slice(0, 16)
}
