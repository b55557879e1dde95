import type { AuditEvent } from '@propusk/client'

/** By the kinds of server/src/audit/audit-filter.sql.ts, for the events that come by themselves. */
export const isOfKind = (event: AuditEvent, kind: string): boolean => kinds[kind]?.(event) ?? false

const isRoleChange = ({ action, details: { roles } }: AuditEvent): boolean =>
  Array.isArray(roles)
    ? /^(?:user\.create|invitation\.accept)$/.test(action) && roles.length > 0
    : action === 'user.update' && roles !== undefined

const isFlagChange = ({ action, details }: AuditEvent): boolean =>
  action === 'user.update' && ('is_superuser' in details || 'is_staff' in details)

const accessActions =
  /^(?:user\.(?:setup|deactivate|reactivate|erase)|role\..+|(?:resource|action)\.(?:update|delete)|permission\..+|api_key\..+|forward_rule\..+)$/

const incidents: readonly string[] = [
  'token.reuse',
  'factor.cloned',
  'throttle.wait',
  'user.email_undo',
  'mail.fail',
]

const kinds: Readonly<Record<string, (event: AuditEvent) => boolean>> = {
  role_changes: isRoleChange,
  access_changes: event => isRoleChange(event) || isFlagChange(event) || accessActions.test(event.action),
  incidents: ({ action }) => incidents.includes(action),
}
