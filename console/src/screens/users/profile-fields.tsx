import { Group, TextInput } from '@mantine/core'
import type { GetInputPropsReturnType } from '@mantine/form'
import { useUsersText } from './words.ts'

interface ProfileFieldsProps {
  readonly inputOf: (field: 'email' | 'first_name' | 'last_name' | 'middle_name') => GetInputPropsReturnType
}

/** Address and names of an account that an administrator writes: the browser's own are of no use in them. */
export function ProfileFields({ inputOf }: ProfileFieldsProps) {
  const text = useUsersText()
  return (
    <>
      <TextInput
        {...inputOf('email')}
        label={text('email')}
        type="email"
        autoComplete="off"
        required
        withAsterisk={false}
        data-autofocus
      />
      <Group grow gap="sm" align="flex-start">
        <TextInput {...inputOf('first_name')} label={text('firstName')} autoComplete="off" />
        <TextInput {...inputOf('last_name')} label={text('lastName')} autoComplete="off" />
      </Group>
      <TextInput {...inputOf('middle_name')} label={text('middleName')} autoComplete="off" />
    </>
  )
}
