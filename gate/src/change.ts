import type { CataloguePart } from './decision.ts'
import { type PublishedKey, toPublishedKey } from './published-key.ts'
import { isCanonicalUuid } from './session-table.ts'

/**
 * One row of the ledger. `id` orders the changes of one subject, as the database ordered them; rows may be received twice,
 * late and out of order. From `expiresAtMs` on no live token depends on the row any more: it says how long to keep the
 * row, never which of two is newer.
 *
 * The ledger holds these fields as JSON, and nodes of the release before read it (ADR 17): none may be renamed.
 */
export type Change = { readonly id: number; readonly expiresAtMs: number } & ChangedFact

type ChangedFact =
  | { readonly kind: 'session_ended'; readonly sessionUuid: string }
  /** Every session of the user that began at or before this instant is over. */
  | { readonly kind: 'user_logged_out'; readonly userId: number; readonly beforeMs: number }
  /**
   * Every session of every user that began at or before this instant is over, except the session that caused the
   * change.
   */
  | { readonly kind: 'everybody_logged_out'; readonly beforeMs: number; readonly exceptSession: string }
  /** Replaces what older tokens of the user say. */
  | {
      readonly kind: 'user_roles'
      readonly userId: number
      readonly roleIds: readonly number[]
      readonly isSuperuser: boolean
    }
  /**
   * The code name and all permissions of the role from now on, for all its holders; `null`: the role is deleted. As in
   * `RoleState`, a role that asks for a level has its permissions in the second list.
   */
  | {
      readonly kind: 'role_permissions'
      readonly roleId: number
      readonly role: string
      readonly permissions: readonly string[] | null
      readonly aal2Permissions?: readonly string[]
    }
  /**
   * The code name belongs to another role from this instant on: a token from before it does not mean that one. Only for
   * tokens without `role_ids`.
   */
  | { readonly kind: 'role_made'; readonly role: string; readonly atMs: number }
  /** The code name of a resource or an action from now on; `null`: it is deleted, and every use of it is denied. */
  | {
      readonly kind: 'catalogue_entry'
      readonly part: CataloguePart
      readonly entryId: number
      readonly codeName: string | null
    }
  | { readonly kind: 'key_published'; readonly key: PublishedKey }
  | { readonly kind: 'key_retired'; readonly kid: string; readonly untilMs: number }

export type ChangeKind = Change['kind']

export type ChangeOf<Kind extends ChangeKind> = Extract<Change, { kind: Kind }>

/**
 * Throws a TypeError for a row that the types do not allow: it came from a store or a feed. A time that is not a
 * number would compare as false for ever, and keep alive what should be dead.
 */
export function checkChange(change: Change): void {
  if (!isCount(change.id) || !Number.isFinite(change.expiresAtMs)) throw wrong(change, 'id or expiresAtMs')
  switch (change.kind) {
    case 'session_ended':
      if (!isCanonicalUuid(change.sessionUuid)) throw wrong(change, 'sessionUuid')
      return
    case 'user_logged_out':
      if (!isCount(change.userId) || !Number.isFinite(change.beforeMs))
        throw wrong(change, 'userId or beforeMs')
      return
    case 'everybody_logged_out':
      if (!Number.isFinite(change.beforeMs) || !isCanonicalUuid(change.exceptSession)) {
        throw wrong(change, 'beforeMs or exceptSession')
      }
      return
    case 'user_roles':
      if (!isCount(change.userId) || typeof change.isSuperuser !== 'boolean' || !isCounts(change.roleIds)) {
        throw wrong(change, 'userId, roleIds or isSuperuser')
      }
      return
    case 'role_permissions':
      checkRole(change)
      return
    case 'role_made':
      if (typeof change.role !== 'string' || !Number.isFinite(change.atMs))
        throw wrong(change, 'role or atMs')
      return
    case 'catalogue_entry':
      checkCatalogueEntry(change)
      return
    case 'key_published':
      toPublishedKey(change.key)
      return
    case 'key_retired':
      if (typeof change.kid !== 'string' || !Number.isFinite(change.untilMs))
        throw wrong(change, 'kid or untilMs')
      return
    default:
      // To skip what we do not understand would be to answer on old knowledge.
      throw wrong(change, 'kind')
  }
}

/** Throws a TypeError for a role that is none. */
export function checkRole({ roleId, role, permissions, aal2Permissions }: PresentedRole): void {
  const isRole = isCount(roleId) && typeof role === 'string' && (permissions === null || isTexts(permissions))
  const isPlain = aal2Permissions === undefined || (isTexts(aal2Permissions) && aal2Permissions.length === 0)
  // What is in both lists, or of a role that is deleted, would be read in two ways.
  const isEmpty = Array.isArray(permissions) && permissions.length === 0
  if (isRole && (isPlain || (isTexts(aal2Permissions) && isEmpty))) return
  throw new TypeError(`Role ${String(roleId)} has a wrong roleId, role, permissions or aal2Permissions`)
}

interface PresentedRole {
  readonly roleId: number
  readonly role: string
  readonly permissions: unknown
  readonly aal2Permissions?: unknown
}

/** Throws a TypeError for what is neither a resource nor an action. A code name is null where the entry is gone. */
export function checkCatalogueEntry(entry: {
  readonly part: unknown
  readonly entryId: unknown
  readonly codeName: unknown
}): void {
  const { part, entryId, codeName } = entry
  const isPart = part === 'resource' || part === 'action'
  if (isPart && Number.isSafeInteger(entryId) && (codeName === null || typeof codeName === 'string')) return
  throw new TypeError(`Catalogue entry ${String(entryId)} has a wrong part, entryId or codeName`)
}

const isCounts = (value: unknown): boolean => Array.isArray(value) && value.every(isCount)

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0

const isTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every(text => typeof text === 'string')

function wrong(change: { id: number; kind: unknown }, member: string): TypeError {
  return new TypeError(
    `Change ${String(change.id)} of kind ${String(change.kind)} has a wrong ${member}: a newer ledger needs a newer gate`,
  )
}

/**
 * The latest change received about one subject. It is kept for as long as any row of the subject that was received, so
 * no row that is read again can undo a newer one.
 */
export interface LatestChange {
  readonly id: number
  readonly expiresAtMs: number
}

/** The latest change after one more row was received. */
export const latestOf = (known: LatestChange | undefined, { id, expiresAtMs }: LatestChange): LatestChange =>
  known === undefined
    ? { id, expiresAtMs }
    : { id: Math.max(known.id, id), expiresAtMs: Math.max(known.expiresAtMs, expiresAtMs) }

/** Drops what is no longer needed at `nowMs`. */
export function forgetExpiredChanges(
  changes: Map<unknown, { readonly latest: LatestChange }>,
  nowMs: number,
): void {
  for (const [subject, { latest }] of changes) if (latest.expiresAtMs <= nowMs) changes.delete(subject)
}
