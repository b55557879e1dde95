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
import { useIsNarrow } from '../catalogue/use-is-narrow.ts'
import { CreateRole } from './create-role.tsx'
import { useRoleColumns } from './use-role-columns.tsx'
import { useRolesText } from './words.ts'

/** Every role: found by typing, opened at the right, made by a button. */
export function RolesScreen() {
  const text = useRolesText()
  const may = useMay()
  if (!may('roles', 'read')) return <NoPermissionState permission="roles:read" />
  return (
    <Page title={text('title')} lead={text('lead')} actions={<RolesActions />} fills>
      <RolesList />
    </Page>
  )
}

function RolesActions() {
  const text = useRolesText()
  const may = useMay()
  const navigate = useNavigate()
  const { search = '', create } = useSearch({ from: '/console/roles' })
  const open = (create: string | undefined) =>
    void navigate({ to: '.', search: old => ({ ...old, create }), replace: true })
  return (
    <>
      <SearchInput
        value={search}
        label={text('search')}
        onSearch={value =>
          void navigate({ to: '.', search: old => ({ ...old, search: value }), replace: true })
        }
      />
      {may('roles', 'create') && (
        <>
          <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => open('yes')}>
            {text('newRole')}
          </Button>
          {create !== undefined && <CreateRole onClose={() => open(undefined)} />}
        </>
      )}
    </>
  )
}

function RolesList() {
  const text = useRolesText()
  const navigate = useNavigate()
  const { search, ordering = 'name' } = useSearch({ from: '/console/roles' })
  const { id } = useParams({ strict: false })
  const list = useList('roles', 'listRoles', { search, ordering })
  const columns = useRoleColumns(useIsNarrow() || id !== undefined)

  return (
    <MasterDetail
      list={
        <DataTable
          label={text('title')}
          list={list}
          columns={columns}
          keyOf={role => role.id}
          nameOf={role => role.name}
          chosen={id === undefined ? undefined : Number(id)}
          ordering={ordering}
          onOrder={next =>
            void navigate({ to: '.', search: old => ({ ...old, ordering: next }), replace: true })
          }
          onOpen={role =>
            void navigate({
              to: '/console/roles/$id',
              params: { id: String(role.id) },
              search: ({ compare: _, ...old }) => old,
            })
          }
          empty={
            search === undefined ? (
              <EmptyState title={text('emptyTitle')}>{text('emptyHint')}</EmptyState>
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
