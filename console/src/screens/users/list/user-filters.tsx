import { Select } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useMay } from '../../../session/index.ts'
import { SearchInput } from '../../../ui/index.ts'
import { useUsersText } from '../messages.ts'
import { RoleSelect } from '../role-select.tsx'
import classes from './user-filters.module.css'

/** What narrows the list; it stands in the address, so that a view can be shared. */
export function UserFilters() {
  const text = useUsersText()
  const may = useMay()
  const navigate = useNavigate({ from: '/console/users' })
  const { search = '', is_active = '', role = '' } = useSearch({ from: '/console/users' })
  const set = (change: Record<string, string | undefined>) =>
    void navigate({ to: '.', search: old => ({ ...old, ...change }), replace: true })
  return (
    <>
      <div className={classes.search}>
        <SearchInput value={search} label={text('search')} onSearch={value => set({ search: value })} />
      </div>
      <Select
        aria-label={text('state')}
        className={classes.choice}
        value={is_active}
        onChange={value => set({ is_active: value ?? '' })}
        allowDeselect={false}
        data={[
          { value: '', label: text('anyState') },
          { value: 'true', label: text('onlyActive') },
          { value: 'false', label: text('onlyDeactivated') },
        ]}
      />
      {may('roles', 'read') && (
        <RoleSelect
          label={text('role')}
          className={classes.choice}
          value={role}
          onChange={value => set({ role: value })}
        />
      )}
    </>
  )
}
