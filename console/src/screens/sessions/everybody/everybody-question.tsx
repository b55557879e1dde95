import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useCommonText } from '../../../ui/index.ts'
import classes from '../../users/bulk/bulk-dialog.module.css'
import { useEverybodyText } from './messages.ts'

interface EverybodyQuestionProps {
  readonly count: number
  onCancel(): void
  onConfirm(): void
}

export function EverybodyQuestion({ count, onCancel, onConfirm }: EverybodyQuestionProps) {
  const text = useEverybodyText()
  const common = useCommonText()
  const [typed, setTyped] = useState('')
  const isConfirmed = typed.replace(/\D/g, '') === String(count)
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        if (isConfirmed) onConfirm()
      }}
    >
      <Stack gap="md">
        <p className={classes.text}>{count === 0 ? text('nobody') : text('means')}</p>
        {count > 0 && (
          <TextInput
            label={text('type', { count })}
            inputMode="numeric"
            autoComplete="off"
            data-autofocus
            value={typed}
            onChange={event => setTyped(event.currentTarget.value)}
          />
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            {common('cancel')}
          </Button>
          {count > 0 && (
            <Button type="submit" color="red" disabled={!isConfirmed}>
              {text('open')}
            </Button>
          )}
        </Group>
      </Stack>
    </form>
  )
}
