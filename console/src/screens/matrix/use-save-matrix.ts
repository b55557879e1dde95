import { changePermissions, inverse, useRefresh } from '../../access/index.ts'
import { reloadProfile, useProfile } from '../../session/index.ts'
import { notifyDone, notifyProblem } from '../../ui/index.ts'
import { useMatrixText } from './messages.ts'
import type { PendingMatrix, RoleChanges } from './use-pending-matrix.ts'

const sizeOf = ({ added, taken }: RoleChanges) => added.length + taken.length

/**
 * Writes what is pending, role by role, and offers to take back exactly what was really changed. A role that is refused
 * stays pending, with the reason shown; the others are saved.
 */
export function useSaveMatrix(pending: PendingMatrix): () => Promise<void> {
  const text = useMatrixText()
  const refresh = useRefresh()
  const { roles } = useProfile()

  const write = async (wanted: readonly RoleChanges[]): Promise<readonly RoleChanges[]> => {
    const made: RoleChanges[] = []
    for (const { role, ...changes } of wanted) {
      try {
        made.push({ role, ...(await changePermissions(role.id, changes)) })
      } catch (error) {
        notifyProblem(error)
      }
    }
    await refresh('roles', 'access')
    // What the page offers follows what its reader may do.
    if (made.some(({ role }) => roles.includes(role.code_name))) await reloadProfile()
    return made
  }

  return async () => {
    const made = await write(pending.byRole)
    for (const { role } of made) pending.discard(role)
    const count = made.reduce((sum, changes) => sum + sizeOf(changes), 0)
    if (count > 0) {
      const undo = () => write(made.map(({ role, ...changes }) => ({ role, ...inverse(changes) })))
      notifyDone(text('saved', { count }), { undo })
    } else if (made.length > 0) notifyDone(text('nothing'))
  }
}
