import { useVirtualizer } from '@tanstack/react-virtual'
import { type CSSProperties, type ReactNode, useEffect, useEffectEvent, useRef, useState } from 'react'
import { useCommonText } from '../messages.ts'
import { remScale } from '../rem-scale.ts'
import type { List } from '../use-list.ts'
import { type Column, type Selection, tracksOf } from './column.ts'
import classes from './data-table.module.css'
import { useNewRows } from './new-rows.ts'
import { TableHeader } from './table-header.tsx'
import { TableRow } from './table-row.tsx'
import { AfterRows, InPlaceOfRows, OnlyRow } from './table-state.tsx'
import { useChosenRow } from './use-chosen-row.ts'
import { useTableKeys } from './use-table-keys.ts'

interface DataTableProps<Row> {
  /** What the table lists, for screen readers. */
  readonly label: string
  readonly list: List<Row>
  readonly columns: readonly Column<Row>[]
  keyOf(row: NoInfer<Row>): number
  /** What a row is called, for screen readers. */
  nameOf(row: NoInfer<Row>): string
  /** Opens a row: Enter, or a click. */
  onOpen?(row: NoInfer<Row>): void
  readonly chosen?: number | undefined
  /** The row of `chosen` where it is known from elsewhere: it stands below the others while it is not one of them. */
  readonly chosenRow?: NoInfer<Row> | undefined
  /** The API's `ordering`, `-` before it for descending. */
  readonly ordering?: string
  onOrder?(ordering: string): void
  readonly selection?: Selection
  readonly empty?: ReactNode
  /** Says how many rows there are; stands below the table, where that is known. */
  countText?(count: number, isExact: boolean): string
  /** In pixels of a font of 16 px: rows grow with the font that the reader has chosen. */
  readonly rowHeight?: number
  /** Whether rows slide into their new place when others come above them, as in a list that grows while one looks. */
  readonly slides?: boolean
  /** Under which name rows are highlighted as new (`highlightRows`); those that come by themselves are, too. */
  readonly highlightKind?: string
  /** Called when the first row comes into sight, and when it leaves it. */
  onTop?(isAtTop: boolean): void
}

/** Rows from the end of what is loaded at which the next page is asked for. */
const readAhead = 20

/** A table of any number of rows: only those in sight are in the page, and the next ones are read while it scrolls. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, list, columns, keyOf, nameOf, onOpen, chosen, chosenRow, selection } = props
  const { rows } = list
  const rowHeight = (props.rowHeight ?? 44) * remScale()
  const scroller = useRef<HTMLDivElement>(null)
  const atTop = useAtTop(props.onTop)
  const virtual = useRows(list, scroller, rowHeight)
  const newRows = useNewRows(props.highlightKind, list, keyOf)
  const isMissing = useChosenRow({
    list,
    chosen,
    keyOf,
    show(index) {
      const { scrollTop, clientHeight } = scroller.current!
      const top = index * rowHeight
      // A row that is in sight, below the heads, is left where it is.
      const isInSight = top >= scrollTop && top + 2 * rowHeight <= scrollTop + clientHeight
      if (!isInSight) virtual.scrollToIndex(index, { align: 'center' })
    },
  })
  const scrollTo = (index: number) => virtual.scrollToIndex(index)
  const keys = useTableKeys({ rows, scroller, rowHeight, selection, keyOf, onOpen, scrollTo })

  const drawRow = (row: Row, index: number | undefined, style: CSSProperties) => (
    <TableRow
      key={keyOf(row)}
      row={row}
      rowKey={keyOf(row)}
      name={nameOf(row)}
      index={index}
      columns={columns}
      selection={selection}
      isChosen={keyOf(row) === chosen}
      isStop={index === keys.current}
      isNew={newRows.has(keyOf(row))}
      style={{ ...style, height: rowHeight }}
      onOpen={onOpen}
      onFocus={() => index !== undefined && keys.setFocused(index)}
      onKeyDown={keys.onKeyDown}
    />
  )

  return (
    <div
      role="grid"
      aria-label={label}
      aria-rowcount={list.hasMore ? -1 : rows.length + 1}
      aria-busy={list.isLoading || list.isStale}
      className={classes.table}
      style={{ '--columns': tracksOf(columns, selection !== undefined) } as CSSProperties}
    >
      <div
        ref={scroller}
        className={classes.scroller}
        data-scroller
        onScroll={event => atTop(event.currentTarget.scrollTop < rowHeight / 2)}
      >
        <TableHeader
          keys={rows.map(keyOf)}
          columns={columns}
          ordering={props.ordering}
          onOrder={props.onOrder}
          selection={selection}
        />
        <InPlaceOfRows list={list} empty={props.empty} />
        <div
          role="rowgroup"
          className={classes.rows}
          data-stale={list.isStale || undefined}
          data-slides={props.slides || undefined}
          style={{ height: virtual.getTotalSize() }}
        >
          {virtual
            .getVirtualItems()
            .map(({ index, start }) => drawRow(rows[index]!, index, { transform: `translateY(${start}px)` }))}
        </div>
        <AfterRows list={list} isLong={rows.length > readAhead} />
      </div>
      {isMissing && chosenRow !== undefined && (
        <ChosenElsewhere>{drawRow(chosenRow, undefined, {})}</ChosenElsewhere>
      )}
      <Count list={list} countText={props.countText} />
    </div>
  )
}

/** Only rows in sight are drawn; the next page is read before the last row is reached. */
function useRows<Row>(
  list: List<Row>,
  scroller: { readonly current: HTMLDivElement | null },
  rowHeight: number,
) {
  const { length } = list.rows
  const virtual = useVirtualizer({
    count: length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  })
  // Rows have another height beside an open thing; the places of before would lie over each other.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height is what asks for it.
  useEffect(() => virtual.measure(), [rowHeight])
  const last = virtual.getVirtualItems().at(-1)?.index ?? 0
  const readMore = useEffectEvent(() => list.more())
  useEffect(() => {
    if (length > 0 && last >= length - readAhead) readMore()
  }, [last, length])
  return virtual
}

/** Tells when the first row comes into sight and when it leaves it; gives what is told at each scrolling. */
function useAtTop(onTop: ((isAtTop: boolean) => void) | undefined): (isAtTop: boolean) => void {
  const [isAtTop, setAtTop] = useState(true)
  const report = useEffectEvent((isAtTop: boolean) => onTop?.(isAtTop))
  useEffect(() => report(isAtTop), [isAtTop])
  return setAtTop
}

/** Below the rows, so that none of them moves when it comes. */
function ChosenElsewhere({ children }: { readonly children: ReactNode }) {
  const text = useCommonText()
  return (
    <div role="rowgroup" className={classes.elsewhere} aria-label={text('chosenElsewhere')}>
      <p className={classes.elsewhereText} aria-hidden>
        {text('chosenElsewhere')}
      </p>
      {children}
    </div>
  )
}

interface CountProps<Row> {
  readonly list: List<Row>
  readonly countText: ((count: number, isExact: boolean) => string) | undefined
}

function Count<Row>({ list, countText }: CountProps<Row>) {
  const { count, rows, hasMore } = list
  // A list that is loaded to its end is counted by its rows.
  const known = count ?? (hasMore || list.isStale ? undefined : { rows: rows.length, is_exact: true })
  if (known === undefined || countText === undefined || rows.length === 0) return null
  return (
    <OnlyRow>
      <span className={classes.count}>{countText(known.rows, known.is_exact)}</span>
    </OnlyRow>
  )
}
