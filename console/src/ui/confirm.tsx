import { Button, Group, Modal, Stack } from '@mantine/core'
import { type ReactNode, useState, useSyncExternalStore } from 'react'
import { isOutdated } from './is-outdated.ts'
import { useCommonText } from './messages.ts'
import { notifyProblem } from './notify.tsx'

interface Question {
  /** What is about to happen, by name: «End 3 sessions of Anna Petrova?» */
  readonly title: string
  readonly body: ReactNode
  /** The verb, the same as on the button that led here. */
  readonly verb: string
  /** Red is for what destroys or takes away, and the default; what only gives has the colour of any other act. */
  readonly tone?: 'destroy' | 'grant'
  act(): Promise<unknown>
}

let asked: Question | undefined
const listeners = new Set<() => void>()

function ask(question: Question | undefined): void {
  asked = question
  for (const listener of listeners) listener()
}

/** Asks once before something that hurts, and does it on a yes. The dialog stays until it is done, and when it
 * fails, unless what it asks about has changed meanwhile. */
export const confirm = (question: Question): void => ask(question)

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Where the questions of `confirm` are shown. Stands once in the page. */
export function ConfirmOutlet() {
  const text = useCommonText()
  const question = useSyncExternalStore(subscribe, () => asked)
  const [isBusy, setBusy] = useState(false)
  const close = () => !isBusy && ask(undefined)

  const act = async () => {
    setBusy(true)
    try {
      await question!.act()
      ask(undefined)
    } catch (error) {
      notifyProblem(error)
      // The question was about what is no longer so.
      if (isOutdated(error)) ask(undefined)
    } finally {
      setBusy(false)
    }
  }

  return (
    <Modal
      opened={question !== undefined}
      onClose={close}
      title={question?.title}
      closeButtonProps={{ 'aria-label': text('close') }}
    >
      <Stack gap="md">
        <div>{question?.body}</div>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={close} disabled={isBusy} data-autofocus>
            {text('cancel')}
          </Button>
          <Button
            {...(question?.tone !== 'grant' && { color: 'red' })}
            onClick={() => void act()}
            loading={isBusy}
          >
            {question?.verb}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
