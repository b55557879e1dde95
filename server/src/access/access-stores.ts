import type { AuditAction, AuditLog } from '../audit/index.ts'
import type { ChangeLog } from '../changes/index.ts'
import type { Caller, Clock, EpochMs, Transact } from '../kernel/index.ts'
import type { AssignmentStore } from './assignment-store.sql.ts'
import type { ActionStore, ResourceStore, RoleStore } from './named-store.sql.ts'
import type { PermissionStore } from './permission-store.sql.ts'
import type { RightsStore } from './rights-store.sql.ts'

/** What a change of roles, permissions, resources or actions reads and writes, in one transaction. */
export interface AccessStores {
  readonly rights: RightsStore
  readonly roles: RoleStore
  readonly resources: ResourceStore
  readonly actions: ActionStore
  readonly permissions: PermissionStore
  readonly assignments: AssignmentStore
  readonly changes: ChangeLog
  readonly audit: AuditLog
}

export interface AccessDeps {
  readonly transaction: Transact<AccessStores>
  readonly clock: Clock
}

/** Who acts, in the instant in which it is carried out. */
export interface TimedActor extends Caller {
  readonly nowMs: EpochMs
}

interface RecordedChange {
  readonly action: AuditAction
  readonly target: string
  readonly details: Readonly<Record<string, unknown>>
}

export const record = (
  { audit }: Pick<AccessStores, 'audit'>,
  { principal, origin, nowMs }: TimedActor,
  { action, target, details }: RecordedChange,
): Promise<void> =>
  audit.append({ actorId: principal?.userId ?? null, action, target, origin, details }, nowMs)

type Fields = Readonly<Record<string, unknown>>

/**
 * The fields whose values differ, each as `{ from, to }`, for the audit; undefined when nothing does. Field names
 * are those of the API.
 */
export function differences(before: Fields, after: Fields): Fields | undefined {
  const changed = Object.keys(after)
    .filter(field => JSON.stringify(before[field]) !== JSON.stringify(after[field]))
    .map(field => [field, { from: before[field], to: after[field] }] as const)
  return changed.length === 0 ? undefined : Object.fromEntries(changed)
}
