import { UnstyledButton } from '@mantine/core'
import type { Role } from '@propusk/client'
import { Link } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ChevronDown, ChevronRight } from 'lucide-react'
import { type KeyboardEvent, useRef, useState } from 'react'
import { remScale } from '../../ui/data-table.tsx'
import { focusWhenDrawn } from '../../ui/focus-when-drawn.ts'
import classes from './matrix.module.css'
import { MatrixCell } from './matrix-cell.tsx'
import type { MatrixRow } from './matrix-rows.ts'
import { useMatrixText } from './messages.ts'
import { type Place, placeOf, usePainting } from './use-painting.ts'
import type { PendingMatrix } from './use-pending-matrix.ts'

interface MatrixGridProps {
  readonly rows: readonly MatrixRow[]
  readonly roles: readonly Role[]
  readonly pending: PendingMatrix
  /** Whether the reader may give and take this permission; nothing can be changed where it is always false. */
  mayChange(permission: string): boolean
  readonly isReading: boolean
  readonly folded: ReadonlySet<string>
  onFold(resource: string): void
}

const sizes = () => {
  const scale = remScale()
  return { rowHeight: 30 * scale, headHeight: 64 * scale, columnWidth: 104 * scale }
}
const headWidth = 'var(--head)'

/**
 * Roles across, resources and actions down, of any number: only what is in sight is in the page. One cell has the focus;
 * arrows move it, Space and Enter flip it, arrows with Shift carry its value along.
 */
export function MatrixGrid({ rows, roles, pending, mayChange, isReading, folded, onFold }: MatrixGridProps) {
  const text = useMatrixText()
  const { rowHeight, headHeight, columnWidth } = sizes()
  const scroller = useRef<HTMLDivElement>(null)
  const [focused, setFocused] = useState<Place>({ row: 1, column: 0 })
  const shared = { getScrollElement: () => scroller.current, overscan: 8 }
  const down = useVirtualizer({ ...shared, count: rows.length, estimateSize: () => rowHeight })
  const across = useVirtualizer({
    ...shared,
    count: roles.length,
    estimateSize: () => columnWidth,
    horizontal: true,
  })
  const columns = across.getVirtualItems()

  const permissionAt = ({ row }: Place) => {
    const line = rows[row]
    return line?.kind === 'permission' ? line.permission : undefined
  }
  const next = (place: Place): boolean | undefined => {
    const permission = permissionAt(place)
    if (permission === undefined || !mayChange(permission)) return undefined
    return !pending.isWanted(roles[place.column]!, permission)
  }
  const paint = (place: Place, isWanted: boolean) => {
    const permission = permissionAt(place)
    if (permission !== undefined) pending.want(roles[place.column]!, permission, isWanted)
  }
  const painting = usePainting({ next, paint })

  const moveTo = (place: Place) => {
    setFocused(place)
    down.scrollToIndex(place.row)
    across.scrollToIndex(place.column)
    focusWhenDrawn(scroller.current, `[data-cell="${place.row}.${place.column}"]`)
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const place = placeOf(event.target)
    if (place === undefined) return
    const isWanted = next(place)
    if (event.key === ' ' || event.key === 'Enter') {
      event.preventDefault()
      if (isWanted !== undefined) paint(place, isWanted)
      return
    }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    const to = step(place, rows, roles.length)
    if (to === undefined) return
    if (event.shiftKey && isWanted !== undefined && next(to) !== undefined) paint(to, !isWanted)
    moveTo(to)
  }

  return (
    <div ref={scroller} className={classes.scroller}>
      <div
        role="grid"
        aria-label={text('grid')}
        aria-rowcount={rows.length + 1}
        aria-colcount={roles.length + 1}
        aria-multiselectable="true"
        className={classes.grid}
        style={{
          width: `calc(${headWidth} + ${across.getTotalSize()}px)`,
          height: headHeight + down.getTotalSize(),
        }}
        onKeyDown={onKeyDown}
        onFocus={event => setFocused(placeOf(event.target) ?? focused)}
        {...painting}
      >
        <div role="row" aria-rowindex={1} className={classes.heads} style={{ height: headHeight }}>
          <div role="columnheader" className={classes.corner}>
            {text('roles')}
          </div>
          {columns.map(({ index, start }) => {
            const role = roles[index]!
            return (
              <div
                key={role.id}
                role="columnheader"
                aria-colindex={index + 2}
                className={classes.role}
                style={{ left: `calc(${headWidth} + ${start}px)`, width: columnWidth }}
              >
                <Link to="/console/roles/$id" params={{ id: String(role.id) }} title={role.name}>
                  {role.name}
                </Link>
                <code>{role.code_name}</code>
              </div>
            )
          })}
        </div>
        {down.getVirtualItems().map(({ index, start }) => {
          const row = rows[index]!
          return (
            <div
              key={row.kind === 'resource' ? row.resource.code_name : row.permission}
              role="row"
              aria-rowindex={index + 2}
              className={classes.row}
              data-kind={row.kind}
              style={{ transform: `translateY(${start}px)`, top: headHeight, height: rowHeight }}
            >
              <div role="rowheader" className={classes.head}>
                {row.kind === 'resource' ? (
                  <ResourceHead row={row} isFolded={folded.has(row.resource.code_name)} onFold={onFold} />
                ) : (
                  <code>{row.action}</code>
                )}
              </div>
              {columns.map(({ index: column, start: left }) => {
                const role = roles[column]!
                if (row.kind === 'resource') {
                  return (
                    <div
                      key={role.id}
                      role="gridcell"
                      className={classes.sum}
                      style={{ left: `calc(${headWidth} + ${left}px)`, width: columnWidth }}
                    >
                      {sumOf(row, role, pending, text)}
                    </div>
                  )
                }
                const isCovered = row.permission !== row.all && pending.isWanted(role, row.all)
                return (
                  <MatrixCell
                    key={role.id}
                    role={role}
                    permission={row.permission}
                    isHeld={pending.isHeld(role, row.permission)}
                    isWanted={pending.isWanted(role, row.permission)}
                    coveredBy={isCovered ? row.all : undefined}
                    canChange={mayChange(row.permission)}
                    isReading={isReading}
                    isFocusable={index === focused.row && column === focused.column}
                    position={`${index}.${column}`}
                    left={`calc(${headWidth} + ${left}px)`}
                    width={columnWidth}
                  />
                )
              })}
            </div>
          )
        })}
      </div>
    </div>
  )
}

interface ResourceHeadProps {
  readonly row: Extract<MatrixRow, { kind: 'resource' }>
  readonly isFolded: boolean
  onFold(resource: string): void
}

function ResourceHead({ row: { resource }, isFolded, onFold }: ResourceHeadProps) {
  const Icon = isFolded ? ChevronRight : ChevronDown
  return (
    <UnstyledButton
      className={classes.fold}
      aria-expanded={!isFolded}
      onClick={() => onFold(resource.code_name)}
    >
      <Icon size={14} aria-hidden />
      <span>{resource.name}</span>
      <code>{resource.code_name}</code>
    </UnstyledButton>
  )
}

/** How much of a resource a role permits, told beside the heading: «all», «3 of 7», or nothing. */
function sumOf(
  { resource, permissions }: Extract<MatrixRow, { kind: 'resource' }>,
  role: Role,
  pending: PendingMatrix,
  text: ReturnType<typeof useMatrixText>,
): string {
  if (pending.isWanted(role, `${resource.code_name}:all`)) return text('whole')
  const held = permissions.filter(permission => pending.isWanted(role, permission)).length
  return held === 0 ? '' : text('count', { held, all: permissions.length })
}

type Step = (place: Place, rows: readonly MatrixRow[], columns: number) => Place | undefined

/** The next line of permissions in this direction: headings are passed over. */
const vertical =
  (by: 1 | -1): Step =>
  ({ row, column }, rows) => {
    for (let to = row + by; to >= 0 && to < rows.length; to += by) {
      if (rows[to]!.kind === 'permission') return { row: to, column }
    }
    return undefined
  }

const horizontal =
  (by: 1 | -1): Step =>
  ({ row, column }, _rows, columns) =>
    column + by < 0 || column + by >= columns ? undefined : { row, column: column + by }

const steps: Readonly<Record<string, Step>> = {
  ArrowDown: vertical(1),
  ArrowUp: vertical(-1),
  ArrowRight: horizontal(1),
  ArrowLeft: horizontal(-1),
  Home: ({ row }) => ({ row, column: 0 }),
  End: ({ row }, _rows, columns) => ({ row, column: columns - 1 }),
}
