import { useParams, useSearch } from '@tanstack/react-router'
import { Blocks } from 'lucide-react'
import { useNamedList } from '../../access/index.ts'
import { EmptyState, useIsNarrow } from '../../ui/index.ts'
import { CatalogueList, CatalogueScreen } from './catalogue-screen.tsx'
import { CreateEntry } from './create-entry.tsx'
import type { EntryKind } from './entry-kind.ts'
import { useCatalogueText } from './messages.ts'
import { useEntryColumns } from './use-entry-columns.tsx'

interface KindProps {
  readonly kind: EntryKind
}

/** Every resource, or every action. */
export function EntriesScreen({ kind }: KindProps) {
  const text = kind.useText()
  const catalogue = useCatalogueText()
  return (
    <CatalogueScreen
      resource={kind.resource}
      title={text('title')}
      lead={text('lead')}
      searchLabel={catalogue('search')}
      newLabel={text('new')}
      create={onClose => <CreateEntry kind={kind} onClose={onClose} />}
    >
      <EntriesList kind={kind} />
    </CatalogueScreen>
  )
}

function EntriesList({ kind }: KindProps) {
  const text = kind.useText()
  const { search, ordering = 'name' } = useSearch({ from: kind.to })
  const { id } = useParams({ strict: false })
  return (
    <CatalogueList
      resource={kind.resource}
      label={text('title')}
      list={useNamedList(kind.resource, { search, ordering })}
      columns={useEntryColumns(kind, useIsNarrow() || id !== undefined)}
      empty={<EmptyState icon={<Blocks />} title={text('none')} />}
    />
  )
}
