import type { Change, ChangeOf, Snapshot } from '@propusk/gate/core'
import type { LedgerEntry, NewChange } from './change-log.sql.ts'

/**
 * How far the ledger has been read, in the database's own order: a reading after it brings every row that was committed
 * since and no other, whenever its id was taken. Means something to the database that gave it, and only for as long as that
 * has not recovered.
 */
export type LedgerPosition =
  /** SQLite: one transaction writes at a time, so ids are committed in their order. */
  | { readonly engine: 'sqlite'; readonly id: number }
  /**
   * PostgreSQL: the snapshot of the reading. A transaction is in it when its number is below `next` and it was not `running`.
   * A foreign transaction that runs for hours is one number in that list, and holds nothing up.
   */
  | {
      readonly engine: 'postgres'
      /** Another one after each recovery of the server: what was read before may have been lost with it. */
      readonly epoch: string
      readonly next: number
      readonly running: readonly number[]
    }

/** Whether a reading up to this position has brought the change. */
export function covers(position: LedgerPosition, { change, xact }: LedgerEntry): boolean {
  if (position.engine === 'sqlite') return change.id <= position.id
  return xact !== null && xact < position.next && !position.running.includes(xact)
}

/** What gates must know of sessions and users, at one position: a snapshot lacks the keys and the roles. */
export interface LedgerState extends Pick<Snapshot, 'changes' | 'endedSessions'> {
  readonly position: LedgerPosition
}

/** What was committed after a position; undefined when that means nothing any more, and everything is to be read anew. */
export type Reading = { readonly changes: readonly Change[]; readonly position: LedgerPosition } | undefined

/**
 * What a row says to a gate: a change; nothing; or, where release 0.1.0 wrote it, something about roles that only names
 * them, and so has to be read from the tables instead.
 */
type RowReading = Change | 'nothing' | 'only names'

/**
 * As a row holds it. Release 0.1.0 refuses a row of a kind that it does not know, and then every request: a change of the
 * catalogue, of which its gate has no need, goes in the form of a role that gives up a name which no role can have.
 */
export type StoredChange =
  | Exclude<NewChange, { kind: 'catalogue_entry' }>
  | {
      readonly kind: 'role_permissions'
      readonly roleId: null
      readonly role: ''
      readonly permissions: null
      readonly entry: Pick<ChangeOf<'catalogue_entry'>, 'part' | 'entryId' | 'codeName'>
    }

export function toStored(change: NewChange): StoredChange {
  if (change.kind !== 'catalogue_entry') return change
  const { kind: _, ...entry } = change
  return { kind: 'role_permissions', roleId: null, role: '', permissions: null, entry }
}

export function toChange(
  stored: StoredChange,
  row: { readonly id: number; readonly expiresAtMs: number },
): RowReading {
  if ('entry' in stored) return { kind: 'catalogue_entry', ...stored.entry, ...row }
  if (stored.kind === 'user_roles') {
    const { roles: _, ...change } = stored
    // Written by a release that knows no ids, whatever the type says.
    return (stored.roleIds as unknown) === undefined ? 'only names' : { ...change, ...row }
  }
  if (stored.kind === 'role_permissions') {
    const { roleId } = stored
    if (roleId === null) return 'nothing'
    return (roleId as unknown) === undefined ? 'only names' : { ...stored, roleId, ...row }
  }
  return { ...stored, ...row }
}
