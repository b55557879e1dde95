import { Loader } from '@mantine/core'
import type { ReactNode } from 'react'
import { useCommonText } from '../messages.ts'
import { EmptyState, ErrorState, LoadingRows } from '../states.tsx'
import type { List } from '../use-list.ts'
import classes from './data-table.module.css'

/**
 * A grid consists of rows only, so what stands in their place is one too. It takes the focus, by which a table that is wider
 * than the screen scrolls (WCAG 2.1.1).
 */
export const OnlyRow = ({ children }: { readonly children: ReactNode }) => (
  <div role="rowgroup">
    <div role="row">
      <div role="gridcell" tabIndex={0}>
        {children}
      </div>
    </div>
  </div>
)

/** In place of rows: they are on their way, could not be read, or there are none. */
export function InPlaceOfRows<Row>({ list, empty }: { readonly list: List<Row>; readonly empty: ReactNode }) {
  if (list.isLoading) return <LoadingRows />
  if (list.rows.length > 0) return null
  return (
    <OnlyRow>
      {list.error === undefined ? (
        (empty ?? <EmptyState />)
      ) : (
        <ErrorState error={list.error} onRetry={list.retry} />
      )}
    </OnlyRow>
  )
}

/** After the last row: that it is the last, of a list that is longer than a look, or that more are being read. */
export function AfterRows<Row>({ list, isLong }: { readonly list: List<Row>; readonly isLong: boolean }) {
  const text = useCommonText()
  if (list.isLoadingMore)
    return (
      <OnlyRow>
        <div className={classes.more} role="status" aria-label={text('loading')}>
          <Loader size="xs" />
        </div>
      </OnlyRow>
    )
  if (list.hasMore || list.isLoading || !isLong) return null
  return (
    <OnlyRow>
      <p className={classes.endOfList}>{text('endOfList')}</p>
    </OnlyRow>
  )
}
