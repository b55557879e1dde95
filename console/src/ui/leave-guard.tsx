import { Button, Group, Modal, Stack } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { sessionState } from '../session/index.ts'
import { useCommonText } from './messages.ts'

/** Where a navigation is, and where it goes. */
interface Place {
  readonly pathname: string
  readonly search: unknown
}

interface LeaveGuardProps {
  readonly title: string
  /** What is lost. */
  readonly children: ReactNode
  /** Whether a navigation loses it: any other page, unless said otherwise. */
  loses?(from: Place, to: Place): boolean
}

const isOtherPage = (from: Place, to: Place): boolean => from.pathname !== to.pathname

/** Stands in the page while something is in it that is nowhere else: asks before the page is left, by whichever way. */
export function LeaveGuard({ title, children, loses = isOtherPage }: LeaveGuardProps) {
  const common = useCommonText()
  const blocker = useBlocker({
    // Whose session is over cannot stay, whatever is lost.
    shouldBlockFn: ({ current, next }) => sessionState().status === 'in' && loses(current, next),
    enableBeforeUnload: true,
    withResolver: true,
  })
  return (
    <Modal
      opened={blocker.status === 'blocked'}
      onClose={() => blocker.reset?.()}
      title={title}
      closeButtonProps={{ 'aria-label': common('close') }}
    >
      <Stack gap="md">
        <div>{children}</div>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => blocker.reset?.()} data-autofocus>
            {common('stay')}
          </Button>
          <Button color="red" onClick={() => blocker.proceed?.()}>
            {common('leave')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
