import { Button, Stack, Text } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { SecondStep } from '@propusk/client'
import { useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { defineMessages } from '../../i18n/index.ts'
import { requestLoginCode, type ShownMail, signInByCode } from '../../session/index.ts'
import { LinkAnchor } from '../../ui/link.tsx'
import { ProblemNote } from '../../ui/problem-note.tsx'
import { useFormProblem } from '../../ui/use-form-problem.ts'
import { forgetMailToken, useMailToken } from '../account-recovery/mail-token.ts'
import { EmailAndCode, EmailInput } from '../account-recovery/parts.tsx'
import { SecondStepForm } from './second-step-form.tsx'
import { useGoOnOnceSignedIn } from './sign-in-screen.tsx'
import { SignedOutFrame } from './signed-out-frame.tsx'

const useText = defineMessages('sign-in-code', {
  en: {
    title: 'Sign in by email',
    secondStep: 'Second step',
    lead: 'We send you a link and a code. Either works once, within ten minutes.',
    email: 'Email',
    send: 'Send email',
    sent: 'If there is such an account, an email is on its way. Open its link, or enter its code here.',
    byLink: 'Press the button to sign in on this device. If you did not ask for this email, close the page.',
    submit: 'Sign in',
    again: 'Send another email',
    typeCode: 'Enter the code from the email instead',
    byPassword: 'Sign in with a password',
  },
  ru: {
    title: 'Вход по почте',
    secondStep: 'Второй шаг',
    lead: 'Мы отправим ссылку и код. Войти по ним можно один раз, в течение десяти минут.',
    email: 'Эл. почта',
    send: 'Отправить письмо',
    sent: 'Если такая учётная запись есть, мы отправили письмо. Откройте ссылку из него или введите код здесь.',
    byLink:
      'Нажмите кнопку, чтобы войти на этом устройстве. Если вы не запрашивали письмо, закройте страницу.',
    submit: 'Войти',
    again: 'Отправить ещё одно письмо',
    typeCode: 'Ввести код из письма',
    byPassword: 'Войти с паролем',
  },
})

type Stage = 'ask' | 'code'

/** A sign-in by the link or the code of a mail. INVARIANT: nothing is used up before a person presses the button. */
export function CodeScreen() {
  const text = useText()
  const { to } = useSearch({ from: '/account/code' })
  const token = useMailToken()
  const [stage, setStage] = useState<Stage>('ask')
  const [step, setStep] = useState<SecondStep>()
  const form = useForm({ initialValues: { email: '', code: '' } })
  const { problem, isBusy, attempt, clear } = useFormProblem(form)
  useGoOnOnceSignedIn(to)

  const send = async () => {
    await requestLoginCode(form.values.email)
    setStage('code')
  }
  const enter = async (shown: ShownMail) => {
    const next = await signInByCode(shown)
    forgetMailToken()
    setStep(next)
  }
  const submit = (values: typeof form.values) =>
    attempt(() => (token !== undefined ? enter({ token }) : stage === 'ask' ? send() : enter(values)))
  const startOver = () => {
    form.reset()
    setStep(undefined)
    setStage('ask')
  }
  const typeCode = () => {
    clear()
    forgetMailToken()
    setStage('code')
  }

  if (step !== undefined) {
    return (
      <SignedOutFrame title={text('secondStep')}>
        <SecondStepForm step={step} remember={false} onStartOver={startOver} />
      </SignedOutFrame>
    )
  }
  const asks = token === undefined && stage === 'ask'
  return (
    <SignedOutFrame title={text('title')}>
      <form onSubmit={form.onSubmit(values => void submit(values))}>
        <Stack gap="sm">
          <Text size="sm">{text(token !== undefined ? 'byLink' : asks ? 'lead' : 'sent')}</Text>
          <ProblemNote problem={problem} />
          {asks && <EmailInput form={form} label={text('email')} autoFocus />}
          {token === undefined && stage === 'code' && <EmailAndCode form={form} />}
          <Button type="submit" loading={isBusy} mt={4}>
            {text(asks ? 'send' : 'submit')}
          </Button>
          {token !== undefined && (
            <Button variant="subtle" size="compact-sm" onClick={typeCode}>
              {text('typeCode')}
            </Button>
          )}
          {token === undefined && stage === 'code' && (
            <Button variant="subtle" size="compact-sm" onClick={() => setStage('ask')}>
              {text('again')}
            </Button>
          )}
          <Text size="sm" ta="center">
            <LinkAnchor to="/account/sign-in" search={{ to }} size="sm" underline="always">
              {text('byPassword')}
            </LinkAnchor>
          </Text>
        </Stack>
      </form>
    </SignedOutFrame>
  )
}
