import type { Role } from '@propusk/client'
import { inGroups, inOrder, naturally, useEntryName, useNamedList, useWholeList } from '../../access/index.ts'
import { useMay } from '../../session/index.ts'
import type { List } from '../../ui/index.ts'
import type { GridRow } from './permission-grid.tsx'

export interface GridAxes {
  readonly resources: readonly GridRow[]
  readonly actions: readonly string[]
  /** Every resource, page by page. */
  readonly list: List<GridRow>
}

/** The rows and columns of a role's grid. Who may not read resources or actions sees those that the role names. */
export function useGridAxes(
  role: Role,
  flipped: ReadonlySet<string>,
  shown: 'own' | 'every',
  search: string,
): GridAxes {
  const may = useMay()
  const entryName = useEntryName()
  const actions = useWholeList('actions', 'listActions', { isOn: may('actions', 'read') })
  const names = useWholeList('resources', 'listResources', {
    isOn: may('resources', 'read') && shown === 'own',
  })
  const list = useNamedList('resources', {
    search,
    ordering: 'name',
    isOn: may('resources', 'read') && shown === 'every',
  })
  const named = [...role.permissions, ...flipped].map(
    permission => permission.split(':', 2) as [string, string],
  )
  const nameOf = new Map(names.data?.map(entry => [entry.code_name, entryName(entry)]))
  const own = [...new Set(named.map(([resource]) => resource))]
    .map(code_name => ({ code_name, name: nameOf.get(code_name) ?? code_name }))
    .sort((a, b) => naturally(a.name, b.name))
  return {
    resources: inGroups(shown === 'own' ? own : list.rows.map(row => ({ ...row, name: entryName(row) }))),
    actions: inOrder([
      ...named.map(([, action]) => action),
      ...(actions.data ?? []).map(row => row.code_name),
    ]),
    list,
  }
}
