import { Button, CopyButton, Group, PasswordInput } from '@mantine/core'
import type { GetInputPropsReturnType } from '@mantine/form'
import { useDisclosure } from '@mantine/hooks'
import { Check, Copy, Dices } from 'lucide-react'
import { useCommonText } from '../../../ui/index.ts'
import { generatePassword } from './generate-password.ts'
import { useNewUserText } from './messages.ts'

interface FirstPasswordProps {
  readonly input: GetInputPropsReturnType
  readonly value: string
  onChange(password: string): void
}

/** The password that the person signs in with the first time: typed, made up here, or made up when the account is. */
export function FirstPassword({ input, value, onChange }: FirstPasswordProps) {
  const text = useNewUserText()
  const common = useCommonText()
  const [isShown, shown] = useDisclosure()
  return (
    <div>
      <PasswordInput
        {...input}
        label={text('password')}
        description={text('passwordHint')}
        autoComplete="new-password"
        aria-invalid={Boolean(input.error)}
        visible={isShown}
        onVisibilityChange={shown.toggle}
        placeholder={text('passwordLeftOut')}
      />
      <Group gap="xs" mt={8}>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<Dices size={14} aria-hidden />}
          onClick={() => {
            onChange(generatePassword())
            shown.open()
          }}
        >
          {text('generate')}
        </Button>
        <CopyButton value={value} timeout={1500}>
          {({ copied, copy }) => (
            <Button
              size="compact-sm"
              variant="default"
              disabled={value === ''}
              leftSection={copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
              onClick={copy}
            >
              {common(copied ? 'copied' : 'copy')}
            </Button>
          )}
        </CopyButton>
      </Group>
    </div>
  )
}
