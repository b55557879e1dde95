import { Progress, Stack } from '@mantine/core'
import { useEffect, useEffectEvent, useState } from 'react'
import { useRefresh } from '../../../access/index.ts'
import { useFormat } from '../../../i18n/index.ts'
import { notifyDone, notifyProblem } from '../../../ui/index.ts'
import classes from '../../users/bulk/bulk-dialog.module.css'
import { useEverybodyText } from './messages.ts'
import { endEverybody } from './run-everybody.ts'

interface EverybodyRunProps {
  readonly total: number
  onEnd(): void
}

/** Begins at once, and ends by itself. The first answer signs everybody out; the rest is bookkeeping, shown as it goes. */
export function EverybodyRun({ total, onEnd }: EverybodyRunProps) {
  const text = useEverybodyText()
  const format = useFormat()
  const refresh = useRefresh()
  const [done, setDone] = useState<number>()
  const run = useEffectEvent(async () => {
    let ended: number | undefined
    try {
      for await (const next of endEverybody()) {
        ended = next
        setDone(next)
      }
      notifyDone(text('done', { count: ended ?? 0 }))
    } catch (error) {
      notifyProblem(error)
      // Once the first answer has come everybody is out, whatever became of the next one.
      if (ended !== undefined) notifyDone(text('left'))
    }
    await refresh('sessions', 'audit', 'statistics')
    onEnd()
  })
  useEffect(() => void run(), [])

  const label = text('running', { done: format.number(done ?? 0), total: format.number(total) })
  return (
    <Stack gap="sm">
      <Progress value={Math.min(100, (100 * (done ?? 0)) / Math.max(1, total))} aria-label={label} animated />
      <p role="status" className={`number ${classes.text}`}>
        {done === undefined ? text('open') : label}
      </p>
    </Stack>
  )
}
