import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { defineMessages } from '../i18n/index.ts'
import { signOut, staySignedIn, useIdleWarning } from '../session/index.ts'
import { ProblemNote } from '../ui/problem-note.tsx'

const useText = defineMessages('idle', {
  en: {
    title: 'Are you still there?',
    why: 'You have not used this page for a while. What you typed is kept.',
    left: 'You will be signed out in {{time}}',
    stay: 'Stay signed in',
    leave: 'Sign out',
  },
  ru: {
    title: 'Вы ещё здесь?',
    why: 'Вы давно ничего не делали на этой странице. Введённое сохранится.',
    left: 'Автоматический выход через {{time}}',
    stay: 'Остаться в системе',
    leave: 'Выйти',
  },
})

/** Warns of the end of a session that is idle, and asks whether it should go on. Stands once in the page. */
export function IdleDialog() {
  const endsAtMs = useIdleWarning()
  return endsAtMs === undefined ? null : <Warning endsAtMs={endsAtMs} />
}

function Warning({ endsAtMs }: { readonly endsAtMs: number }) {
  const text = useText()
  const left = useSecondsUntil(endsAtMs)
  const [problem, setProblem] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  const attempt = async (act: () => Promise<void>) => {
    setProblem(undefined)
    setBusy(true)
    await act().catch(setProblem)
    setBusy(false)
  }
  const stay = () => void attempt(staySignedIn)
  return (
    <Modal.Root opened onClose={stay} size={420} centered zIndex={500} radius="md">
      <Modal.Overlay />
      <Modal.Content>
        <Modal.Body pt="md">
          <Stack gap="md">
            <Modal.Title fw={600}>{text('title')}</Modal.Title>
            <Text size="sm">{text('why')}</Text>
            <ProblemNote problem={problem} />
            {/* A timer is not read out at each step. */}
            <Text role="timer" fw={600}>
              {text('left', { time: clockText(left) })}
            </Text>
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={() => void attempt(signOut)} disabled={isBusy}>
                {text('leave')}
              </Button>
              <Button onClick={stay} loading={isBusy} data-autofocus>
                {text('stay')}
              </Button>
            </Group>
          </Stack>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}

const stepMs = 250

function useSecondsUntil(atMs: number): number {
  const secondsLeft = () => Math.max(0, Math.ceil((atMs - performance.now()) / 1000))
  const [, draw] = useState(0)
  useEffect(() => {
    const timer = setInterval(() => draw(count => count + 1), stepMs)
    return () => clearInterval(timer)
  }, [])
  return secondsLeft()
}

const clockText = (seconds: number): string =>
  `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
