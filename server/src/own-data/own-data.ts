import { type AuditEvent, userTarget } from '../audit/index.ts'
import type { EpochMs, UserId } from '../kernel/index.ts'

/** What the audit names the download of the own data by. */
export const ownDataTarget = 'own_data'

/** How many rows of one kind the document holds: the newest. */
export const mostRows = 10_000

/** The newest rows of a list, and whether there are no more. */
export interface Newest<Row> {
  readonly rows: readonly Row[]
  readonly isComplete: boolean
}

/** Reads no page beyond the one that has the last row. `pages` begin with the newest. */
export async function takeNewest<Row>(
  pages: AsyncIterable<readonly Row[]>,
  most = mostRows,
): Promise<Newest<Row>> {
  const rows: Row[] = []
  for await (const page of pages) {
    rows.push(...page)
    if (rows.length > most) break
  }
  return { rows: rows.slice(0, most), isComplete: rows.length <= most }
}

/** What a person did and what was done to the account, each event once, the newest first. */
export function mergeNewest(
  one: Newest<AuditEvent>,
  other: Newest<AuditEvent>,
  most = mostRows,
): Newest<AuditEvent> {
  const byId = new Map([...one.rows, ...other.rows].map(event => [event.id, event]))
  const rows = [...byId.values()].toSorted((left, right) => right.atMs - left.atMs || right.id - left.id)
  return {
    rows: rows.slice(0, most),
    isComplete: one.isComplete && other.isComplete && rows.length <= most,
  }
}

/** An event of the audit as the person of the account is shown it. */
export interface OwnEvent {
  readonly id: number
  readonly atMs: EpochMs
  /** Null is the server, the command line, or a person who was not signed in. */
  readonly actor: 'you' | 'administrator' | null
  readonly action: string
  readonly target: string | null
  readonly outcome: AuditEvent['outcome']
  readonly ipAddress: string | null
  readonly userAgent: string | null
  readonly details: Readonly<Record<string, unknown>>
}

/**
 * GDPR, article 15 (4): a copy of one's own data must not tell of others. Who else acted, and from where, is left out;
 * so are the details of what the person did to others, because they hold names and addresses. What the target of an
 * event says is an id.
 */
export function toOwnEvent(event: AuditEvent, userId: UserId): OwnEvent {
  const { id, atMs, action, target, outcome } = event
  const isOthers = event.actor !== null && event.actor.id !== userId
  return {
    id,
    atMs,
    actor: event.actor === null ? null : isOthers ? 'administrator' : 'you',
    action,
    target,
    outcome,
    ipAddress: isOthers ? null : event.ipAddress,
    userAgent: isOthers ? null : event.userAgent,
    details: isAboutAccount(event, userId) ? withoutNote(event.details) : {},
  }
}

const isAboutAccount = ({ target, details }: AuditEvent, userId: UserId): boolean =>
  target === userTarget(userId) ||
  target === ownDataTarget ||
  (target?.startsWith('sessions/') === true && details.user_id === userId)

/** `/me/` does not show what administrators note, either. */
const withoutNote = ({ note: _, ...details }: AuditEvent['details']): OwnEvent['details'] => details
