import type { AuditEvent } from '@propusk/client'

export interface AuditNarrowing {
  readonly actor?: string | undefined
  readonly action?: string | undefined
  readonly target?: string | undefined
  readonly since?: string | undefined
  readonly until?: string | undefined
}

/** Whether the list would show an event that has just happened: the server's own conditions, judged here. */
export function fits(event: AuditEvent, { actor, action, target, since, until }: AuditNarrowing): boolean {
  const atMs = new Date(event.at).getTime()
  return (
    (actor === undefined || String(event.actor?.id) === actor) &&
    (action === undefined || event.action === action) &&
    (target === undefined || event.target === target) &&
    (since === undefined || atMs >= new Date(since).getTime()) &&
    (until === undefined || atMs < new Date(until).getTime())
  )
}
