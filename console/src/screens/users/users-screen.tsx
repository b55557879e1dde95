import { Button } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { Outlet, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useMay } from '../../session/index.ts'
import {
  ColumnsMenu,
  ExportButton,
  LinkButton,
  MasterDetail,
  NoPermissionState,
  Page,
  useShownColumns,
} from '../../ui/index.ts'
import { NewUserModal } from './create/new-user-modal.tsx'
import { columnsAtFirst, usePhoneColumns, useUserColumns } from './list/user-columns.tsx'
import { UserFilters } from './list/user-filters.tsx'
import { UsersList } from './list/users-list.tsx'
import { useUsersText } from './messages.ts'

/** Everybody who has an account: found by typing, narrowed by state and role, opened at the right. */
export function UsersScreen() {
  const may = useMay()
  return may('users', 'read') ? <Users /> : <NoPermissionState permission="users:read" />
}

function Users() {
  const text = useUsersText()
  const may = useMay()
  const navigate = useNavigate({ from: '/console/users' })
  const { create, ...filters } = useSearch({ from: '/console/users' })
  const { id } = useParams({ strict: false })
  const [person, ...others] = useUserColumns()
  const [shown, changeShown] = useShownColumns('users', columnsAtFirst)
  const phone = usePhoneColumns()
  const isPhone = useMediaQuery('(max-width: 40em)', false, { getInitialValueInEffect: false })
  const isAsAtFirst = shown.join() === columnsAtFirst.join()
  const isOpen = id !== undefined
  const fitting =
    isPhone && isAsAtFirst ? phone : [person, ...others.filter(column => shown.includes(column.id))]
  const setCreate = (create: string | undefined) =>
    void navigate({ to: '.', search: old => ({ ...old, create }), replace: true })

  return (
    <Page
      title={text('title')}
      actions={
        <>
          <UserFilters />
          <ColumnsMenu columns={[person, ...others]} shown={shown} onChange={changeShown} />
          <ExportButton id="exportUsers" query={filters} name="users" />
          {may('users', 'create') && (
            <LinkButton to="/console/users/import" variant="default">
              {text('import')}
            </LinkButton>
          )}
          {may('users', 'create') && (
            <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setCreate('yes')}>
              {text('newUser')}
            </Button>
          )}
        </>
      }
      fills
    >
      <MasterDetail
        list={
          // Beside an open person only who it is: the rest stands in the detail.
          <UsersList columns={isOpen ? [person] : fitting} chosen={isOpen ? Number(id) : undefined} />
        }
        detail={isOpen ? <Outlet /> : undefined}
      />
      {create !== undefined && may('users', 'create') && (
        <NewUserModal onClose={() => setCreate(undefined)} />
      )}
    </Page>
  )
}
