import { assertHolds, lockRoles, missingFrom } from '../access/index.ts'
import type { EpochMs, InvitationId, Principal, RoleId } from '../kernel/index.ts'
import type { Invitation, InvitationStores, Inviter } from './invitation.ts'

type CheckingStores = Pick<InvitationStores, 'rights' | 'roles' | 'permissions'>

/** Refuses with `permission_denied` where a role has a permission that the caller lacks: the rule for giving it and for taking it. */
export async function assertMayGive(
  { rights, permissions }: CheckingStores,
  principal: Principal,
  roleIds: readonly RoleId[],
): Promise<void> {
  const own = await rights.ofCaller(principal)
  const ofRoles = await permissions.permissionsOfRoles(roleIds)
  for (const role of ofRoles.values()) assertHolds(own, role.permissions)
}

/**
 * Whether who sent an invitation could send it now: the account is open, the API key lives, `users:create` is held. An invitation
 * works no longer than that, so none is a way back for an administrator who had to go (ADR 48).
 */
export async function mayStillInvite(
  { users, apiKeys, rights }: Pick<InvitationStores, 'users' | 'apiKeys' | 'rights'>,
  { userId, apiKeyId }: Inviter,
  nowMs: EpochMs,
): Promise<boolean> {
  const mayAct =
    apiKeyId === null
      ? (await users.findById(userId))?.isActive === true
      : await apiKeys.isLiving(apiKeyId, nowMs)
  if (!mayAct) return false
  return missingFrom(await rights.ofAccount(userId, apiKeyId), ['users:create']) === undefined
}

/** Of some invitations, those whose inviter could send them now. Each inviter is asked about once. */
export async function findWorking(
  stores: Pick<InvitationStores, 'users' | 'apiKeys' | 'rights'>,
  invitations: readonly Invitation[],
  nowMs: EpochMs,
): Promise<ReadonlySet<InvitationId>> {
  const keyOf = ({ userId, apiKeyId }: Inviter) => `${userId}/${apiKeyId}`
  const inviters = new Map(invitations.map(({ inviter }) => [keyOf(inviter), inviter]))
  const may = new Map<string, boolean>()
  for (const [key, inviter] of inviters) may.set(key, await mayStillInvite(stores, inviter, nowMs))
  return new Set(invitations.filter(({ inviter }) => may.get(keyOf(inviter))).map(({ id }) => id))
}

/** Code names, sorted. */
interface CheckedRoles {
  readonly given: readonly string[]
  /** What the inviter could not give any more. */
  readonly leftOut: readonly string[]
}

/** The roles of an invitation by the present rights of its inviter. */
export async function checkRoles(
  stores: CheckingStores & Pick<InvitationStores, 'invitations'>,
  { id, inviter }: { readonly id: InvitationId } & Pick<Invitation, 'inviter'>,
): Promise<CheckedRoles> {
  const locked = await lockRoles(stores, await stores.invitations.roleIdsOf(id))
  const rights = await stores.rights.ofAccount(inviter.userId, inviter.apiKeyId)
  const ofRoles = await stores.permissions.permissionsOfRoles(locked.map(role => role.id))
  const isHeld = (roleId: RoleId) => missingFrom(rights, ofRoles.get(roleId)?.permissions ?? []) === undefined
  const namesOf = (isGiven: boolean) =>
    locked
      .filter(role => isHeld(role.id) === isGiven)
      .map(role => role.codeName)
      .sort()
  return { given: namesOf(true), leftOut: namesOf(false) }
}
