import type { Change } from '@propusk/gate'
import type { EpochMs } from '../kernel/index.ts'

type WithoutId<C> = C extends Change ? Omit<C, 'id' | 'expiresAtMs'> : never

/** As release 0.1.0 reads it, which runs beside this one during an upgrade and knows roles by their code names only. */
type Renewed =
  | (WithoutId<Extract<Change, { kind: 'user_roles' }>> & { readonly roles: readonly string[] })
  | (Omit<WithoutId<Extract<Change, { kind: 'role_permissions' }>>, 'roleId'> & {
      /** Null: the name alone is given up, by a role that has another from now on. Says nothing to a gate that knows ids. */
      readonly roleId: number | null
    })

/**
 * What happened, before the ledger gives it an id and an end. A change of the catalogue is written in the form of
 * `StoredChange`.
 */
export type NewChange =
  | WithoutId<Exclude<Change, { kind: 'user_roles' } | { kind: 'role_permissions' }>>
  | Renewed

/** A change of this process that is committed. */
export interface LedgerEntry {
  readonly change: Change
  /** The transaction, as PostgreSQL numbers them; null on SQLite. */
  readonly xact: number | null
}

/**
 * The ledger of what every gate must hear of. A change is appended in the transaction of its cause, so it is
 * there exactly when the cause is.
 */
export interface ChangeLog {
  append(change: NewChange, nowMs: EpochMs): Promise<void>
  /** One statement for many changes of one cause. */
  appendAll(changes: readonly NewChange[], nowMs: EpochMs): Promise<void>
  /**
   * Removes what no gate needs any more, some thousands of rows at the most; gives their number. INVARIANT: a row is kept
   * for as long as any token lives that was signed under whatever setting, those of `noteTokenLife` included.
   */
  deleteExpired(nowMs: EpochMs): Promise<number>
  /** Notes that this process signs access tokens of this life, and has done so until now. */
  noteTokenLife(nowMs: EpochMs): Promise<void>
}

/**
 * How far the clocks of two nodes may differ, twice: that of the node which issued a token, and that of the node which
 * wrote the change. Two minutes either way each, and what a transaction takes.
 */
const clockAllowanceMs = 300_000

/**
 * How long a change must be remembered: the longest life of an access token that it may contradict, and the allowance for
 * the clocks of other nodes.
 */
export const changeLifeMs = (accessTtlSeconds: number): number => accessTtlSeconds * 1000 + clockAllowanceMs
