import { ShieldCheck } from 'lucide-react'
import { inOrder, useWholeList } from '../../access/index.ts'
import { EmptyState, ErrorState, LinkAnchor, LoadingRows, ScrollAcross, Section } from '../../ui/index.ts'
import classes from './catalogue.module.css'
import type { Entry, EntryKind } from './entry-kind.ts'
import { useCatalogueText } from './messages.ts'
import { WayOn } from './way-on.tsx'

interface EntryUsageProps {
  readonly kind: EntryKind
  readonly entry: Entry
}

/** The roles that hold a permission of this resource or action, each with the other halves of them. */
export function EntryUsage({ kind, entry }: EntryUsageProps) {
  const text = kind.useText()
  const catalogue = useCatalogueText()
  const { data: roles, error, refetch } = useWholeList('roles', 'listRoles')
  const half = kind.resource === 'resources' ? 0 : 1
  const users = (roles ?? [])
    .map(role => {
      const pairs = role.permissions.map(permission => permission.split(':', 2) as [string, string])
      const own = pairs.filter(pair => pair[half] === entry.code_name)
      return { role, others: inOrder(own.map(pair => pair[1 - half]!)) }
    })
    .filter(({ others }) => others.length > 0)

  return (
    <Section title={text('usage')} lead={text('usageLead')}>
      {roles === undefined && error === null && <LoadingRows count={3} />}
      {error !== null && <ErrorState error={error} onRetry={() => void refetch()} />}
      {roles !== undefined && users.length === 0 && (
        <EmptyState icon={<ShieldCheck />} title={text('unused')}>
          {kind.resource === 'resources' && <WayOn resource={entry.code_name} />}
        </EmptyState>
      )}
      {users.length > 0 && (
        <div className={classes.frame}>
          <ScrollAcross label={text('usage')}>
            <table className={classes.table}>
              <thead>
                <tr>
                  <th scope="col">{catalogue('role')}</th>
                  <th scope="col">{text('others')}</th>
                </tr>
              </thead>
              <tbody>
                {users.map(({ role, others }) => (
                  <tr key={role.id}>
                    <th scope="row">
                      <LinkAnchor to="/console/roles/$id" params={{ id: String(role.id) }} size="sm">
                        {role.name}
                      </LinkAnchor>
                    </th>
                    <td>
                      <span className={classes.chips}>
                        {others.map(other => (
                          <code
                            key={other}
                            className={classes.chip}
                            data-all={(kind.resource === 'resources' && other === 'all') || undefined}
                          >
                            {other}
                          </code>
                        ))}
                      </span>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollAcross>
        </div>
      )}
    </Section>
  )
}
