import { Textarea, TextInput } from '@mantine/core'
import type { GetInputPropsReturnType } from '@mantine/form'
import { type AccountField, accountFieldDefinitions, useAccountFieldText } from './account-fields.ts'

interface AccountInputProps {
  readonly field: AccountField
  readonly input: GetInputPropsReturnType
  /** In a form about another account the browser's own data are of no use. */
  readonly isOwn?: boolean
}

export function AccountInput({ field, input, isOwn = false }: AccountInputProps) {
  const text = useAccountFieldText()
  const autoComplete = isOwn ? accountFieldDefinitions[field].autoComplete : 'off'
  if (field === 'note') {
    return (
      <Textarea
        {...input}
        label={text('note')}
        description={text('noteHint')}
        autoComplete="off"
        autosize
        minRows={2}
        maxRows={8}
        maxLength={2000}
      />
    )
  }
  return <TextInput {...input} label={text(field)} autoComplete={autoComplete} />
}
