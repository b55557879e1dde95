import { Button } from '@mantine/core'
import { Outlet, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useMay } from '../../session/index.ts'
import {
  DataTable,
  EmptyState,
  MasterDetail,
  NoMatchState,
  NoPermissionState,
  Page,
  SearchInput,
  useList,
} from '../../ui/index.ts'
import { CreateEntry } from './create-entry.tsx'
import type { EntryKind } from './entry-kind.ts'
import { useEntryColumns } from './use-entry-columns.tsx'
import { useIsNarrow } from './use-is-narrow.ts'
import { useCatalogueText } from './words.ts'

interface KindProps {
  readonly kind: EntryKind
}

/** Every resource, or every action: found by typing, opened at the right, made by a button. */
export function EntriesScreen({ kind }: KindProps) {
  const text = kind.useText()
  const may = useMay()
  if (!may(kind.room, 'read')) return <NoPermissionState permission={`${kind.room}:read`} />
  return (
    <Page title={text('title')} lead={text('lead')} actions={<EntriesActions kind={kind} />} fills>
      <EntriesList kind={kind} />
    </Page>
  )
}

function EntriesActions({ kind }: KindProps) {
  const text = kind.useText()
  const catalogue = useCatalogueText()
  const may = useMay()
  const navigate = useNavigate()
  const { search = '', create } = useSearch({ from: kind.to })
  const open = (create: string | undefined) =>
    void navigate({ to: '.', search: old => ({ ...old, create }), replace: true })
  return (
    <>
      <SearchInput
        value={search}
        label={catalogue('search')}
        onSearch={value =>
          void navigate({ to: '.', search: old => ({ ...old, search: value }), replace: true })
        }
      />
      {may(kind.room, 'create') && (
        <>
          <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => open('yes')}>
            {text('new')}
          </Button>
          {create !== undefined && <CreateEntry kind={kind} onClose={() => open(undefined)} />}
        </>
      )}
    </>
  )
}

function EntriesList({ kind }: KindProps) {
  const text = kind.useText()
  const navigate = useNavigate()
  const { search, ordering = 'name' } = useSearch({ from: kind.to })
  const { id } = useParams({ strict: false })
  const list = useList(kind.room, kind.listId, { search, ordering })
  const columns = useEntryColumns(kind, useIsNarrow() || id !== undefined)

  return (
    <MasterDetail
      list={
        <DataTable
          label={text('title')}
          list={list}
          columns={columns}
          keyOf={entry => entry.id}
          nameOf={entry => entry.name}
          chosen={id === undefined ? undefined : Number(id)}
          ordering={ordering}
          onOrder={next =>
            void navigate({ to: '.', search: old => ({ ...old, ordering: next }), replace: true })
          }
          onOpen={entry =>
            void navigate({
              to: kind.toOne,
              params: { id: String(entry.id) },
              search: ({ with: _, ...old }) => old,
            })
          }
          empty={
            search === undefined ? (
              <EmptyState title={text('none')} />
            ) : (
              <NoMatchState onClear={() => void navigate({ to: '.', search: {} })} />
            )
          }
        />
      }
      detail={id === undefined ? undefined : <Outlet />}
    />
  )
}
