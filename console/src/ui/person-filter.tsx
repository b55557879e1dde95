import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useState } from 'react'
import { useMay } from '../session/index.ts'
import { useCommonText } from './messages.ts'
import { nameOf, Person } from './person.tsx'
import { useList } from './use-list.ts'
import { usePerson } from './use-person.ts'

interface PersonFilterProps {
  readonly label: string
  readonly className?: string | undefined
  /** The id of a person as an address has it; empty for anybody. */
  readonly value: string
  onChange(id: string): void
}

const restMs = 180

/** Narrows a list to one person, found by name or email among any number; by the id for whoever may not see people. */
export function PersonFilter({ label, className, value, onChange }: PersonFilterProps) {
  const text = useCommonText()
  const may = useMay()
  const mayFind = may('users', 'read')
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed.trim(), restMs)
  const chosen = usePerson(value === '' ? undefined : Number(value))
  const list = useList(
    'users',
    'listUsers',
    { ...(search !== '' && { search }), ordering: 'email' },
    { isOn: mayFind },
  )
  const found = list.rows.filter(({ id }) => String(id) !== value)
  const people = chosen === undefined ? found : [chosen, ...found]
  const options = people.map(person => ({ value: String(person.id), label: nameOf(person) }))
  if (value !== '' && chosen === undefined) options.unshift({ value, label: `#${value}` })

  return (
    <Select
      aria-label={label}
      placeholder={label}
      {...(className !== undefined && { className })}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': text('clear') }}
      value={value === '' ? null : value}
      onChange={id => onChange(id ?? '')}
      // What is typed, and not the name of the chosen one, which stands in the same field.
      onInput={event => setTyped(event.currentTarget.value)}
      onDropdownClose={() => setTyped('')}
      // The server has searched already, in more than the name.
      filter={({ options }) => options}
      nothingFoundMessage={list.isLoading ? '…' : text('noMatchTitle')}
      data={options}
      renderOption={({ option }) => {
        const person = people.find(({ id }) => String(id) === option.value)
        return person === undefined ? option.label : <Person person={person} size={24} />
      }}
      comboboxProps={{ width: 300, position: 'bottom-start' }}
      maxDropdownHeight={320}
    />
  )
}
