import type { AuditEvent } from '@propusk/client'
import { useQueries } from '@tanstack/react-query'
import { useMay } from '../session/index.ts'
import { useList } from '../ui/use-list.ts'
import { personQuery } from '../ui/use-person.ts'

/** More than these are left with their ids: a page of the audit may be about hundreds of people. */
const mostUsers = 40

/**
 * Names for what events are about: emails for `users/5`, code names for `roles/3`. Of what is gone, or may not be seen,
 * there is none; then a sentence says the id.
 */
export function useTargetNames(events: readonly AuditEvent[]): (target: string) => string | undefined {
  const may = useMay()
  const targets = new Set(events.map(({ target }) => target ?? ''))
  const ids = [...targets]
    .filter(target => /^users\/\d+$/.test(target))
    .map(target => Number(target.slice(6)))
  const users = useQueries({
    queries: (may('users', 'read') ? ids.slice(0, mostUsers) : []).map(personQuery),
  })
  const isOn = may('roles', 'read') && [...targets].some(target => target.startsWith('roles/'))
  const roles = useList('roles', 'listRoles', { ordering: 'name' }, { isOn })
  const names = new Map<string, string>([
    ...users.flatMap(({ data }) => (data === undefined ? [] : [[`users/${data.id}`, data.email] as const])),
    ...roles.rows.map(({ id, code_name }) => [`roles/${id}`, code_name] as const),
  ])
  return target => names.get(target)
}
