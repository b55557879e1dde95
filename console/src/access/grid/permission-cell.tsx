import type { CSSProperties } from 'react'
import { PermissionIcon } from '../permission-icon.tsx'
import { useGridText } from './grid-messages.ts'
import classes from './permission-cell.module.css'
import { cellKey, type Place } from './place.ts'

interface PermissionCellProps {
  readonly as: 'td' | 'div'
  /** What the cell is about, to hear and to read. */
  readonly label: string
  readonly isHeld: boolean
  /** As it will be once the changes are saved. */
  readonly isWanted: boolean
  /** The permission that gives this one as well. */
  readonly coveredBy: string | undefined
  readonly canChange: boolean
  /** Why it cannot be changed, where that is not plain. */
  readonly reason?: string | undefined
  readonly place: Place
  readonly isFocusable: boolean
  readonly className?: string | undefined
  readonly style?: CSSProperties
}

/** Whether a role has a permission, will have it, or has it by another one. The grid around it takes its clicks and keys. */
export function PermissionCell(props: PermissionCellProps) {
  const { as: Cell, label, isHeld, isWanted, coveredBy, canChange, reason, className = '', style } = props
  const text = useGridText()
  const notes = [
    label,
    text(isHeld ? 'held' : 'notHeld'),
    isHeld !== isWanted && text(isWanted ? 'toGive' : 'toTake'),
    coveredBy !== undefined && text('covered', { permission: coveredBy }),
    reason ?? false,
  ].filter(note => note !== false)
  return (
    <Cell
      role="gridcell"
      className={`${classes.cell} ${className}`}
      {...(style && { style })}
      tabIndex={props.isFocusable ? 0 : -1}
      aria-label={notes.join(', ')}
      aria-disabled={!canChange}
      aria-selected={isWanted}
      title={notes.join('\n')}
      data-cell={cellKey(props.place)}
    >
      <PermissionIcon
        isHeld={isHeld}
        isWanted={isWanted}
        isCovered={coveredBy !== undefined}
        canChange={canChange}
      />
    </Cell>
  )
}
