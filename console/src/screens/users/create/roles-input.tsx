import { MultiSelect } from '@mantine/core'
import type { GetInputPropsReturnType } from '@mantine/form'
import { useState } from 'react'
import { useRoleOptions } from '../use-role-options.ts'
import { useUsersText } from '../words.ts'
import { useNewUserText } from './words.ts'

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
      nothingFoundMessage={users('noSuchRole')}
      hidePickedOptions
    />
  )
}
