import type { AuditEvent } from '@propusk/client'
import type { AuditQuery } from '../filters/audit-search.ts'
import { isOfKind } from './is-of-kind.ts'

/**
 * Whether the list would show an event that has just happened: the server's own conditions, judged here. Names of people
 * and roles, in which the server looks for words, too, come with the next reading of the list.
 */
export function fits(event: AuditEvent, query: AuditQuery): boolean {
  const { actor, action, kind, outcome, ip_address, target, search, since, until } = query
  const atMs = new Date(event.at).getTime()
  return (
    isSame(actor, event.actor === null ? undefined : String(event.actor.id)) &&
    isSame(action, event.action) &&
    isSame(outcome, event.outcome) &&
    isSame(ip_address, event.ip_address) &&
    isSame(target, event.target) &&
    (kind === undefined || isOfKind(event, kind)) &&
    (search === undefined || holdsWords(event, search)) &&
    (since === undefined || atMs >= new Date(since).getTime()) &&
    (until === undefined || atMs < new Date(until).getTime())
  )
}

const isSame = (wanted: string | undefined, found: string | null | undefined): boolean =>
  wanted === undefined || wanted === found

function holdsWords({ actor, target, ip_address, details }: AuditEvent, search: string): boolean {
  const all = [actor?.email, target, ip_address, JSON.stringify(details)].join('\n').toLocaleLowerCase()
  return search
    .toLocaleLowerCase()
    .split(/\s+/)
    .every(word => all.includes(word))
}
