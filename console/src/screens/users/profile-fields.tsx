import { Group, TextInput } from '@mantine/core'
import type { GetInputPropsReturnType } from '@mantine/form'
import { type AccountField, AccountInput, accountFields, useAccountFieldText } from '../../ui/index.ts'

interface ProfileFieldsProps {
  readonly inputOf: (field: AccountField) => GetInputPropsReturnType
}

const pair: readonly AccountField[] = ['first_name', 'last_name']

/** The texts of an account that an administrator writes. */
export function ProfileFields({ inputOf }: ProfileFieldsProps) {
  const text = useAccountFieldText()
  const inputs = (fields: readonly AccountField[]) =>
    fields.map(field => <AccountInput key={field} field={field} input={inputOf(field)} />)
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
        {inputs(pair)}
      </Group>
      {inputs(accountFields.filter(field => !pair.includes(field)))}
    </>
  )
}
