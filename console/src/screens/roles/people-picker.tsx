import { MultiSelect } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import type { User } from '@propusk/client'
import { useState } from 'react'
import { type Filters, nameOf, Person, useCommonText, useList } from '../../ui/index.ts'
import { useHolderReason } from './use-holder-reason.ts'

interface PeoplePickerProps {
  readonly label: string
  /** What is said where the search finds nobody. */
  readonly nobody: string
  /** Among whom it searches. */
  readonly among: Filters
  /** Who is not offered, though the search finds them. */
  isOffered?(person: User): boolean
  readonly chosen: readonly User[]
  onChoose(people: readonly User[]): void
}

const restMs = 180

/** As many as one reads through before a save, and far fewer than a preview takes. */
const mostChosen = 100

/** Finds people by name or email, one after the other; the server does the finding, among any number. */
export function PeoplePicker(props: PeoplePickerProps) {
  const { label, nobody, among, isOffered = () => true, chosen, onChoose } = props
  const text = useCommonText()
  const reasonOf = useHolderReason()
  const [typed, setTyped] = useState('')
  // Closed after each choice: below it stands what the choice would change.
  const [isOpen, setOpen] = useState(false)
  const [search] = useDebouncedValue(typed.trim(), restMs)
  const list = useList('users', 'listUsers', { ...among, search: search || undefined, ordering: 'email' })
  const known = new Map([...list.rows, ...chosen].map(user => [String(user.id), user]))
  const offered = [...known.values()].filter(user => chosen.includes(user) || isOffered(user))

  return (
    <MultiSelect
      label={label}
      placeholder={text('findPerson')}
      searchable
      searchValue={typed}
      onSearchChange={setTyped}
      // The server has searched already, in more than the label.
      filter={({ options }) => options}
      nothingFoundMessage={list.isLoading ? '…' : nobody}
      value={chosen.map(({ id }) => String(id))}
      onChange={ids => {
        onChoose(ids.map(id => known.get(id)!))
        setTyped('')
        setOpen(false)
      }}
      dropdownOpened={isOpen}
      onDropdownOpen={() => setOpen(true)}
      onDropdownClose={() => setOpen(false)}
      data={offered.map(user => ({
        value: String(user.id),
        label: nameOf(user),
        disabled: reasonOf(user) !== undefined,
      }))}
      renderOption={({ option }) => {
        const user = known.get(option.value)
        if (user === undefined) return option.label
        const reason = reasonOf(user)
        return (
          <span>
            <Person person={user} size={24} />
            {reason !== undefined && <span style={{ fontSize: '0.75rem' }}>{reason}</span>}
          </span>
        )
      }}
      hidePickedOptions
      maxValues={mostChosen}
      maxDropdownHeight={280}
      data-autofocus
    />
  )
}
