import type { Node, SigningKey } from '@propusk/client'
import { useQuery } from '@tanstack/react-query'
import { useFormat } from '../../i18n/index.ts'
import { api } from '../../session/index.ts'
import {
  CopyText,
  ErrorState,
  LinkAnchor,
  LoadingRows,
  nodesQuery,
  Section,
  Status,
  useNow,
} from '../../ui/index.ts'
import { useOverviewText } from './messages.ts'
import classes from './overview.module.css'

/** Whether every node is heard of, and which key signs. */
export function Health() {
  const text = useOverviewText()
  const nodes = useQuery(nodesQuery)
  const keys = useQuery({
    queryKey: ['server', 'keys'],
    queryFn: ({ signal }) => api.call('listSigningKeys', { signal }),
  })
  const failed = [nodes, keys].find(query => query.isError)
  return (
    <Section
      title={text('health')}
      actions={
        <LinkAnchor to="/console/settings" size="sm">
          {text('settings')}
        </LinkAnchor>
      }
    >
      {failed !== undefined && <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />}
      {(nodes.isPending || keys.isPending) && <LoadingRows count={2} />}
      <ul className={classes.lines}>
        {nodes.data?.map(node => (
          <NodeLine key={node.id} node={node} />
        ))}
        {keys.data
          ?.filter(key => key.retired_at === null)
          .map(key => (
            <KeyLine key={key.kid} signingKey={key} />
          ))}
      </ul>
    </Section>
  )
}

function NodeLine({ node }: { readonly node: Node }) {
  const text = useOverviewText()
  const format = useFormat()
  const nowMs = useNow()
  const { host, id, version, started_at, seen_at, is_alive, is_this_one } = node
  return (
    <li className={classes.line}>
      <div className={classes.what}>
        <div>
          {text('node')} <strong>{host ?? id.slice(0, 8)}</strong>
          {is_this_one && <span className="dim"> {text('thisNode')}</span>}
        </div>
        <div className={classes.note}>
          {text('version', { version, when: format.relative(started_at, nowMs) })}
        </div>
      </div>
      {is_alive ? (
        <Status tone="good">{text('alive')}</Status>
      ) : (
        <Status tone="bad">{text('silent', { when: format.relative(seen_at, nowMs) })}</Status>
      )}
    </li>
  )
}

function KeyLine({ signingKey: { kid, algorithm, is_signing } }: { readonly signingKey: SigningKey }) {
  const text = useOverviewText()
  return (
    <li className={classes.line}>
      <div className={classes.what}>
        <div>{text('key')}</div>
        <div className={classes.note}>
          {algorithm} · <CopyText value={kid} />
        </div>
      </div>
      <Status tone={is_signing ? 'good' : 'warn'}>{text(is_signing ? 'keySigns' : 'keySoon')}</Status>
    </li>
  )
}
