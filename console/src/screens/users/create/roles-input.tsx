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
      filter={({ options }) => options}
      renderOption={({ option }) => <RoleOptionLine {...(option as RoleOption)} />}
      nothingFoundMessage={users('noSuchRole')}
      hidePickedOptions
    />
  )
}
