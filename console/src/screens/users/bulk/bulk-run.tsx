import { Button, Group, Progress, Stack } from '@mantine/core'
import { useState } from 'react'
import { useFirstFocus } from '../../../ui/index.ts'
import { useBulkText } from './messages.ts'
import type { BulkProgress } from './run-bulk.ts'

interface BulkRunProps {
  readonly progress: Pick<BulkProgress<never>, 'finished'>
  readonly total: number
  onStop(): void
}

export function BulkRun({ progress, total, onStop }: BulkRunProps) {
  const text = useBulkText()
  const first = useFirstFocus<HTMLButtonElement>()
  const [isStopping, setStopping] = useState(false)
  const label = text('progress', { finished: progress.finished, total })
  return (
    <Stack gap="sm">
      <Progress value={(100 * progress.finished) / total} aria-label={label} />
      <Group justify="space-between">
        <span className="number">{label}</span>
        <Button
          variant="default"
          ref={first}
          loading={isStopping}
          onClick={() => {
            setStopping(true)
            onStop()
          }}
        >
          {text('stop')}
        </Button>
      </Group>
    </Stack>
  )
}
