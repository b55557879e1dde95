import type { AuditEvent } from '@propusk/client'

export interface EventGroup {
  readonly newest: AuditEvent
  /** How many more of the same came before it. */
  readonly more: number
  readonly isIncident: boolean
}

/** Up to so many of one kind are listed one by one. */
const fewOfKind = 2

/** What was refused or failed, and a token that was used twice: somebody else may have it. */
const isIncident = ({ action, outcome }: AuditEvent): boolean =>
  outcome !== 'success' || action === 'token.reuse'

/** Newest first, incidents before the rest; what happens all day long is one line, so that rare events stay in sight. */
export function groupEvents(events: readonly AuditEvent[]): readonly EventGroup[] {
  const kinds = Map.groupBy(events, ({ action, outcome }) => `${action} ${outcome}`)
  const groups = [...kinds.values()].flatMap(same => {
    const listed = same.length > fewOfKind ? same.slice(0, 1) : same
    return listed.map(newest => ({
      newest,
      more: same.length - listed.length,
      isIncident: isIncident(newest),
    }))
  })
  return groups.sort((a, b) => Number(b.isIncident) - Number(a.isIncident) || b.newest.id - a.newest.id)
}
