import type { QueryClient } from '@tanstack/react-query'
import { onAudit, onMissed } from './live.ts'

/** What an act of somebody, somewhere, makes old on this page: the first word of its name, and the queries it concerns. */
const concerned: Readonly<Record<string, readonly string[]>> = {
  // Sessions begin by signing in, and end with an account or its password.
  user: ['users', 'access', 'sessions', 'statistics'],
  factor: ['factors'],
  session: ['sessions', 'statistics'],
  token: ['sessions', 'statistics'],
  role: ['roles', 'users', 'access'],
  resource: ['resources', 'roles', 'access'],
  action: ['actions', 'roles', 'access'],
  permission: ['roles', 'access'],
  api_key: ['api_keys'],
  forward_rule: ['forward_rules'],
  invitation: ['invitations', 'users'],
  mail: ['mail'],
  throttle: ['throttle', 'statistics'],
  key: ['server'],
}

/** Events that come together are answered by one reading. */
const gatherMs = 300

/**
 * Keeps the page in step with what others do: queries whose first key is concerned are read again, and all of them after
 * something may have been missed. Called once, at start.
 */
export function refreshStaleQueries(queries: QueryClient): void {
  const stale = new Set<string>()
  let timer: ReturnType<typeof setTimeout> | undefined
  const refresh = () => {
    timer = undefined
    for (const key of stale) void queries.invalidateQueries({ queryKey: [key] })
    stale.clear()
  }
  onMissed(() => void queries.invalidateQueries())
  onAudit(({ action }) => {
    for (const key of concerned[action.split('.', 1)[0]!] ?? []) stale.add(key)
    if (stale.size > 0 && timer === undefined) timer = setTimeout(refresh, gatherMs)
  })
}
