import { Tooltip } from '@mantine/core'
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
                <Actions resource={resource} actions={onlyA} tone="a" coveredBy={[...both, ...onlyB]} />
                <Actions resource={resource} actions={both} tone="both" coveredBy={[]} />
                <Actions resource={resource} actions={onlyB} tone="b" coveredBy={[...both, ...onlyA]} />
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollAcross>
    </div>
  )
}

interface ActionsProps {
  readonly resource: string
  readonly actions: readonly string[]
  readonly tone: 'a' | 'both' | 'b'
  /** What the other role holds of the resource: with `all` among it, it may do these too. */
  readonly coveredBy: readonly string[]
}

function Actions({ resource, actions, tone, coveredBy }: ActionsProps) {
  const text = useCompareText()
  const isCovered = coveredBy.includes('all')
  return (
    <td>
      <span className={classes.actions}>
        {actions.map(action => (
          <Tooltip
            key={action}
            disabled={!isCovered}
            label={text('covered', { permission: `${resource}:all` })}
            maw={300}
          >
            <code className={classes.action} data-tone={tone} data-covered={isCovered || undefined}>
              {action}
            </code>
          </Tooltip>
        ))}
      </span>
    </td>
  )
}
