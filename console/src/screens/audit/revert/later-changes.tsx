import type { AuditEvent } from '@propusk/client'
import { useQuery } from '@tanstack/react-query'
import { useFormat } from '../../../i18n/index.ts'
import { api } from '../../../session/index.ts'
import { LinkAnchor } from '../../../ui/index.ts'
import { useRevertText } from './messages.ts'
import { reversalOf } from './reversal.ts'
import classes from './revert.module.css'

const mostShown = 3

/** Who has changed the same since: what they wanted is undone, too, where it rests on this event. */
export function LaterChanges({ event }: { readonly event: AuditEvent }) {
  const text = useRevertText()
  const format = useFormat()
  const { id, target, at } = event
  const { data = [] } = useQuery({
    queryKey: ['audit', 'listAuditEvents', 'later', id],
    queryFn: async ({ signal }) =>
      (await api.call('listAuditEvents', { query: { target: target!, since: at, ordering: 'at' }, signal }))
        .results,
  })
  const later = data
    .filter(other => isLater(other, event) && touchesTheSame(event, other))
    .slice(0, mostShown)
  if (later.length === 0) return null
  return (
    <div role="status">
      <p className={classes.title}>{text('later')}</p>
      <ul className={classes.steps}>
        {later.map(other => (
          <li key={other.id}>
            <LinkAnchor to="/console/audit/$id" params={{ id: String(other.id) }} search={true} inherit>
              {text('laterEvent', {
                actor: other.actor?.email ?? text('someone'),
                at: format.exact(other.at),
              })}
            </LinkAnchor>
          </li>
        ))}
      </ul>
    </div>
  )
}

const isLater = (other: AuditEvent, { id, at }: AuditEvent): boolean =>
  other.at > at || (other.at === at && other.id > id)

/** Whether two events changed the same field, list or state. */
function touchesTheSame(event: AuditEvent, other: AuditEvent): boolean {
  const fields = (each: AuditEvent) =>
    new Set(
      (reversalOf(each)?.steps ?? []).map(step => ('field' in step ? step.field : step.kind.split('_')[1])),
    )
  return !fields(event).isDisjointFrom(fields(other))
}
