import { useFirstNotHeld, useHigherRank, useWholeList } from '../../../access/index.ts'
import { useMay, useProfile } from '../../../session/index.ts'
import { useRevertText } from './messages.ts'
import type { Revertible, RevertStep, Row } from './reversal.ts'

/** Why whoever is signed in cannot do these steps, by the rules of the server (ADR 33), which judges them again. */
export function useRevertReason(
  resource: Revertible,
  row: Row | undefined,
  steps: readonly RevertStep[],
): string | undefined {
  const text = useRevertText()
  const may = useMay()
  const viewer = useProfile()
  const firstNotHeld = useFirstNotHeld()
  const isPerson = resource === 'users' && row !== undefined
  const higher = useHigherRank(
    isPerson
      ? { id: row.id, is_superuser: row.is_superuser === true }
      : { id: viewer.id, is_superuser: false },
  )
  const handsOver = useHandedOver(steps)
  if (!may(resource, 'update')) return text('needs', { permission: `${resource}:update` })
  if (viewer.is_superuser || row === undefined) return undefined
  if (isPerson && row.id === viewer.id && steps.some(({ kind }) => kind !== 'set')) return text('ownRoles')
  if (steps.some(step => step.kind === 'set' && /^is_(?:superuser|staff)$/.test(step.field)))
    return text('superuserOnly')
  if (higher !== undefined) {
    return 'superuser' in higher ? text('superuserOnly') : text('outranked', higher)
  }
  const missing = firstNotHeld(handsOver)
  return missing && text('notHeld', { permission: missing })
}

/** The permissions that the steps give to somebody or take away, themselves or by a role. */
function useHandedOver(steps: readonly RevertStep[]): readonly string[] {
  const roles = steps.flatMap(step => ('role' in step ? [step.role] : []))
  const may = useMay()
  const { data } = useWholeList('roles', 'listRoles', { isOn: roles.length > 0 && may('roles', 'read') })
  return [
    ...steps.flatMap(step => ('permission' in step ? [step.permission] : [])),
    ...(data ?? []).filter(({ code_name }) => roles.includes(code_name)).flatMap(row => row.permissions),
  ]
}
