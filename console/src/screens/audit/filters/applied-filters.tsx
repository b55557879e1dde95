import { Button } from '@mantine/core'
import { X } from 'lucide-react'
import classes from './audit-filters.module.css'
import type { AuditSearch } from './audit-search.ts'
import { useFilterText } from './messages.ts'
import { useFilterWords } from './use-filter-words.ts'
import { useSetSearch } from './use-set-search.ts'

/** What the buttons for periods and views, and the search, do not show by themselves. */
const shown: readonly (keyof AuditSearch)[] = ['actor', 'action', 'target', 'address']

/** The filters that are set and stand nowhere else in sight; each goes by its own cross. */
export function AppliedFilters() {
  const text = useFilterText()
  const set = useSetSearch()
  const applied = useFilterWords().filter(({ name }) => shown.includes(name))
  if (applied.length === 0) return null
  return (
    <div className={classes.line}>
      {applied.map(({ name, words }) => (
        <Button
          key={name}
          size="compact-xs"
          variant="light"
          rightSection={<X size={12} aria-hidden />}
          aria-label={text('remove', { filter: words })}
          onClick={() => set({ [name]: undefined })}
        >
          {words}
        </Button>
      ))}
    </div>
  )
}
