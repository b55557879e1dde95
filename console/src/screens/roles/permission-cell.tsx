import { PermissionIcon } from '../../access/index.ts'
import classes from './permission-grid.module.css'
import { usePermissionText } from './permission-messages.ts'

interface PermissionCellProps {
  readonly permission: string
  readonly isHeld: boolean
  readonly isFlipped: boolean
  /** The permission that allows this one as well. */
  readonly coveredBy: string | undefined
  /** Row and column, by which the grid finds its cells. */
  readonly position: string
  readonly isFocusable: boolean
  onFocus(): void
  readonly onFlip: ((permission: string) => void) | undefined
}

/** One permission of the grid: a box to tick where it can be changed, else a mark. */
export function PermissionCell(props: PermissionCellProps) {
  const { permission, isHeld, isFlipped, coveredBy, position, isFocusable, onFocus, onFlip } = props
  const text = usePermissionText()
  const isTicked = isHeld !== isFlipped
  const notes = [
    isFlipped && text(isTicked ? 'willBeAdded' : 'willBeTaken'),
    coveredBy !== undefined && text('covered', { permission: coveredBy }),
  ].filter(note => note !== false)
  const label = [permission, ...notes].join(', ')
  // What is covered anyway is not worth a tick of its own; one that is there can still be taken away.
  const canFlip = onFlip !== undefined && (coveredBy === undefined || isHeld || isFlipped)

  return (
    <td>
      <button
        type="button"
        aria-pressed={isTicked || coveredBy !== undefined}
        aria-disabled={!canFlip}
        aria-label={label}
        title={notes.length > 0 ? label : permission}
        tabIndex={isFocusable ? 0 : -1}
        data-cell={position}
        className={classes.cell}
        onFocus={onFocus}
        onClick={() => canFlip && onFlip(permission)}
      >
        <PermissionIcon
          isHeld={isHeld}
          isWanted={isTicked}
          isCovered={coveredBy !== undefined}
          canChange={canFlip}
        />
      </button>
    </td>
  )
}
