import { Button } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import i18next from 'i18next'
import { failureText } from './problem-text.ts'

const common = (key: string) => i18next.t(key, { ns: 'common' })

interface Undo {
  undo(): Promise<unknown>
}

/** Says that something is done; with `undo`, for as long as the message stays, lets it be taken back. */
export function notifyDone(message: string, options?: Undo): void {
  const id = notifications.show({
    color: 'teal',
    autoClose: options === undefined ? 4_000 : 12_000,
    withBorder: true,
    closeButtonProps: { 'aria-label': common('close') },
    message: (
      <span style={{ display: 'flex', flexWrap: 'wrap', alignItems: 'center', gap: '6px 12px' }}>
        <span style={{ flex: '1 1 9rem', overflowWrap: 'anywhere' }}>{message}</span>
        {options !== undefined && (
          <Button
            size="compact-xs"
            variant="default"
            onClick={() => {
              notifications.hide(id)
              void options.undo().catch(notifyProblem)
            }}
          >
            {common('undo')}
          </Button>
        )}
      </span>
    ),
  })
}

/** Says why something was refused: in the server's own words, unless others are given. */
export function notifyProblem(error: unknown, message = failureText(error, common)): void {
  notifications.show({
    color: 'red',
    autoClose: 10_000,
    withBorder: true,
    role: 'alert',
    closeButtonProps: { 'aria-label': common('close') },
    message,
  })
}
