import type { Role } from '@propusk/client'
import { inOrder, useEntryName, useWholeList } from '../../access/index.ts'
import { useFormat } from '../../i18n/index.ts'
import { useMay } from '../../session/index.ts'
import { Section } from '../../ui/index.ts'
import { useRolesText } from './messages.ts'
import classes from './roles.module.css'

/** What a role allows, in words: resources with which the same can be done stand together. */
export function RoleAllows({ role }: { readonly role: Role }) {
  const text = useRolesText()
  const format = useFormat()
  const nameOfResource = useNames('resources', 'listResources')
  const nameOfAction = useNames('actions', 'listActions')
  const groups = groupByActions(role.permissions)

  return (
    <Section title={text('allows')}>
      {groups.length === 0 ? (
        <p className={classes.quiet}>{text('allowsNothing')}</p>
      ) : (
        <dl className={classes.allows}>
          {groups.map(({ actions, resources }) => (
            <div key={actions.join()} className={classes.allowed}>
              <dt>{format.list(resources.map(nameOfResource))}</dt>
              <dd>{actions.includes('all') ? text('everything') : format.list(actions.map(nameOfAction))}</dd>
            </div>
          ))}
        </dl>
      )}
    </Section>
  )
}

/** What people call a resource or an action; its code name for whoever may not read the list. */
function useNames(resource: 'resources' | 'actions', id: 'listResources' | 'listActions') {
  const may = useMay()
  const entryName = useEntryName()
  const { data } = useWholeList(resource, id, { isOn: may(resource, 'read') })
  const names = new Map(data?.map(entry => [entry.code_name, entryName(entry)]))
  return (codeName: string) => names.get(codeName) ?? codeName
}

interface Allowed {
  readonly actions: readonly string[]
  readonly resources: readonly string[]
}

/** The most far-reaching first. */
export function groupByActions(permissions: readonly string[]): readonly Allowed[] {
  const pairs = permissions.map(permission => permission.split(':', 2) as [string, string])
  const byResource = Map.groupBy(pairs, ([resource]) => resource)
  const allowed = [...byResource].map(([resource, pairs]) => {
    const actions = pairs.map(([, action]) => action)
    return { resource, actions: actions.includes('all') ? ['all'] : inOrder(actions) }
  })
  const byActions = Map.groupBy(allowed, ({ actions }) => actions.join())
  return [...byActions.values()]
    .map(same => ({ actions: same[0]!.actions, resources: same.map(({ resource }) => resource) }))
    .sort((a, b) => weightOf(b) - weightOf(a))
}

const weightOf = ({ actions }: Allowed): number =>
  actions[0] === 'all' ? Number.MAX_SAFE_INTEGER : actions.length
