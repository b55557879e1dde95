import { Button } from '@mantine/core'
import { useState } from 'react'
import { BlastRadius, UnsavedGuard } from '../../access/index.ts'
import { useCommonText } from '../../ui/index.ts'
import classes from './matrix.module.css'
import { useMatrixText } from './messages.ts'
import type { PendingMatrix } from './use-pending-matrix.ts'
import { useSaveMatrix } from './use-save-matrix.ts'

/** What saving would do to whom, and the buttons for it. Absent while nothing is painted. */
export function MatrixBar({ pending }: { readonly pending: PendingMatrix }) {
  const text = useMatrixText()
  const common = useCommonText()
  const save = useSaveMatrix(pending)
  const [isBusy, setBusy] = useState(false)
  if (pending.count === 0) return null

  const submit = async () => {
    setBusy(true)
    await save()
    setBusy(false)
  }
  return (
    <div className={classes.bar}>
      <div className={classes.effect}>
        <BlastRadius changes={pending.changes} />
      </div>
      <div className={classes.buttons}>
        <p className={classes.count} role="status">
          {text('pending', { count: pending.count })} {text('inRoles', { count: pending.byRole.length })}
        </p>
        <Button variant="default" onClick={() => pending.discard()} disabled={isBusy}>
          {text('discard')}
        </Button>
        <Button onClick={() => void submit()} loading={isBusy}>
          {common('save')}
        </Button>
      </div>
      <UnsavedGuard />
    </div>
  )
}
