import { Select } from '@mantine/core'
import { useState } from 'react'
import { useUsersText } from '../messages.ts'
import { RoleOptionLine } from '../role-option.tsx'
import { type RoleOption, useRoleOptions } from '../use-role-options.ts'
import { useUserText } from './messages.ts'

interface AddRoleProps {
  readonly held: readonly string[]
  onAdd(role: string): void
}

/** Searches among the roles that the person does not hold. */
export function AddRole({ held, onAdd }: AddRoleProps) {
  const text = useUserText()
  const users = useUsersText()
  const [typed, setTyped] = useState('')
  const options = useRoleOptions(typed, []).filter(({ value }) => !held.includes(value))
  return (
    <Select
      aria-label={text('addRole')}
      placeholder={text('addRole')}
      size="xs"
      w={190}
      searchable
      value={null}
      searchValue={typed}
      onSearchChange={setTyped}
      onChange={role => {
        if (role === null) return
        onAdd(role)
        setTyped('')
      }}
      filter={({ options }) => options}
      renderOption={({ option }) => <RoleOptionLine {...(option as RoleOption)} />}
      nothingFoundMessage={users('noSuchRole')}
      data={[...options]}
    />
  )
}
