import type { Role } from '@propusk/client'
import { PermissionIcon } from '../../access/index.ts'
import classes from './matrix.module.css'
import { useMatrixText } from './messages.ts'

interface MatrixCellProps {
  readonly role: Role
  readonly permission: string
  readonly isHeld: boolean
  readonly isWanted: boolean
  /** The permission that gives this one as well. */
  readonly coveredBy: string | undefined
  readonly canChange: boolean
  /** Whether this is a page to change things at all. */
  readonly isReading: boolean
  readonly isFocusable: boolean
  readonly position: string
  readonly left: string
  readonly width: number
}

/** Whether a role has a permission, will have it, or has it by another one. The grid takes its clicks and keys. */
export function MatrixCell(props: MatrixCellProps) {
  const { role, permission, isHeld, isWanted, coveredBy, canChange, isReading, left, width } = props
  const text = useMatrixText()
  const notes = [
    text('cell', { role: role.name, permission }),
    text(isHeld ? 'held' : 'notHeld'),
    isHeld !== isWanted && text(isWanted ? 'toGive' : 'toTake'),
    coveredBy !== undefined && text('covered', { permission: coveredBy }),
    !canChange && !isReading && text('notYours'),
  ].filter(note => note !== false)
  return (
    <div
      role="gridcell"
      className={classes.cell}
      style={{ left, width }}
      tabIndex={props.isFocusable ? 0 : -1}
      aria-label={notes.join(', ')}
      aria-disabled={!canChange}
      aria-selected={isWanted}
      title={notes.join('\n')}
      data-cell={props.position}
    >
      <PermissionIcon
        isHeld={isHeld}
        isWanted={isWanted}
        isCovered={coveredBy !== undefined}
        canChange={canChange}
      />
    </div>
  )
}
