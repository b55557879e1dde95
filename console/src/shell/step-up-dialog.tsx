import { Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useState, useSyncExternalStore } from 'react'
import { defineMessages } from '../i18n/index.ts'
import {
  api,
  askPasskey,
  canUsePasskeys,
  isDismissed,
  onStepUpQuestion,
  type StepUpQuestion,
  stepUpQuestion,
} from '../session/index.ts'
import { useCommonText } from '../ui/messages.ts'
import { ProblemNote } from '../ui/problem-note.tsx'
import { ErrorState, LoadingRows } from '../ui/states.tsx'
import { useFormProblem } from '../ui/use-form-problem.ts'

const useText = defineMessages('step-up', {
  en: {
    title: 'Confirm that it is you',
    why: 'This is a sensitive action, and it has been a while since you confirmed your identity. What you typed is kept.',
    password: 'Your password',
    totp: 'Code from your authenticator app',
    recovery: 'Recovery code',
    passkey: 'Use a passkey',
    useTotp: 'Use the app instead',
    useRecovery: 'Use a recovery code instead',
    confirm: 'Confirm',
    enrolFirst:
      'This requires a second factor, and none is set up. Turn one on under “My account”, “Second factor”.',
  },
  ru: {
    title: 'Подтвердите, что это вы',
    why: 'Это важное действие, а личность вы подтверждали давно. Введённое сохранится.',
    password: 'Ваш пароль',
    totp: 'Код из приложения',
    recovery: 'Резервный код',
    passkey: 'Ключ доступа',
    useTotp: 'Ввести код из приложения',
    useRecovery: 'Ввести резервный код',
    confirm: 'Подтвердить',
    enrolFirst:
      'Нужен второй фактор, а он не включён. Включите его в разделе «Моя учётная запись», «Второй фактор».',
  },
})

/** Asks who is there when the server asks for it, and lets the call go on that was refused. Stands once in the page. */
export function StepUpDialog() {
  const text = useText()
  const common = useCommonText()
  const question = useSyncExternalStore(onStepUpQuestion, stepUpQuestion)
  return (
    <Modal
      opened={question !== undefined}
      onClose={() => question?.giveUp()}
      title={text('title')}
      closeButtonProps={{ 'aria-label': common('close') }}
      zIndex={400}
    >
      {question !== undefined && <Proofs question={question} />}
    </Modal>
  )
}

function Proofs({ question }: { readonly question: StepUpQuestion }) {
  const factors = useQuery({
    queryKey: ['factors'],
    queryFn: ({ signal }) => api.call('listOwnFactors', { signal }),
    staleTime: 0,
  })
  if (factors.isError) return <ErrorState error={factors.error} onRetry={() => void factors.refetch()} />
  if (factors.data === undefined || factors.isFetching) return <LoadingRows count={2} />
  const kinds = new Set(factors.data.factors.map(({ kind }) => kind))
  return <ProofForm question={question} kinds={kinds} />
}

type Method = 'password' | 'totp' | 'recovery'

interface ProofFormProps {
  readonly question: StepUpQuestion
  readonly kinds: ReadonlySet<'totp' | 'passkey'>
}

function ProofForm({ question, kinds }: ProofFormProps) {
  const text = useText()
  const common = useCommonText()
  const first: Method = kinds.size === 0 ? 'password' : kinds.has('totp') ? 'totp' : 'recovery'
  const [method, setMethod] = useState<Method>(first)
  const [isBusy, setBusy] = useState(false)
  const form = useForm({ initialValues: { password: '', totp: '', recovery: '' } })
  const { problem, show, clear } = useFormProblem(form)

  const attempt = async (proof: () => Promise<Parameters<StepUpQuestion['prove']>[0]>) => {
    clear()
    setBusy(true)
    try {
      await question.prove(await proof())
    } catch (error) {
      form.setFieldValue(method, '')
      if (!isDismissed(error)) show(error)
    } finally {
      setBusy(false)
    }
  }
  const byPasskey = async () => ({ passkey: await askPasskey(await api.call('stepUpOptions')) })

  if (kinds.size === 0 && question.problem.stepUp?.acr === 'aal2') return <p>{text('enrolFirst')}</p>
  const shared = { required: true, withAsterisk: false, 'data-autofocus': true, autoFocus: true } as const
  return (
    <form onSubmit={form.onSubmit(values => void attempt(async () => ({ [method]: values[method].trim() })))}>
      <Stack gap="sm">
        <Text size="sm">{text('why')}</Text>
        <ProblemNote problem={problem} />
        {kinds.has('passkey') && canUsePasskeys() && (
          <Button variant="default" onClick={() => void attempt(byPasskey)} disabled={isBusy}>
            {text('passkey')}
          </Button>
        )}
        {method === 'password' && (
          <PasswordInput
            {...form.getInputProps('password')}
            {...shared}
            label={text('password')}
            autoComplete="current-password"
          />
        )}
        {method === 'totp' && (
          <TextInput
            {...form.getInputProps('totp')}
            {...shared}
            label={text('totp')}
            autoComplete="one-time-code"
            inputMode="numeric"
            maxLength={6}
          />
        )}
        {method === 'recovery' && (
          <TextInput
            {...form.getInputProps('recovery')}
            {...shared}
            label={text('recovery')}
            autoComplete="off"
          />
        )}
        {kinds.size > 0 && (method === 'totp' || kinds.has('totp')) && (
          <Button
            variant="subtle"
            size="compact-sm"
            onClick={() => setMethod(method === 'totp' ? 'recovery' : 'totp')}
          >
            {text(method === 'totp' ? 'useRecovery' : 'useTotp')}
          </Button>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={question.giveUp} disabled={isBusy}>
            {common('cancel')}
          </Button>
          <Button type="submit" loading={isBusy}>
            {text('confirm')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
