import { Button, Group, Modal, type ModalProps, Stack } from '@mantine/core'
import { useWindowEvent } from '@mantine/hooks'
import { type KeyboardEvent, useState } from 'react'
import { useCommonText } from './messages.ts'

interface FormModalProps extends Pick<ModalProps, 'title' | 'size' | 'withCloseButton' | 'children'> {
  /** Whether it holds something that would be lost. */
  readonly isChanged: boolean
  /** While it is being sent it cannot be closed. */
  readonly isBusy?: boolean
  onClose(): void
}

/**
 * A dialog with a form: asks before Escape, the cross or a click beside it loses what was typed. A button «Cancel» inside
 * says what it does, and asks nothing.
 */
export function FormModal({ isChanged, isBusy = false, onClose, children, ...rest }: FormModalProps) {
  const common = useCommonText()
  const [isAsking, setAsking] = useState(false)
  const close = () => {
    if (isBusy) return
    if (isChanged) setAsking(true)
    else onClose()
  }
  // Mantine's own listener is at the window, and hears the Escape that is meant for a dialog above this one.
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const isOfOpenList =
      (event.target as HTMLElement).closest('[data-mantine-stop-propagation=true]') !== null
    if (event.key === 'Escape' && !event.nativeEvent.isComposing && !isOfOpenList) close()
  }
  // A reload loses it, too: the browser asks, in words of its own.
  useWindowEvent('beforeunload', event => isChanged && event.preventDefault())
  return (
    <>
      <Modal
        opened
        onClose={close}
        closeOnEscape={false}
        onKeyDown={onKeyDown}
        closeButtonProps={{ 'aria-label': common('close') }}
        {...rest}
      >
        {children}
      </Modal>
      <AskToDiscard isOpen={isAsking} onStay={() => setAsking(false)} onDiscard={onClose} />
    </>
  )
}

interface AskToDiscardProps {
  readonly isOpen: boolean
  onStay(): void
  onDiscard(): void
}

function AskToDiscard({ isOpen, onStay, onDiscard }: AskToDiscardProps) {
  const common = useCommonText()
  return (
    <Modal.Root opened={isOpen} onClose={onStay} size={420} centered radius="md">
      <Modal.Overlay />
      <Modal.Content>
        {/* Without a header, which would be a second banner of the page. */}
        <Modal.Body pt="md">
          <Stack gap="md">
            <Modal.Title fw={600}>{common('discardTitle')}</Modal.Title>
            <div>{common('discardBody')}</div>
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={onStay} data-autofocus>
                {common('keepEditing')}
              </Button>
              <Button color="red" onClick={onDiscard}>
                {common('discard')}
              </Button>
            </Group>
          </Stack>
        </Modal.Body>
      </Modal.Content>
    </Modal.Root>
  )
}
