import { useSearch } from '@tanstack/react-router'
import { useFormat } from '../../../i18n/index.ts'
import { SearchInput, useIsNarrow } from '../../../ui/index.ts'
import { AppliedFilters } from './applied-filters.tsx'
import classes from './audit-filters.module.css'
import { FiltersDrawer } from './filters-drawer.tsx'
import { useFilterText } from './messages.ts'
import { PeriodButtons } from './period-buttons.tsx'
import { useSetSearch } from './use-set-search.ts'
import { ViewChips } from './view-chips.tsx'

/** As many events as the server searches by words: server/src/audit/audit-event.ts. */
const searchedEvents = 100_000

/** What narrows the list; it stands in the address, so that a view can be shared. */
export function AuditFilters() {
  const text = useFilterText()
  const format = useFormat()
  const set = useSetSearch()
  const isNarrow = useIsNarrow()
  const { q = '' } = useSearch({ from: '/console/audit' })
  return (
    <div className={classes.filters}>
      <div className={classes.line}>
        <div className={classes.search}>
          <SearchInput
            value={q}
            label={text('search')}
            onSearch={q => set({ q: q || undefined }, { replace: true })}
          />
        </div>
        {!isNarrow && <PeriodButtons />}
        <FiltersDrawer />
      </div>
      {!isNarrow && (
        <>
          <ViewChips />
          <AppliedFilters />
        </>
      )}
      {q !== '' && (
        <p className={classes.hint}>{text('searchDepth', { count: format.number(searchedEvents) })}</p>
      )}
    </div>
  )
}
