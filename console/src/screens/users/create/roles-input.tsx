import { MultiSelect } from '@mantine/core'
import type { GetInputPropsReturnType } from '@mantine/form'
import { useState } from 'react'
import { useUsersText } from '../messages.ts'
import { RoleOptionLine } from '../role-option.tsx'
import { type RoleOption, useRoleOptions } from '../use-role-options.ts'
import { useNewUserText } from './messages.ts'

interface RolesInputProps {
  readonly input: GetInputPropsReturnType
  readonly value: readonly string[]
}

export function RolesInput({ input, value }: RolesInputProps) {
  const text = useNewUserText()
  const users = useUsersText()
  const [typed, setTyped] = useState('')
  const options = useRoleOptions(typed, value)
  return (
    <MultiSelect
      {...input}
      label={text('roles')}
      placeholder={value.length === 0 ? text('rolesHint') : ''}
      data={[...options]}
      searchable
      searchValue={typed}
      onSearchChange={setTyped}
      // Until the server has answered what is typed, Enter takes nothing that does not fit.
      filter={({ options, search }) => (options as RoleOption[]).filter(option => fits(option, search))}
      // Not once one is chosen: another Enter sends the form, and gives no second role.
      selectFirstOptionOnChange={typed !== ''}
      renderOption={({ option }) => <RoleOptionLine {...(option as RoleOption)} />}
      nothingFoundMessage={users('noSuchRole')}
      hidePickedOptions
    />
  )
}

const fits = ({ label, value }: RoleOption, search: string): boolean => {
  const words = search.trim().toLowerCase()
  return label.toLowerCase().includes(words) || value.includes(words)
}
