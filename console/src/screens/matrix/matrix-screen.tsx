import { Button, MultiSelect } from '@mantine/core'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { ShieldCheck } from 'lucide-react'
import { useMemo } from 'react'
import { findByNames, naturally, useEntryName, useGrantRefusal, useWholeList } from '../../access/index.ts'
import { useMay } from '../../session/index.ts'
import {
  EmptyState,
  ErrorState,
  LinkButton,
  LoadingRows,
  NoMatchState,
  NoPermissionState,
  Page,
  SearchInput,
} from '../../ui/index.ts'
import classes from './matrix.module.css'
import { MatrixBar } from './matrix-bar.tsx'
import { MatrixGrid } from './matrix-grid.tsx'
import { matrixRows } from './matrix-rows.ts'
import { useMatrixText } from './messages.ts'
import { useFolding } from './use-folding.ts'
import { usePendingMatrix } from './use-pending-matrix.ts'

/** Who can do what, all of it at a glance: roles across, resources and actions down. */
export function MatrixScreen() {
  const may = useMay()
  for (const resource of ['roles', 'resources', 'actions']) {
    if (!may(resource, 'read')) return <NoPermissionState permission={`${resource}:read`} />
  }
  return <Matrix />
}

function Matrix() {
  const text = useMatrixText()
  const navigate = useNavigate({ from: '/console/matrix' })
  const { roles: chosen = '', resource: search = '' } = useSearch({ from: '/console/matrix' })
  const mayChange = useMay()('roles', 'update')
  const reasonOf = useGrantRefusal()
  const roles = useWholeList('roles', 'listRoles')
  const resources = useWholeList('resources', 'listResources')
  const actions = useWholeList('actions', 'listActions')
  const folding = useFolding(search)
  const pending = usePendingMatrix(roles.data ?? [])
  const nameOf = useEntryName()
  const used = useMemo(() => {
    const added = pending.byRole.flatMap(changes => changes.added)
    return new Set([...added, ...(roles.data ?? []).flatMap(role => role.permissions)])
  }, [roles.data, pending.byRole])
  const { isFolded, whole } = folding
  const rows = useMemo(() => {
    const isUsed = (permission: string) => used.has(permission)
    const ordered = (resources.data ?? []).toSorted((a, b) => naturally(nameOf(a), nameOf(b)))
    return matrixRows(ordered, actions.data ?? [], { search, isFolded, isUsed, whole })
  }, [resources.data, actions.data, search, isFolded, used, whole, nameOf])
  const names = new Set(chosen.split(',').filter(name => name !== ''))
  const ordered = useMemo(
    () => (roles.data ?? []).toSorted((a, b) => naturally(a.name, b.name)),
    [roles.data],
  )
  const shown = ordered.filter(role => names.size === 0 || names.has(role.code_name))
  const failed = [roles, resources, actions].find(query => query.isError)
  const isLoading = [roles, resources, actions].some(query => query.isPending)

  const set = (change: { roles?: string; resource?: string }) =>
    void navigate({ search: old => ({ ...old, ...change }), replace: true })
  return (
    <Page
      title={text('title')}
      lead={text(mayChange ? 'lead' : 'leadReading')}
      fills
      actions={
        <>
          <Button variant="default" onClick={folding.foldAll}>
            {text(folding.allOpen ? 'collapse' : 'expand')}
          </Button>
          <SearchInput value={search} label={text('find')} onSearch={resource => set({ resource })} />
          <MultiSelect
            aria-label={text('roles')}
            placeholder={names.size === 0 ? text('allRoles') : ''}
            w={220}
            searchable
            clearable
            value={[...names]}
            onChange={codes => set({ roles: codes.join(',') })}
            data={ordered.map(role => ({ value: role.code_name, label: role.name }))}
            filter={findByNames()}
          />
        </>
      }
    >
      <div className={classes.whole}>
        {failed !== undefined ? (
          <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />
        ) : isLoading ? (
          <LoadingRows count={14} />
        ) : shown.length === 0 ? (
          <EmptyState
            icon={<ShieldCheck />}
            title={text('noRoles')}
            action={<LinkButton to="/console/roles">{text('toRoles')}</LinkButton>}
          />
        ) : rows.length === 0 ? (
          <NoMatchState onClear={() => set({ resource: '' })} />
        ) : (
          <MatrixGrid
            rows={rows}
            roles={shown}
            pending={pending}
            reasonOf={reasonOf}
            isReading={!mayChange}
            onFold={folding.fold}
            onWhole={folding.showWhole}
          />
        )}
        <MatrixBar pending={pending} />
      </div>
    </Page>
  )
}
