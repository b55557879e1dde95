import { Button, Group, Stack } from '@mantine/core'
import type { User } from '@propusk/client'
import { failureText, nameOf, useCommonText, useFirstFocus } from '../../../ui/index.ts'
import classes from './bulk-dialog.module.css'
import { Reasons } from './left-out.tsx'
import { useBulkText } from './messages.ts'
import type { BulkProgress } from './run-bulk.ts'

interface BulkResultProps {
  readonly progress: BulkProgress<User>
  readonly total: number
  onClose(): void
}

/** What came of it: how many, and by name who was refused and why. */
export function BulkResult({ progress, total, onClose }: BulkResultProps) {
  const text = useBulkText()
  const common = useCommonText()
  const first = useFirstFocus<HTMLButtonElement>()
  const { done, unchanged, refused, finished } = progress
  return (
    <Stack gap="md">
      <div role="status" className={classes.counts}>
        <p>{text('done', { count: done })}</p>
        {unchanged > 0 && <p className="dim">{text('unchanged', { count: unchanged })}</p>}
        {refused.length > 0 && <p className={classes.bad}>{text('refused', { count: refused.length })}</p>}
        {finished < total && <p>{text('stopped', { count: total - finished })}</p>}
      </div>
      {refused.length > 0 && (
        <Reasons
          items={refused.map(({ item, error }) => ({
            name: nameOf(item),
            reason: failureText(error, common),
          }))}
        />
      )}
      <Group justify="flex-end">
        <Button ref={first} onClick={onClose}>
          {common('close')}
        </Button>
      </Group>
    </Stack>
  )
}
