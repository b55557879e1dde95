import { Checkbox, Loader, UnstyledButton } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { type KeyboardEvent, type ReactNode, useEffect, useEffectEvent, useRef, useState } from 'react'
import classes from './data-table.module.css'
import { focusWhenDrawn } from './focus-when-drawn.ts'
import { useCommonText } from './messages.ts'
import { EmptyState, ErrorState, LoadingRows } from './states.tsx'
import type { List } from './use-list.ts'

export interface Column<Row> {
  readonly id: string
  readonly header: string
  /** A CSS grid track, such as `minmax(200px, 2fr)`. */
  readonly width: string
  /** The name of the API's `ordering` by this column. */
  readonly ordering?: string
  readonly align?: 'end'
  cell(row: Row): ReactNode
}

export interface Selection {
  readonly keys: ReadonlySet<number>
  change(keys: ReadonlySet<number>): void
}

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
  /** The API's `ordering`, `-` before it for descending. */
  readonly ordering?: string
  onOrder?(ordering: string): void
  readonly selection?: Selection
  readonly empty?: ReactNode
  /** Says how many rows there are; stands below the table, where the list knows it. */
  countText?(count: number, isExact: boolean): string
  /** In pixels of a font of 16 px: rows grow with the font that the reader has chosen. */
  readonly rowHeight?: number
  /** Whether rows slide into their new place when others come above them, as in a list that grows while one looks. */
  readonly slides?: boolean
  /** Called when the first row comes into sight, and when it leaves it. */
  onTop?(isAtTop: boolean): void
}

/** Rows from the end of what is loaded at which the next page is asked for. */
const readAhead = 20

/**
 * A table of any number of rows: only those in sight are in the page, and the next ones are read while it scrolls. One
 * row has the focus; arrows, Home and End move it, Enter opens, Space selects.
 */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { label, list, columns, keyOf, nameOf, onOpen, chosen, selection, empty } = props
  const rowHeight = (props.rowHeight ?? 44) * remScale()
  const text = useCommonText()
  const scroller = useRef<HTMLDivElement>(null)
  const [focused, setFocused] = useState(0)
  const { rows } = list
  const [isAtTop, setAtTop] = useState(true)
  const reportTop = useEffectEvent((isAtTop: boolean) => props.onTop?.(isAtTop))
  useEffect(() => reportTop(isAtTop), [isAtTop])

  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  })
  // Rows have another height beside an open thing; the places of before would lie over each other.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height is what asks for it.
  useEffect(() => virtual.measure(), [rowHeight])
  const items = virtual.getVirtualItems()
  const last = items.at(-1)?.index ?? 0
  const readMore = useEffectEvent(() => list.more())
  useEffect(() => {
    if (rows.length > 0 && last >= rows.length - readAhead) readMore()
  }, [last, rows.length])

  // A link to one of the rows leads to it in the list, too.
  const position = chosen === undefined ? -1 : rows.findIndex(row => keyOf(row) === chosen)
  const showChosen = useEffectEvent(() => {
    const { scrollTop, clientHeight } = scroller.current!
    const top = position * rowHeight
    // A row that is in sight, below the heads, is left where it is.
    const isInSight = top >= scrollTop && top + 2 * rowHeight <= scrollTop + clientHeight
    if (!isInSight) virtual.scrollToIndex(position, { align: 'center' })
  })
  const isKnown = position !== -1
  // biome-ignore lint/correctness/useExhaustiveDependencies: when another row is chosen, and when the chosen one is read.
  useEffect(() => {
    if (isKnown) showChosen()
  }, [chosen, isKnown])

  const current = Math.min(focused, Math.max(0, rows.length - 1))
  const template = [selection && '2.25rem', ...columns.map(({ width }) => inRem(width))]
    .filter(Boolean)
    .join(' ')

  const moveTo = (index: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, index))
    setFocused(next)
    virtual.scrollToIndex(next)
    focusWhenDrawn(scroller.current, `[data-index="${next}"]`)
  }

  const onKeyDown = (event: KeyboardEvent, row: Row) => {
    // Keys that are meant for a button or a field inside the row are left to it.
    if (event.target !== event.currentTarget) return
    const perPage = Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight)
    const steps: Record<string, () => void> = {
      ArrowDown: () => moveTo(current + 1),
      ArrowUp: () => moveTo(current - 1),
      PageDown: () => moveTo(current + perPage),
      PageUp: () => moveTo(current - perPage),
      Home: () => moveTo(0),
      End: () => moveTo(rows.length - 1),
      Enter: () => onOpen?.(row),
      ...(selection && { ' ': () => selection.change(toggled(selection.keys, keyOf(row))) }),
    }
    const step = steps[event.key]
    if (step === undefined) return
    event.preventDefault()
    step()
  }

  return (
    <div
      role="grid"
      aria-label={label}
      aria-rowcount={list.hasMore ? -1 : rows.length + 1}
      aria-busy={list.isLoading || list.isStale}
      className={classes.table}
      style={{ '--columns': template } as React.CSSProperties}
    >
      <div
        ref={scroller}
        className={classes.scroller}
        data-scroller
        onScroll={event => setAtTop(event.currentTarget.scrollTop < rowHeight / 2)}
      >
        <Header {...props} />
        {list.isLoading && <LoadingRows />}
        {!list.isLoading && rows.length === 0 && (
          <OnlyRow>
            {list.error === undefined ? (
              (empty ?? <EmptyState />)
            ) : (
              <ErrorState error={list.error} onRetry={list.retry} />
            )}
          </OnlyRow>
        )}
        <div
          role="rowgroup"
          className={classes.rows}
          data-stale={list.isStale || undefined}
          data-slides={props.slides || undefined}
          style={{ height: virtual.getTotalSize() }}
        >
          {items.map(({ index, start }) => {
            const row = rows[index]!
            const key = keyOf(row)
            return (
              <div
                key={key}
                role="row"
                data-index={index}
                aria-rowindex={index + 2}
                aria-selected={selection === undefined ? key === chosen : selection.keys.has(key)}
                tabIndex={index === current ? 0 : -1}
                className={classes.row}
                data-chosen={key === chosen || undefined}
                data-open={onOpen !== undefined || undefined}
                style={{ transform: `translateY(${start}px)`, height: rowHeight }}
                onFocus={() => setFocused(index)}
                onClick={() => onOpen?.(row)}
                onKeyDown={event => onKeyDown(event, row)}
              >
                {selection !== undefined && (
                  <div
                    role="gridcell"
                    className={classes.cell}
                    data-selects
                    onClick={event => event.stopPropagation()}
                  >
                    <Checkbox
                      aria-label={text('selectRow', { name: nameOf(row) })}
                      checked={selection.keys.has(key)}
                      // One stop of Tab for the whole list: the arrows lead from row to row, and Space chooses.
                      tabIndex={index === current ? 0 : -1}
                      onChange={() => selection.change(toggled(selection.keys, key))}
                    />
                  </div>
                )}
                {columns.map(column => (
                  <div key={column.id} role="gridcell" className={classes.cell} data-align={column.align}>
                    {column.cell(row)}
                  </div>
                ))}
              </div>
            )
          })}
        </div>
        {!list.hasMore && !list.isLoading && rows.length > readAhead && (
          <OnlyRow>
            <p className={classes.endOfList}>{text('endOfList')}</p>
          </OnlyRow>
        )}
        {list.isLoadingMore && (
          <OnlyRow>
            <div className={classes.more} role="status" aria-label={text('loading')}>
              <Loader size="xs" />
            </div>
          </OnlyRow>
        )}
      </div>
      {list.count !== undefined && props.countText !== undefined && rows.length > 0 && (
        <OnlyRow>
          <span className={classes.count}>{props.countText(list.count.rows, list.count.is_exact)}</span>
        </OnlyRow>
      )}
    </div>
  )
}

/** A track in pixels grows with the font of the reader, as rows do. */
const inRem = (track: string): string => track.replace(/(\d+)px/g, (_, pixels) => `${Number(pixels) / 16}rem`)

/** How much larger the reader's font is than the usual one (WCAG 1.4.4). */
export const remScale = (): number =>
  Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16

/**
 * A grid consists of rows only, so what stands in their place is one too. It takes the focus, by which a table that is wider
 * than the screen scrolls (WCAG 2.1.1).
 */
const OnlyRow = ({ children }: { readonly children: ReactNode }) => (
  <div role="rowgroup">
    <div role="row">
      <div role="gridcell" tabIndex={0}>
        {children}
      </div>
    </div>
  </div>
)

function Header<Row>({ list, columns, keyOf, ordering, onOrder, selection }: DataTableProps<Row>) {
  const text = useCommonText()
  const shown = list.rows.map(keyOf)
  const chosen = shown.filter(key => selection?.keys.has(key)).length
  return (
    <div role="rowgroup" className={classes.header}>
      <div role="row" aria-rowindex={1} className={classes.headerRow}>
        {selection !== undefined && (
          <div role="columnheader" className={classes.cell} data-selects>
            <Checkbox
              aria-label={text('selectAll')}
              checked={chosen > 0 && chosen === shown.length}
              indeterminate={chosen > 0 && chosen < shown.length}
              onChange={() => selection.change(new Set(chosen === shown.length ? [] : shown))}
            />
          </div>
        )}
        {columns.map(column => (
          <div
            key={column.id}
            role="columnheader"
            className={classes.cell}
            data-align={column.align}
            aria-sort={sortOf(column.ordering, ordering)}
          >
            {column.ordering === undefined || onOrder === undefined ? (
              column.header
            ) : (
              <UnstyledButton
                className={classes.sort}
                aria-label={text('sortBy', { column: column.header })}
                onClick={() => onOrder(nextOrdering(column.ordering!, ordering))}
              >
                {column.header}
                {ordering === column.ordering && <ArrowUp size={12} aria-hidden />}
                {ordering === `-${column.ordering}` && <ArrowDown size={12} aria-hidden />}
              </UnstyledButton>
            )}
          </div>
        ))}
      </div>
    </div>
  )
}

const nextOrdering = (column: string, ordering: string | undefined): string =>
  ordering === column ? `-${column}` : column

const sortOf = (column: string | undefined, ordering: string | undefined) => {
  if (column === undefined || ordering === undefined) return undefined
  if (ordering === column) return 'ascending'
  return ordering === `-${column}` ? 'descending' : 'none'
}

function toggled(keys: ReadonlySet<number>, key: number): ReadonlySet<number> {
  const next = new Set(keys)
  if (!next.delete(key)) next.add(key)
  return next
}
