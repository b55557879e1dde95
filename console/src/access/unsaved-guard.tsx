import { Button, Group, Modal, Stack } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'
import { sessionState } from '../session/index.ts'
import { useCommonText } from '../ui/index.ts'
import { useAccessText } from './messages.ts'

/** Stands in the page while something is ticked and not saved: asks before the page is left. */
export function UnsavedGuard() {
  const text = useAccessText()
  const common = useCommonText()
  const blocker = useBlocker({
    // Typing into the search of the list leaves the role where it is.
    shouldBlockFn: ({ current, next }) =>
      // Whose session is over cannot stay, whatever is ticked.
      sessionState().status === 'in' &&
      (current.pathname !== next.pathname || compareOf(current.search) !== compareOf(next.search)),
    withResolver: true,
  })
  return (
    <Modal
      opened={blocker.status === 'blocked'}
      onClose={() => blocker.reset?.()}
      title={text('unsavedTitle')}
      closeButtonProps={{ 'aria-label': common('close') }}
    >
      <Stack gap="md">
        <div>{text('unsavedBody')}</div>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => blocker.reset?.()} data-autofocus>
            {text('stay')}
          </Button>
          <Button color="red" onClick={() => blocker.proceed?.()}>
            {text('leave')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

const compareOf = (search: unknown): unknown => (search as { compare?: unknown }).compare
