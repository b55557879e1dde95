import { useParams, useSearch } from '@tanstack/react-router'
import { ShieldCheck } from 'lucide-react'
import { useNamedList } from '../../access/index.ts'
import { EmptyState, useIsNarrow } from '../../ui/index.ts'
import { CatalogueList, CatalogueScreen } from '../catalogue/catalogue-screen.tsx'
import { CreateRole } from './create-role.tsx'
import { useRolesText } from './messages.ts'
import { useRoleColumns } from './use-role-columns.tsx'

/** Every role. */
export function RolesScreen() {
  const text = useRolesText()
  return (
    <CatalogueScreen
      resource="roles"
      title={text('title')}
      lead={text('lead')}
      searchLabel={text('search')}
      newLabel={text('newRole')}
      create={onClose => <CreateRole onClose={onClose} />}
    >
      <RolesList />
    </CatalogueScreen>
  )
}

function RolesList() {
  const text = useRolesText()
  const { search, ordering = 'name' } = useSearch({ from: '/console/roles' })
  const { id } = useParams({ strict: false })
  return (
    <CatalogueList
      resource="roles"
      label={text('title')}
      list={useNamedList('roles', { search, ordering })}
      columns={useRoleColumns(useIsNarrow() || id !== undefined)}
      empty={
        <EmptyState icon={<ShieldCheck />} title={text('emptyTitle')}>
          {text('emptyHint')}
        </EmptyState>
      }
    />
  )
}
