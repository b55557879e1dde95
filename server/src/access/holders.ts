import { changeLifeMs, type NewChange } from '../changes/index.ts'
import type { EpochMs, RoleId } from '../kernel/index.ts'
import type { AccessDeps, AccessStores } from './access-stores.ts'
import type { Holder } from './assignment-store.ts'

/** Locks and gives the holders of a role whom tokens or gates may still know by its name. */
export const lockHolders = (
  { assignments }: Pick<AccessStores, 'assignments'>,
  { accessTtlSeconds }: Pick<AccessDeps, 'accessTtlSeconds'>,
  roleId: RoleId,
  nowMs: EpochMs,
): Promise<readonly Holder[]> => assignments.lockHolders(roleId, nowMs - changeLifeMs(accessTtlSeconds))

/**
 * What the gates must hear when a role is renamed, or deleted (`null`): the roles of every holder. Without it a
 * token that names the old role would gain whatever a later role of the same code name permits.
 */
export const holderChanges = (
  holders: readonly Holder[],
  oldName: string,
  newName: string | null,
): readonly NewChange[] =>
  holders.map(({ userId, isSuperuser, roles }) => ({
    kind: 'user_roles',
    userId,
    isSuperuser,
    roles: roles.flatMap(role => (role === oldName ? (newName ?? []) : role)).sort(),
  }))
