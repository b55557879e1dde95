import { Badge } from '@mantine/core'
import { ScrollAcross } from '../../ui/index.ts'
import classes from './compare.module.css'
import { useCompareText } from './compare-messages.ts'
import type { ComparedResource } from './compare-permissions.ts'

interface CompareTableProps {
  readonly rows: readonly ComparedResource[]
  readonly nameA: string
  readonly nameB: string
}

export function CompareTable({ rows, nameA, nameB }: CompareTableProps) {
  const text = useCompareText()
  return (
    <div className={classes.frame}>
      <ScrollAcross label={text('table')}>
        <table className={classes.table} aria-label={text('table')}>
          <thead>
            <tr>
              <th scope="col">{text('resource')}</th>
              <th scope="col">{text('only', { name: nameA })}</th>
              <th scope="col">{text('both')}</th>
              <th scope="col">{text('only', { name: nameB })}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ resource, onlyA, both, onlyB }) => (
              <tr key={resource}>
                <th scope="row">
                  <code>{resource}</code>
                </th>
                <Actions actions={onlyA} tone="a" />
                <Actions actions={both} tone="both" />
                <Actions actions={onlyB} tone="b" />
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollAcross>
    </div>
  )
}

interface ActionsProps {
  readonly actions: readonly string[]
  readonly tone: 'a' | 'both' | 'b'
}

function Actions({ actions, tone }: ActionsProps) {
  const text = useCompareText()
  return (
    <td>
      <span className={classes.actions}>
        {actions.map(action =>
          action === 'all' ? (
            <Badge key={action} className={classes.all} title={text('allMeans')}>
              {action}
            </Badge>
          ) : (
            <code key={action} className={classes.action} data-tone={tone}>
              {action}
            </code>
          ),
        )}
      </span>
    </td>
  )
}
