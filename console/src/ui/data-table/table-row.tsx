import { Checkbox } from '@mantine/core'
import type { CSSProperties, KeyboardEvent } from 'react'
import { useCommonText } from '../messages.ts'
import { type Column, type Selection, toggled } from './column.ts'
import classes from './data-table.module.css'

interface TableRowProps<Row> {
  readonly row: Row
  readonly rowKey: number
  readonly name: string
  /** Among all rows; undefined for one that stands apart from them. */
  readonly index: number | undefined
  readonly columns: readonly Column<Row>[]
  readonly selection: Selection | undefined
  readonly isChosen: boolean
  /** Whether it is the one stop of Tab. */
  readonly isStop: boolean
  readonly isNew: boolean
  readonly style: CSSProperties
  onOpen: ((row: Row) => void) | undefined
  onFocus(): void
  onKeyDown(event: KeyboardEvent, row: Row): void
}

export function TableRow<Row>(props: TableRowProps<Row>) {
  const { row, rowKey, name, index, columns, selection, isChosen, isStop, onOpen } = props
  return (
    <div
      role="row"
      data-index={index}
      aria-rowindex={index === undefined ? undefined : index + 2}
      aria-selected={selection === undefined ? isChosen : selection.keys.has(rowKey)}
      tabIndex={isStop ? 0 : -1}
      className={classes.row}
      data-chosen={isChosen || undefined}
      data-open={onOpen !== undefined || undefined}
      data-new={props.isNew || undefined}
      style={props.style}
      onFocus={props.onFocus}
      onClick={() => onOpen?.(row)}
      onKeyDown={event => props.onKeyDown(event, row)}
    >
      {selection !== undefined && (
        <SelectRow rowKey={rowKey} name={name} selection={selection} isStop={isStop} />
      )}
      {columns.map(column => (
        <div key={column.id} role="gridcell" className={classes.cell} data-align={column.align}>
          {column.cell(row)}
        </div>
      ))}
    </div>
  )
}

interface SelectRowProps {
  readonly rowKey: number
  readonly name: string
  readonly selection: Selection
  readonly isStop: boolean
}

function SelectRow({ rowKey, name, selection, isStop }: SelectRowProps) {
  const text = useCommonText()
  return (
    <div role="gridcell" className={classes.cell} data-selects onClick={event => event.stopPropagation()}>
      <Checkbox
        aria-label={text('selectRow', { name })}
        checked={selection.keys.has(rowKey)}
        // One stop of Tab for the whole list: the arrows lead from row to row, and Space chooses.
        tabIndex={isStop ? 0 : -1}
        onChange={() => selection.change(toggled(selection.keys, rowKey))}
      />
    </div>
  )
}
