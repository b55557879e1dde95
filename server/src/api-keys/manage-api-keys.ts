import {
  type AccessStores,
  assertHolds,
  assertKnownRoles,
  assertMayTouch,
  differences,
  ensurePermissions,
  maxNameCharacters,
  parsePermissionNames,
  record,
} from '../access/index.ts'
import {
  type ApiKeyId,
  assertName,
  type ClientInfo,
  type ConditionalCaller,
  type EpochMs,
  invalidField,
  isKeyPrincipal,
  message,
  type Principal,
  type Random,
  Rejection,
  type TimeSource,
  type Transact,
  toRfc3339OrNull,
} from '../kernel/index.ts'
import { addNotice, type NoticeStores } from '../mail/index.ts'
import { type ApiKey, mintKey } from './api-key.ts'
import type { ApiKeyStore } from './api-key-store.sql.ts'

type Stores = AccessStores & NoticeStores & { readonly apiKeys: ApiKeyStore }

export interface ApiKeyDeps {
  readonly transaction: Transact<Stores>
  readonly clock: TimeSource
  readonly random: Random
}

/** A key with its secret, which is shown this once. */
export interface ApiKeyWithSecret extends ApiKey {
  readonly key: string
}

interface Caller {
  readonly principal: Principal
  readonly origin: ClientInfo
}

interface CreateApiKey {
  readonly name: string
  readonly roles: readonly string[]
  readonly permissions: readonly string[]
  readonly expiresAtMs: EpochMs | null
}

/**
 * Makes a key of the caller. It is given no permission that the caller does not hold, be it by a role: `permission_denied`
 * otherwise. Rejects with `invalid_request` a text that is no name, an unknown role or permission, and an end
 * that has passed.
 */
export async function createApiKey(
  { transaction, clock, random }: ApiKeyDeps,
  { principal, origin }: Caller,
  wanted: CreateApiKey,
): Promise<ApiKeyWithSecret> {
  const nowMs = clock.nowMs()
  assertName(wanted.name, maxNameCharacters)
  assertFuture(wanted.expiresAtMs, nowMs)
  const names = parsePermissionNames(wanted.permissions)
  const minted = mintKey(random)
  return await transaction(async stores => {
    await stores.permissions.lockAccess()
    const roles = await stores.roles.findByCodeNames(wanted.roles)
    assertKnownRoles(wanted.roles, roles)
    const roleIds = roles.map(role => role.id)
    const permissionIds = await ensurePermissions(stores, names)
    const own = await stores.rights.ofCaller(principal)
    const byRole = [...(await stores.permissions.permissionsOfRoles(roleIds)).values()]
    assertHolds(own, [...names, ...byRole.flatMap(({ permissions }) => permissions)])

    const { expiresAtMs } = wanted
    const key = { name: wanted.name, ownerId: principal.userId, minted, roleIds, permissionIds, expiresAtMs }
    const id = await stores.apiKeys.add(key, nowMs)
    const added = (await stores.apiKeys.findById(id))!
    const details = {
      ...toAudit(added),
      prefix: added.prefix,
      roles: added.roles,
      permissions: added.permissions,
    }
    await record(
      stores,
      { principal, origin, nowMs },
      { action: 'api_key.create', target: `api_keys/${id}`, details },
    )
    const notice = { userId: principal.userId, event: 'api_key_made', origin, locale: null } as const
    await addNotice(stores, notice, nowMs)
    return { ...added, key: minted.key }
  })
}

/** Changes the name or the end of a key; what it was given stays. Rejects with `not_found` or `permission_denied` (rank). */
export async function updateApiKey(
  { transaction, clock }: Pick<ApiKeyDeps, 'transaction' | 'clock'>,
  caller: Caller & Pick<ConditionalCaller<ApiKey>, 'precondition'>,
  id: ApiKeyId,
  changes: Partial<Pick<ApiKey, 'name' | 'expiresAtMs'>>,
): Promise<ApiKey> {
  const act = { ...caller, nowMs: clock.nowMs() }
  if (changes.name !== undefined) assertName(changes.name, maxNameCharacters)
  if (changes.expiresAtMs !== undefined) assertFuture(changes.expiresAtMs, act.nowMs)
  return await transaction(async stores => {
    const found = await lockOwned(stores, caller.principal, id)
    caller.precondition?.(found)
    const written = { ...found, ...changes }
    const changed = differences(toAudit(found), toAudit(written))
    if (changed !== undefined) {
      await stores.apiKeys.update(found, written)
      await record(stores, act, { action: 'api_key.update', target: `api_keys/${id}`, details: changed })
    }
    return written
  })
}

/**
 * Gives the key a new secret. The present one works for `overlapSeconds` more, so that a service can be given the new one
 * without a break; one that was rotated away before it works no more. Rejects like `updateApiKey`.
 */
export async function rotateApiKey(
  { transaction, clock, random }: ApiKeyDeps,
  caller: Caller,
  id: ApiKeyId,
  overlapSeconds: number,
): Promise<ApiKeyWithSecret> {
  const act = { ...caller, nowMs: clock.nowMs() }
  return await transaction(async stores => {
    const found = await lockOwned(stores, caller.principal, id)
    // Another who held the new secret would act under the owner's name, and another program with what this key was given.
    if (found.ownerId !== caller.principal.userId || isOtherKey(caller.principal, id)) {
      throw new Rejection('permission_denied', { detail: message('permission.key_owner_only') })
    }
    const { key, hash } = mintKey(random, found.prefix)
    await stores.apiKeys.rotate(id, hash, act.nowMs + overlapSeconds * 1000)
    const details = {
      name: found.name,
      overlap_seconds: overlapSeconds,
    }
    await record(stores, act, { action: 'api_key.rotate', target: `api_keys/${id}`, details })
    return { ...found, key }
  })
}

/** Ends a key for good, at once and on every node. Rejects like `updateApiKey`. */
export async function deleteApiKey(
  { transaction, clock }: Pick<ApiKeyDeps, 'transaction' | 'clock'>,
  caller: Caller & Pick<ConditionalCaller<ApiKey>, 'precondition'>,
  id: ApiKeyId,
): Promise<void> {
  const act = { ...caller, nowMs: clock.nowMs() }
  await transaction(async stores => {
    const found = await lockOwned(stores, caller.principal, id)
    caller.precondition?.(found)
    await stores.apiKeys.delete(id)
    const details = {
      name: found.name,
      owner_id: found.ownerId,
    }
    await record(stores, act, { action: 'api_key.delete', target: `api_keys/${id}`, details })
  })
}

const isOtherKey = (principal: Principal, id: ApiKeyId): boolean =>
  isKeyPrincipal(principal) && principal.apiKeyId !== id

/** The key, locked: that by which the caller acts, or one of the caller or of an account that the caller outranks. */
async function lockOwned(stores: Stores, principal: Principal, id: ApiKeyId): Promise<ApiKey> {
  const found = await stores.apiKeys.lock(id)
  if (found === undefined) throw new Rejection('not_found')
  if (!isKeyPrincipal(principal) || isOtherKey(principal, id)) {
    await assertMayTouch(stores, principal, found.ownerId)
  }
  return found
}

function assertFuture(expiresAtMs: EpochMs | null, nowMs: EpochMs): void {
  if (expiresAtMs !== null && expiresAtMs <= nowMs) {
    throw invalidField('expires_at', message('api_key.past'))
  }
}

const toAudit = ({ name, expiresAtMs }: Pick<ApiKey, 'name' | 'expiresAtMs'>) => ({
  name,
  expires_at: toRfc3339OrNull(expiresAtMs),
})
