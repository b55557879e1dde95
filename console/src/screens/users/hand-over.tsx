import { Alert, Modal, Stack } from '@mantine/core'
import { TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { CopyActions, LeaveGuard } from '../../ui/index.ts'
import classes from './hand-over.module.css'
import { useHandOverText } from './hand-over-messages.ts'

interface HandOverProps {
  readonly title: string
  /** What its reader is to do with it, and what becomes of it when it is lost. */
  readonly children: ReactNode
  /** SECRET: names and values, all of them to be handed over. */
  readonly values: Readonly<Record<string, string>>
  onDone(): void
}

/**
 * What an administrator hands over to another person, the only time that it is shown. Closed by its own buttons alone: neither a
 * stray click nor Escape loses it, and another page asks first.
 */
export function HandOver({ title, children, values, onDone }: HandOverProps) {
  const text = useHandOverText()
  const given = Object.entries(values)
  const copied =
    given.length === 1 ? given[0]![1] : given.map(([name, value]) => `${name}: ${value}`).join('\n')
  return (
    <Modal
      opened
      onClose={onDone}
      title={title}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      size={520}
    >
      <Stack gap="md">
        <Alert color="yellow" variant="light" icon={<TriangleAlert size={16} aria-hidden />}>
          {text('onlyOnce')}
        </Alert>
        <div>{children}</div>
        <dl className={classes.values}>
          {given.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>
                <code data-secret>{value}</code>
              </dd>
            </div>
          ))}
        </dl>
        <CopyActions
          value={copied}
          copyLabel={text('copyAndClose')}
          doneLabel={text('done')}
          isDoneByCopy
          onDone={onDone}
        />
      </Stack>
      <LeaveGuard title={text('leaveTitle')}>{text('leaveBody')}</LeaveGuard>
    </Modal>
  )
}
