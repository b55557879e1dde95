import type { Role } from '@propusk/client'
import { Link } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useCallback, useRef } from 'react'
import { type Place, useCellGrid } from '../../access/index.ts'
import { withoutMiddle } from '../../ui/middle.ts'
import classes from './matrix.module.css'
import { MatrixRow } from './matrix-row.tsx'
import { keyOfRow, type MatrixRow as Line } from './matrix-rows.ts'
import { useMatrixText } from './messages.ts'
import { useMatrixSizes } from './use-matrix-sizes.ts'
import type { PendingMatrix } from './use-pending-matrix.ts'

interface MatrixGridProps {
  readonly rows: readonly Line[]
  readonly roles: readonly Role[]
  readonly pending: PendingMatrix
  /** Why a permission can be neither given nor taken; undefined where it can. */
  reasonOf(permission: string): string | undefined
  /** Whether nothing can be changed at all. */
  readonly isReading: boolean
  onFold(resource: string): void
  onWhole(resource: string): void
}

/**
 * Roles across, resources and actions down, of any number: only what is in sight is in the page. One cell has the focus;
 * arrows move it, Space and Enter flip it, arrows with Shift carry its value along.
 */
export function MatrixGrid(props: MatrixGridProps) {
  const { rows, roles, pending, reasonOf, isReading } = props
  const text = useMatrixText()
  const scroller = useRef<HTMLDivElement>(null)
  const { headHeight, columnWidth, lettersOfHead, heightOf } = useMatrixSizes(scroller, roles)
  const shared = { getScrollElement: () => scroller.current, overscan: 8 }
  const down = useVirtualizer({
    ...shared,
    count: rows.length,
    estimateSize: index => heightOf(rows[index]),
    // New with the rows and the columns: what was measured is measured anew.
    getItemKey: useCallback((index: number) => keyOfRow(rows[index]!), [rows]),
  })
  const across = useVirtualizer({
    ...shared,
    count: roles.length,
    estimateSize: () => columnWidth,
    horizontal: true,
    getItemKey: useCallback((index: number) => `${columnWidth} ${index}`, [columnWidth]),
  })
  const columns = across.getVirtualItems().map(({ index, start }) => ({
    index,
    role: roles[index]!,
    left: `calc(var(--head) + ${start}px)`,
  }))
  const permissionAt = ({ row }: Place) => {
    const line = rows[row]
    return line?.kind === 'permission' ? line.permission : undefined
  }
  const { current, handlers } = useCellGrid({
    element: scroller,
    rows: rows.length,
    columns: roles.length,
    hasCells: row => rows[row]?.kind === 'permission',
    next(place) {
      const permission = permissionAt(place)
      if (permission === undefined || isReading || reasonOf(permission) !== undefined) return undefined
      return !pending.isWanted(roles[place.column]!, permission)
    },
    paint(place, isWanted) {
      const permission = permissionAt(place)
      if (permission !== undefined) pending.want(roles[place.column]!, permission, isWanted)
    },
    scrollTo({ row, column }) {
      down.scrollToIndex(row)
      across.scrollToIndex(column)
    },
  })

  return (
    <div
      ref={scroller}
      className={classes.scroller}
      // What is scrolled to is not hidden behind the headings.
      style={{ scrollPaddingTop: headHeight }}
    >
      <div
        role="grid"
        aria-label={text('grid')}
        aria-rowcount={rows.length + 1}
        aria-colcount={roles.length + 1}
        aria-multiselectable="true"
        aria-readonly={isReading}
        className={classes.grid}
        style={{
          width: `calc(var(--head) + ${across.getTotalSize()}px)`,
          height: headHeight + down.getTotalSize(),
        }}
        {...handlers}
      >
        <div role="row" aria-rowindex={1} className={classes.heads} style={{ height: headHeight }}>
          <div role="columnheader" className={classes.corner} data-corner>
            {text('roles')}
          </div>
          {columns.map(({ index, role, left }) => (
            <div
              key={role.id}
              role="columnheader"
              aria-colindex={index + 2}
              className={classes.role}
              style={{ left, width: columnWidth }}
              title={`${role.name}\n${role.code_name}`}
              data-long={[...role.name].length > lettersOfHead || undefined}
            >
              <Link to="/console/roles/$id" params={{ id: String(role.id) }}>
                {withoutMiddle(role.name, lettersOfHead)}
              </Link>
              <code>{withoutMiddle(role.code_name, lettersOfHead)}</code>
            </div>
          ))}
        </div>
        {down.getVirtualItems().map(({ index, start, size }) => (
          <MatrixRow
            {...props}
            key={keyOfRow(rows[index]!)}
            row={rows[index]!}
            index={index}
            columns={columns}
            columnWidth={columnWidth}
            style={{ transform: `translateY(${start}px)`, top: headHeight, height: size }}
            focusedColumn={index === current?.row ? current.column : undefined}
          />
        ))}
      </div>
    </div>
  )
}
