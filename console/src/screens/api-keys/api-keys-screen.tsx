import { Button, SegmentedControl } from '@mantine/core'
import { Outlet, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { KeyRound, Plus } from 'lucide-react'
import { useMay, useProfile } from '../../session/index.ts'
import {
  DataTable,
  EmptyState,
  MasterDetail,
  NoMatchState,
  NoPermissionState,
  nameOf,
  Page,
  SearchInput,
  useIsNarrow,
  useList,
  usePerson,
} from '../../ui/index.ts'
import classes from './api-keys.module.css'
import { CreateKey } from './create-key.tsx'
import { useKeyColumns } from './key-columns.tsx'
import { useApiKeysText } from './messages.ts'

/** The keys of programs: found by name, prefix or owner, opened at the right, made by a button. */
export function ApiKeysScreen() {
  const may = useMay()
  return may('api_keys', 'read') ? <ApiKeys /> : <NoPermissionState permission="api_keys:read" />
}

function ApiKeys() {
  const text = useApiKeysText()
  const may = useMay()
  const navigate = useNavigate({ from: '/console/api-keys' })
  const { search, create } = useSearch({ from: '/console/api-keys' })
  const { id } = useParams({ strict: false })
  const isOpen = id !== undefined
  const narrow = (change: Record<string, string | undefined>) =>
    void navigate({ to: '.', search: old => ({ ...old, ...change }), replace: true })
  return (
    <Page
      title={text('title')}
      lead={text('lead')}
      actions={
        <>
          <SearchInput
            value={search ?? ''}
            label={text('search')}
            onSearch={search => narrow({ search: search })}
          />
          <OwnerFilter onChange={owner_id => narrow({ owner_id })} />
          {may('api_keys', 'create') && (
            <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => narrow({ create: 'yes' })}>
              {text('new')}
            </Button>
          )}
        </>
      }
      fills
    >
      <MasterDetail
        list={<KeysList chosen={isOpen ? Number(id) : undefined} />}
        detail={isOpen ? <Outlet /> : undefined}
      />
      {create !== undefined && may('api_keys', 'create') && (
        <CreateKey onClose={() => narrow({ create: undefined })} />
      )}
    </Page>
  )
}

/** Everybody's, one's own, or those of the person whose page led here. */
function OwnerFilter({ onChange }: { onChange(ownerId: string | undefined): void }) {
  const text = useApiKeysText()
  const { id: viewerId } = useProfile()
  const { owner_id } = useSearch({ from: '/console/api-keys' })
  const mine = String(viewerId)
  const isOther = owner_id !== undefined && owner_id !== mine
  const other = usePerson(isOther ? Number(owner_id) : undefined)
  return (
    <SegmentedControl
      aria-label={text('ownerFilter')}
      className={classes.owner}
      value={owner_id ?? 'all'}
      onChange={next => onChange(next === 'all' ? undefined : next)}
      data={[
        { value: 'all', label: text('all') },
        { value: mine, label: text('mine') },
        ...(isOther
          ? [{ value: owner_id, label: other === undefined ? `#${owner_id}` : nameOf(other) }]
          : []),
      ]}
    />
  )
}

function KeysList({ chosen }: { readonly chosen: number | undefined }) {
  const text = useApiKeysText()
  const viewer = useProfile()
  const navigate = useNavigate({ from: '/console/api-keys' })
  const { search, owner_id, ordering = 'name' } = useSearch({ from: '/console/api-keys' })
  const clear = () => void navigate({ to: '.', search: {}, replace: true })
  const isMine = search === undefined && owner_id === String(viewer.id)
  const noneTitle = isMine ? text('noneMine') : text('none')
  const isNarrowed = !isMine && (search ?? owner_id) !== undefined
  return (
    <DataTable
      label={text('title')}
      list={useList('api_keys', 'listApiKeys', { search, owner_id, ordering })}
      columns={useKeyColumns(useIsNarrow() || chosen !== undefined)}
      keyOf={key => key.id}
      nameOf={key => key.name}
      chosen={chosen}
      ordering={ordering}
      onOrder={next => void navigate({ to: '.', search: old => ({ ...old, ordering: next }), replace: true })}
      onOpen={key =>
        void navigate({ to: '/console/api-keys/$id', params: { id: String(key.id) }, search: true })
      }
      empty={
        isNarrowed ? (
          <NoMatchState onClear={clear} />
        ) : (
          <EmptyState icon={<KeyRound />} title={noneTitle}>
            {text('noneHint')}
          </EmptyState>
        )
      }
    />
  )
}
