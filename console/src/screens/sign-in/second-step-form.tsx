import { Button, Checkbox, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { SecondStep } from '@propusk/client'
import { useState } from 'react'
import { defineMessages } from '../../i18n/index.ts'
import {
  canUsePasskeys,
  finishByPasskey,
  isDismissed,
  signInByFactor,
  useSignInOptions,
} from '../../session/index.ts'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { useFormProblem } from '../../ui/use-form-problem.ts'

const useText = defineMessages('second-step', {
  en: {
    passkey: 'Use a passkey',
    code: 'Code from your authenticator app',
    codeHint: 'The six digits that the app shows now.',
    recovery: 'Recovery code',
    recoveryHint: 'One of the codes that you saved when you turned on the second factor. It works once.',
    submit: 'Continue',
    useRecovery: 'Use a recovery code instead',
    useCode: 'Use the app instead',
    rememberDevice: 'Don’t ask on this device for {{count}} days',
    startOver: 'Start over',
  },
  ru: {
    passkey: 'Войти ключом доступа',
    code: 'Код из приложения',
    codeHint: 'Шесть цифр, которые приложение показывает сейчас.',
    recovery: 'Резервный код',
    recoveryHint: 'Один из кодов, сохранённых при включении второго фактора. Он действует один раз.',
    submit: 'Продолжить',
    useRecovery: 'Ввести резервный код',
    useCode: 'Ввести код из приложения',
    rememberDevice: 'Не спрашивать на этом устройстве, дней: {{count}}',
    startOver: 'Начать заново',
  },
})

interface SecondStepFormProps {
  readonly step: SecondStep
  readonly remember: boolean
  readonly onStartOver: () => void
}

type Method = 'totp' | 'recovery'

/** The second step of a sign-in: a code of an app, or a recovery code. */
export function SecondStepForm({ step, remember, onStartOver }: SecondStepFormProps) {
  const text = useText()
  const [method, setMethod] = useState<Method>(step.methods.includes('totp') ? 'totp' : 'recovery')
  const [isBusy, setBusy] = useState(false)
  const form = useForm({ initialValues: { totp: '', recovery: '', rememberDevice: false } })
  const days = useSignInOptions()?.remember_device_days ?? null
  const wishes = () => ({ remember, remember_device: form.values.rememberDevice })
  const { problem, show, clear } = useFormProblem(form)
  const other: Method = method === 'totp' ? 'recovery' : 'totp'

  const attempt = async (act: () => Promise<void>) => {
    clear()
    setBusy(true)
    try {
      await act()
    } catch (error) {
      form.setFieldValue(method, '')
      if (!isDismissed(error)) show(error)
    } finally {
      setBusy(false)
    }
  }
  const submit = (values: typeof form.values) =>
    attempt(() => signInByFactor({ ticket: step.ticket, [method]: values[method].trim(), ...wishes() }))

  const change = () => {
    clear()
    form.setFieldValue(method, '')
    setMethod(other)
  }

  return (
    <form onSubmit={form.onSubmit(values => void submit(values))}>
      <Stack gap="sm">
        <ProblemNote problem={problem} />
        {step.methods.includes('passkey') && canUsePasskeys() && (
          <Button onClick={() => void attempt(() => finishByPasskey(step, wishes()))} disabled={isBusy}>
            {text('passkey')}
          </Button>
        )}
        {method === 'totp' ? (
          <TextInput
            {...form.getInputProps('totp')}
            key="totp"
            label={text('code')}
            description={text('codeHint')}
            autoComplete="one-time-code"
            inputMode="numeric"
            pattern="[0-9]{6}"
            maxLength={6}
            required
            withAsterisk={false}
            autoFocus
          />
        ) : (
          <TextInput
            {...form.getInputProps('recovery')}
            key="recovery"
            label={text('recovery')}
            description={text('recoveryHint')}
            autoComplete="off"
            spellCheck={false}
            required
            withAsterisk={false}
            autoFocus
          />
        )}
        {days !== null && (
          <Checkbox
            {...form.getInputProps('rememberDevice', { type: 'checkbox' })}
            label={text('rememberDevice', { count: days })}
          />
        )}
        <Button type="submit" loading={isBusy} mt={4}>
          {text('submit')}
        </Button>
        {step.methods.includes(other) && (
          <Button variant="subtle" onClick={change}>
            {text(other === 'totp' ? 'useCode' : 'useRecovery')}
          </Button>
        )}
        <Text size="sm" ta="center">
          <Button variant="subtle" color="gray" size="compact-sm" onClick={onStartOver}>
            {text('startOver')}
          </Button>
        </Text>
      </Stack>
    </form>
  )
}
