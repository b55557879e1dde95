import { UnstyledButton } from '@mantine/core'
import type { Role } from '@propusk/client'
import { ChevronDown, ChevronRight, Eye, EyeOff } from 'lucide-react'
import type { ReactNode } from 'react'
import { PermissionCell, useEntryName } from '../../access/index.ts'
import classes from './matrix.module.css'
import type { MatrixRow as Line, MoreRow, ResourceRow } from './matrix-rows.ts'
import { useMatrixText } from './messages.ts'
import type { PendingMatrix } from './use-pending-matrix.ts'

export interface Column {
  readonly index: number
  readonly role: Role
  /** Where it begins, as a length of CSS. */
  readonly left: string
}

interface MatrixRowProps {
  readonly row: Line
  readonly index: number
  readonly columns: readonly Column[]
  readonly columnWidth: number
  readonly style: React.CSSProperties
  readonly pending: PendingMatrix
  reasonOf(permission: string): string | undefined
  readonly isReading: boolean
  /** The column of the cell that takes the keys, in this row. */
  readonly focusedColumn: number | undefined
  onFold(resource: string): void
  onWhole(resource: string): void
}

/** One line of the matrix, with the cells of the roles that are in sight. */
export function MatrixRow(props: MatrixRowProps) {
  const { row, index, columns, columnWidth } = props
  const cells =
    row.kind === 'permission'
      ? columns.map(column => <Cell key={column.role.id} {...props} row={row} column={column} />)
      : row.kind === 'resource'
        ? columns.map(({ role, left }) => (
            <div key={role.id} role="gridcell" className={classes.sum} style={{ left, width: columnWidth }}>
              <Sum row={row} role={role} pending={props.pending} />
            </div>
          ))
        : null
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      className={classes.row}
      data-kind={row.kind}
      data-odd={(row.kind === 'permission' && row.isOdd) || undefined}
      style={props.style}
    >
      <div role="rowheader" className={classes.head}>
        <Head {...props} />
      </div>
      {cells}
    </div>
  )
}

function Head({ row, onFold, onWhole }: MatrixRowProps): ReactNode {
  const text = useMatrixText()
  if (row.kind === 'group') return <span className={classes.group}>{text('builtIn')}</span>
  if (row.kind === 'permission') return <code>{row.action}</code>
  if (row.kind === 'more') return <More row={row} onWhole={onWhole} />
  return <ResourceHead row={row} onFold={onFold} />
}

function ResourceHead({ row, onFold }: { readonly row: ResourceRow; onFold(resource: string): void }) {
  const { resource, isFolded } = row
  const nameOf = useEntryName()
  const Icon = isFolded ? ChevronRight : ChevronDown
  return (
    <UnstyledButton
      className={classes.fold}
      aria-expanded={!isFolded}
      title={`${nameOf(resource)}\n${resource.code_name}`}
      onClick={() => onFold(resource.code_name)}
    >
      <Icon size={14} aria-hidden />
      <span className={classes.names}>
        <span className={classes.name}>{nameOf(resource)}</span>
        <code>{resource.code_name}</code>
      </span>
    </UnstyledButton>
  )
}

function More({ row, onWhole }: { readonly row: MoreRow; onWhole(resource: string): void }) {
  const text = useMatrixText()
  const label = row.isShown ? text('fewer') : text('more', { count: row.hidden })
  const Icon = row.isShown ? EyeOff : Eye
  return (
    <UnstyledButton
      className={classes.more}
      aria-expanded={row.isShown}
      aria-label={`${label}: ${row.resource.code_name}`}
      onClick={() => onWhole(row.resource.code_name)}
    >
      <Icon size={14} aria-hidden />
      {label}
    </UnstyledButton>
  )
}

interface CellProps extends Omit<MatrixRowProps, 'row'> {
  readonly row: Extract<Line, { kind: 'permission' }>
  readonly column: Column
}

function Cell({ row, column, index, columnWidth, pending, reasonOf, isReading, focusedColumn }: CellProps) {
  const text = useMatrixText()
  const { role, left } = column
  const isCovered = row.permission !== row.all && pending.isWanted(role, row.all)
  const reason = isReading ? undefined : reasonOf(row.permission)
  return (
    <PermissionCell
      as="div"
      className={classes.cell}
      style={{ left, width: columnWidth }}
      label={text('cell', { role: role.name, permission: row.permission })}
      isHeld={pending.isHeld(role, row.permission)}
      isWanted={pending.isWanted(role, row.permission)}
      coveredBy={isCovered ? row.all : undefined}
      canChange={!isReading && reason === undefined}
      reason={reason}
      place={{ row: index, column: column.index }}
      isFocusable={column.index === focusedColumn}
    />
  )
}

interface SumProps {
  readonly row: ResourceRow
  readonly role: Role
  readonly pending: PendingMatrix
}

/** How much of a resource a role permits, told beside the heading: «all», «3 of 7», or nothing. */
function Sum({ row: { resource, permissions }, role, pending }: SumProps): string {
  const text = useMatrixText()
  if (pending.isWanted(role, `${resource.code_name}:all`)) return text('whole')
  const held = permissions.filter(permission => pending.isWanted(role, permission)).length
  return held === 0 ? '' : text('count', { held, all: permissions.length })
}
