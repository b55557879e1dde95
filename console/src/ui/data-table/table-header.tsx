import { Checkbox, UnstyledButton } from '@mantine/core'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { useCommonText } from '../messages.ts'
import type { Column, Selection } from './column.ts'
import classes from './data-table.module.css'

interface TableHeaderProps<Row> {
  /** Of the rows that can be selected. */
  readonly keys: readonly number[]
  readonly columns: readonly Column<Row>[]
  readonly ordering: string | undefined
  onOrder: ((ordering: string) => void) | undefined
  readonly selection: Selection | undefined
}

export function TableHeader<Row>({ keys, columns, ordering, onOrder, selection }: TableHeaderProps<Row>) {
  return (
    <div role="rowgroup" className={classes.header}>
      <div role="row" aria-rowindex={1} className={classes.headerRow}>
        {selection !== undefined && <SelectAll keys={keys} selection={selection} />}
        {columns.map(column => (
          <div
            key={column.id}
            role="columnheader"
            className={classes.cell}
            data-align={column.align}
            aria-sort={sortOf(column.ordering, ordering)}
          >
            <ColumnName column={column} ordering={ordering} onOrder={onOrder} />
          </div>
        ))}
      </div>
    </div>
  )
}

function SelectAll({ keys, selection }: { readonly keys: readonly number[]; readonly selection: Selection }) {
  const text = useCommonText()
  const chosen = keys.filter(key => selection.keys.has(key)).length
  return (
    <div role="columnheader" className={classes.cell} data-selects>
      <Checkbox
        aria-label={text('selectAll')}
        checked={chosen > 0 && chosen === keys.length}
        indeterminate={chosen > 0 && chosen < keys.length}
        onChange={() => selection.change(new Set(chosen === keys.length ? [] : keys))}
      />
    </div>
  )
}

function ColumnName<Row>({
  column: { header, ordering: name },
  ordering,
  onOrder,
}: Pick<TableHeaderProps<Row>, 'ordering' | 'onOrder'> & { readonly column: Column<Row> }) {
  const text = useCommonText()
  if (name === undefined || onOrder === undefined) return header
  return (
    <UnstyledButton
      className={classes.sort}
      aria-label={text('sortBy', { column: header })}
      onClick={() => onOrder(ordering === name ? `-${name}` : name)}
    >
      {header}
      {ordering === name && <ArrowUp size={12} aria-hidden />}
      {ordering === `-${name}` && <ArrowDown size={12} aria-hidden />}
    </UnstyledButton>
  )
}

const sortOf = (column: string | undefined, ordering: string | undefined) => {
  if (column === undefined || ordering === undefined) return undefined
  if (ordering === column) return 'ascending'
  return ordering === `-${column}` ? 'descending' : 'none'
}
