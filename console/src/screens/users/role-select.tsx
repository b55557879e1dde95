import { Select } from '@mantine/core'
import { useState } from 'react'
import { useUsersText } from './messages.ts'
import { useRoleOptions } from './use-role-options.ts'

interface RoleSelectProps {
  readonly label: string
  readonly className?: string | undefined
  /** Empty for any role. */
  readonly value: string
  onChange(value: string): void
}

/** One role out of any number, or none. */
export function RoleSelect({ label, className, value, onChange }: RoleSelectProps) {
  const text = useUsersText()
  const [typed, setTyped] = useState('')
  const options = useRoleOptions(typed, [value])
  return (
    <Select
      aria-label={label}
      {...(className !== undefined && { className })}
      searchable
      value={value}
      // What is typed, and not the label of what is chosen, which stands in the same field.
      onInput={event => setTyped(event.currentTarget.value)}
      onDropdownClose={() => setTyped('')}
      onChange={next => onChange(next ?? '')}
      allowDeselect={false}
      // The server has searched already, by the code name too.
      filter={({ options }) => options}
      nothingFoundMessage={text('noSuchRole')}
      data={[{ value: '', label: text('anyRole') }, ...options.map(({ value, label }) => ({ value, label }))]}
    />
  )
}
