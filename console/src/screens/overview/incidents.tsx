import { useQuery } from '@tanstack/react-query'
import { ChevronRight, TriangleAlert } from 'lucide-react'
import { useMay } from '../../session/index.ts'
import { LinkAnchor, nodesQuery } from '../../ui/index.ts'
import { useOverviewText } from './messages.ts'
import classes from './overview.module.css'
import { actionOf, type Period, sumOf } from './period.ts'

/** What wants a look before any number does: each line leads to where it is seen. Absent on a calm day. */
export function Incidents({ period }: { readonly period: Period }) {
  const text = useOverviewText()
  const may = useMay()
  const nodes = useQuery({ ...nodesQuery, enabled: may('server', 'read') })
  const { locked } = period.statistics
  const reused = sumOf(period.buckets, 'token_reuse')
  const waiting = locked.accounts + locked.addresses
  const silent = nodes.data?.filter(node => !node.is_alive).length ?? 0
  if (reused + waiting + silent === 0) return null
  return (
    <ul aria-label={text('incidents')} className={classes.incidents}>
      {reused > 0 && (
        <Incident>
          <LinkAnchor
            to="/console/audit"
            search={{ action: actionOf.token_reuse, since: period.since }}
            c="inherit"
            inherit
          >
            {text('reused', { count: reused })}
          </LinkAnchor>
        </Incident>
      )}
      {waiting > 0 && (
        <Incident>
          {may('throttle', 'read') ? (
            <LinkAnchor to="/console" hash="waiting" c="inherit" inherit>
              {text('waiting', { count: waiting })}
            </LinkAnchor>
          ) : (
            text('waiting', { count: waiting })
          )}
        </Incident>
      )}
      {silent > 0 && (
        <Incident>
          <LinkAnchor to="/console/settings" c="inherit" inherit>
            {text('silentNodes', { count: silent })}
          </LinkAnchor>
        </Incident>
      )}
    </ul>
  )
}

const Incident = ({ children }: { readonly children: React.ReactNode }) => (
  <li className={classes.incident}>
    <TriangleAlert size={16} aria-hidden />
    <span>{children}</span>
    <ChevronRight size={14} aria-hidden />
  </li>
)
