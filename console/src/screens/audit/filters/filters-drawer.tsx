import { Button, Drawer, Group, Stack } from '@mantine/core'
import { useSearch } from '@tanstack/react-router'
import { ListFilter } from 'lucide-react'
import { useState } from 'react'
import { useCommonText, useIsNarrow } from '../../../ui/index.ts'
import type { AuditSearch } from './audit-search.ts'
import { FilterFields } from './filter-fields.tsx'
import { useFilterText } from './messages.ts'
import { PeriodButtons } from './period-buttons.tsx'
import { noFilters, useSetSearch } from './use-set-search.ts'
import { ViewChips } from './view-chips.tsx'

/** All filters behind one button: on a narrow screen nothing else stands above the list. */
export function FiltersDrawer() {
  const text = useFilterText()
  const common = useCommonText()
  const set = useSetSearch()
  const isNarrow = useIsNarrow()
  const search: AuditSearch = useSearch({ from: '/console/audit' })
  const [isOpen, setOpen] = useState(false)
  const { q: _typed, ...rest } = search
  const count = Object.keys(noFilters).filter(name => rest[name as keyof typeof rest] !== undefined).length
  return (
    <>
      <Button
        variant="default"
        leftSection={<ListFilter size={15} aria-hidden />}
        aria-haspopup="dialog"
        onClick={() => setOpen(true)}
      >
        {count === 0 ? text('filters') : text('filtersSet', { count })}
      </Button>
      <Drawer
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={text('filters')}
        size={isNarrow ? '100%' : 380}
        attributes={{ header: { role: 'presentation' } }}
        closeButtonProps={{ 'aria-label': common('close') }}
      >
        <Stack gap="md">
          {isNarrow && (
            <>
              <PeriodButtons />
              <ViewChips />
            </>
          )}
          <FilterFields />
          <Group gap="xs" justify="flex-end">
            <Button variant="default" disabled={count === 0} onClick={() => set(noFilters)}>
              {text('clearAll')}
            </Button>
            <Button onClick={() => setOpen(false)}>{text('show')}</Button>
          </Group>
        </Stack>
      </Drawer>
    </>
  )
}
