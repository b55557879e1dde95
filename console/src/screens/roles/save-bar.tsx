import { Button } from '@mantine/core'
import type { Role } from '@propusk/client'
import { useMemo, useState } from 'react'
import {
  BlastRadius,
  changePermissions,
  inverse,
  type PermissionChanges,
  toAccessChanges,
  UnsavedGuard,
  useRefresh,
} from '../../access/index.ts'
import { reloadProfile, useProfile } from '../../session/index.ts'
import { notifyDone, notifyProblem, useCommonText } from '../../ui/index.ts'
import { usePermissionText } from './permission-messages.ts'
import classes from './role-permissions.module.css'
import type { PendingChanges } from './use-pending-changes.ts'

interface SaveBarProps {
  readonly role: Role
  readonly pending: PendingChanges
}

/** What saving would do, and the buttons for it. Absent while nothing is ticked. */
export function SaveBar({ role, pending }: SaveBarProps) {
  const text = usePermissionText()
  const common = useCommonText()
  const save = useSave(role)
  const [isBusy, setBusy] = useState(false)
  const { added, taken, discard } = pending
  const changes = useMemo(
    () => toAccessChanges(role.code_name, { added, taken }),
    [role.code_name, added, taken],
  )
  if (changes.length === 0) return null

  const submit = async () => {
    setBusy(true)
    try {
      await save({ added, taken })
      discard()
    } catch (error) {
      notifyProblem(error)
    } finally {
      setBusy(false)
    }
  }
  const counts = [
    added.length > 0 && text('added', { count: added.length }),
    taken.length > 0 && text('taken', { count: taken.length }),
  ].filter(count => count !== false)

  return (
    <>
      <div className={classes.effect}>
        <BlastRadius changes={changes} />
      </div>
      <div className={classes.bar}>
        <p className={classes.count} role="status">
          {counts.join(', ')}
        </p>
        <div className={classes.buttons}>
          <Button size="xs" variant="default" onClick={discard} disabled={isBusy}>
            {text('discard')}
          </Button>
          <Button size="xs" onClick={() => void submit()} loading={isBusy}>
            {common('save')}
          </Button>
        </div>
      </div>
      <UnsavedGuard />
    </>
  )
}

/** Writes the changes, and offers to take back exactly what was really changed. */
function useSave(role: Role): (changes: PermissionChanges) => Promise<void> {
  const text = usePermissionText()
  const refresh = useRefresh()
  const { roles } = useProfile()
  const write = async (changes: PermissionChanges) => {
    const made = await changePermissions(role.id, changes)
    await refresh('roles', 'access')
    // What the page offers follows what its reader may do.
    if (roles.includes(role.code_name)) await reloadProfile()
    return made
  }
  return async changes => {
    const made = await write(changes)
    if (made.added.length + made.taken.length === 0) notifyDone(text('nothing'))
    else notifyDone(text('saved', { name: role.name }), { undo: () => write(inverse(made)) })
  }
}
