import type { EpochMs, UserId } from '../kernel/index.ts'
import { type AuditEvent, type AuditOutcome, userTarget } from './audit-event.ts'

/** What the audit names the download of one's own data by. */
export const ownDataTarget = 'own_data'

/** Who did it, as much of it as the person of the account may learn: of another account that it was one, and no more. */
type Doer = 'self' | 'administrator' | 'unknown' | 'server'

/** An event of the audit as the person of the account is shown it. */
export interface OwnEvent {
  readonly id: number
  readonly atMs: EpochMs
  readonly by: Doer
  readonly action: string
  readonly target: string | null
  readonly outcome: AuditOutcome
  readonly ipAddress: string | null
  readonly userAgent: string | null
  readonly details: Readonly<Record<string, unknown>>
}

type SeenEvent = Omit<AuditEvent, 'actor'> & { readonly actor: { readonly id: UserId } | null }

/**
 * INVARIANT: the one place that decides what a person learns of others from the events of their account, wherever they are shown (GDPR,
 * article 15 (4)). Who else acted, and from where, is left out; so are the details of what the person did to others, because
 * they hold names and addresses. What the target of an event says is an id.
 */
export function toOwnEvent(event: SeenEvent, userId: UserId): OwnEvent {
  const { id, atMs, action, target, outcome } = event
  const by = doerOf(event, userId)
  const isOthers = by === 'administrator'
  return {
    id,
    atMs,
    by,
    action,
    target,
    outcome,
    ipAddress: isOthers ? null : event.ipAddress,
    userAgent: isOthers ? null : event.userAgent,
    details: isAboutAccount(event, userId) ? withoutNote(event.details) : {},
  }
}

function doerOf({ actor, ipAddress, action }: SeenEvent, userId: UserId): Doer {
  if (actor?.id === userId) return 'self'
  if (actor !== null) return 'administrator'
  // A count of refused sign-ins that were not written down one by one has no address.
  return ipAddress !== null || action === 'user.login_failed' ? 'unknown' : 'server'
}

const isAboutAccount = ({ target, details }: SeenEvent, userId: UserId): boolean =>
  target === userTarget(userId) ||
  target === ownDataTarget ||
  (target?.startsWith('sessions/') === true && details.user_id === userId)

/** `/me/` does not show what administrators note, either. */
const withoutNote = ({ note: _, ...details }: SeenEvent['details']): OwnEvent['details'] => details
