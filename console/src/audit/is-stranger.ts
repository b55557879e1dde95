import type { AuditEvent } from '@propusk/client'

/**
 * Whether it was done by a person who was not signed in, as a sign-in that failed: then there is an address and no
 * account. The server itself and the command line have neither. A count of failed sign-ins is of such people, too.
 */
export const isStranger = ({
  actor,
  action,
  ip_address,
}: Pick<AuditEvent, 'actor' | 'action' | 'ip_address'>): boolean =>
  actor === null && (ip_address !== null || action === 'user.login_failed')
