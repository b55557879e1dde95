import { Button } from '@mantine/core'
import { Outlet, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import type { ReactNode } from 'react'
import { useMay } from '../../session/index.ts'
import {
  type Column,
  DataTable,
  type List,
  MasterDetail,
  NoMatchState,
  NoPermissionState,
  Page,
  SearchInput,
} from '../../ui/index.ts'

type Room = 'roles' | 'resources' | 'actions'

interface CatalogueScreenProps {
  readonly room: Room
  readonly title: string
  readonly lead: string
  readonly searchLabel: string
  readonly newLabel: string
  /** The form that makes a new one. */
  create(onClose: () => void): ReactNode
  readonly children: ReactNode
}

/** Every one of what permissions are made of: found by typing, opened at the right, made by a button. */
export function CatalogueScreen({ room, title, lead, children, ...actions }: CatalogueScreenProps) {
  const may = useMay()
  if (!may(room, 'read')) return <NoPermissionState permission={`${room}:read`} />
  return (
    <Page title={title} lead={lead} actions={<CatalogueActions room={room} {...actions} />} fills>
      {children}
    </Page>
  )
}

function CatalogueActions({
  room,
  searchLabel,
  newLabel,
  create,
}: Pick<CatalogueScreenProps, 'room' | 'searchLabel' | 'newLabel' | 'create'>) {
  const may = useMay()
  const navigate = useNavigate()
  const asked = useSearch({ from: `/console/${room}` })
  const open = (create: string | undefined) =>
    void navigate({ to: '.', search: old => ({ ...old, create }), replace: true })
  return (
    <>
      <SearchInput
        value={asked.search ?? ''}
        label={searchLabel}
        onSearch={search => void navigate({ to: '.', search: old => ({ ...old, search }), replace: true })}
      />
      {may(room, 'create') && (
        <>
          <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => open('yes')}>
            {newLabel}
          </Button>
          {asked.create !== undefined && create(() => open(undefined))}
        </>
      )}
    </>
  )
}

interface CatalogueListProps<Row> {
  readonly room: Room
  readonly label: string
  readonly list: List<Row>
  readonly columns: readonly Column<Row>[]
  /** What stands there while there is none at all. */
  readonly empty: ReactNode
}

/** The rows, and the one that is open. */
export function CatalogueList<Row extends { readonly id: number; readonly name: string }>({
  room,
  label,
  list,
  columns,
  empty,
}: CatalogueListProps<Row>) {
  const navigate = useNavigate()
  const { search, ordering = 'name' } = useSearch({ from: `/console/${room}` })
  const { id } = useParams({ strict: false })
  return (
    <MasterDetail
      list={
        <DataTable
          label={label}
          list={list}
          columns={columns}
          keyOf={row => row.id}
          nameOf={row => row.name}
          chosen={id === undefined ? undefined : Number(id)}
          ordering={ordering}
          onOrder={next =>
            void navigate({ to: '.', search: old => ({ ...old, ordering: next }), replace: true })
          }
          onOpen={row =>
            void navigate({
              to: `/console/${room}/$id`,
              params: { id: String(row.id) },
              // What only the one that was open before was asked for.
              search: ({ with: _, compare: __, ...old }) => old,
            })
          }
          empty={
            search === undefined ? (
              empty
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
