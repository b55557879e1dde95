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

type ResourceName = 'roles' | 'resources' | 'actions'

interface CatalogueScreenProps {
  readonly resource: ResourceName
  readonly title: string
  readonly lead: string
  readonly searchLabel: string
  readonly newLabel: string
  /** The form that makes a new one. */
  create(onClose: () => void): ReactNode
  readonly children: ReactNode
}

/** Every one of what permissions are made of: found by typing, opened at the right, made by a button. */
export function CatalogueScreen({ resource, title, lead, children, ...actions }: CatalogueScreenProps) {
  const may = useMay()
  if (!may(resource, 'read')) return <NoPermissionState permission={`${resource}:read`} />
  return (
    <Page title={title} lead={lead} actions={<CatalogueActions resource={resource} {...actions} />} fills>
      {children}
    </Page>
  )
}

function CatalogueActions({
  resource,
  searchLabel,
  newLabel,
  create,
}: Pick<CatalogueScreenProps, 'resource' | 'searchLabel' | 'newLabel' | 'create'>) {
  const may = useMay()
  const navigate = useNavigate()
  const asked = useSearch({ from: `/console/${resource}` })
  const open = (create: string | undefined) =>
    void navigate({ to: '.', search: old => ({ ...old, create }), replace: true })
  return (
    <>
      <SearchInput
        value={asked.search ?? ''}
        label={searchLabel}
        onSearch={search => void navigate({ to: '.', search: old => ({ ...old, search }), replace: true })}
      />
      {may(resource, 'create') && (
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
  readonly resource: ResourceName
  readonly label: string
  readonly list: List<Row>
  readonly columns: readonly Column<Row>[]
  /** What stands there while there is none at all. */
  readonly empty: ReactNode
}

/** The rows, and the one that is open. */
export function CatalogueList<Row extends { readonly id: number; readonly name: string }>({
  resource,
  label,
  list,
  columns,
  empty,
}: CatalogueListProps<Row>) {
  const navigate = useNavigate()
  const { search, ordering = 'name' } = useSearch({ from: `/console/${resource}` })
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
              to: `/console/${resource}/$id`,
              params: { id: String(row.id) },
              // What only the one that was open before was asked for.
              search: ({ with: _, compare: __, resource: ___, ...old }) => old,
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
