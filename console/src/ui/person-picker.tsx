import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import type { User } from '@propusk/client'
import { useState } from 'react'
import { useCommonText } from './messages.ts'
import { nameOf, Person } from './person.tsx'
import { useList } from './use-list.ts'

interface PersonPickerProps {
  readonly label: string
  readonly chosen: User | undefined
  readonly autoFocus?: boolean
  onChoose(person: User | undefined): void
}

const restMs = 180

/** Finds a person by name or email, closed accounts too; the server does the finding, among any number. */
export function PersonPicker({ label, chosen, autoFocus = false, onChoose }: PersonPickerProps) {
  const text = useCommonText()
  const [typed, setTyped] = useState('')
  const [search] = useDebouncedValue(typed.trim(), restMs)
  // What stands in the field after a choice is the name of the chosen one, and no question.
  const isQuestion = chosen === undefined || search !== nameOf(chosen)
  const list = useList('users', 'listUsers', {
    search: isQuestion ? search || undefined : undefined,
    ordering: 'email',
  })
  const found = list.rows.filter(user => user.id !== chosen?.id)
  const offered = chosen === undefined ? found : [chosen, ...found]

  return (
    <Select
      label={label}
      placeholder={text('findPerson')}
      searchable
      searchValue={typed}
      onSearchChange={setTyped}
      // The server has searched already, in more than the label.
      filter={({ options }) => options}
      nothingFoundMessage={list.isLoading ? '…' : text('noMatchTitle')}
      value={chosen === undefined ? null : String(chosen.id)}
      onChange={id => onChoose(offered.find(user => String(user.id) === id))}
      data={offered.map(user => ({ value: String(user.id), label: nameOf(user) }))}
      renderOption={({ option }) => {
        const user = offered.find(({ id }) => String(id) === option.value)
        return user === undefined ? option.label : <Person person={user} size={24} />
      }}
      maxDropdownHeight={280}
      data-autofocus
      autoFocus={autoFocus}
      // A page that leads into the field by itself covers nothing with the list.
      openOnFocus={!autoFocus}
    />
  )
}
