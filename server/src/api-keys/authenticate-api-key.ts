import { type ApiKeyId, type Clock, Rejection, type Transact, type UserId } from '../kernel/index.ts'
import { isSameHash, readKey } from './api-key.ts'
import type { ApiKeyStore, StoredKey } from './api-key-store.sql.ts'

interface Deps {
  /** Committed state. */
  readonly apiKeys: Pick<ApiKeyStore, 'findLiving'>
  readonly transaction: Transact<{ readonly apiKeys: Pick<ApiKeyStore, 'touch'> }>
  readonly clock: Clock
  /** The last use could not be noted. The key is good all the same. */
  readonly report: (cause: unknown) => void
}

interface AuthenticatedKey {
  readonly id: ApiKeyId
  readonly ownerId: UserId
}

/** `last_used_at` is true to the minute: a key that is used all the time costs one write a minute. */
const touchAfterMs = 60_000

export type AuthenticateApiKey = ReturnType<typeof apiKeyAuthentication>

/**
 * Authenticates a presented key by its row: each request reads it, so that a key which was deleted, or whose owner was
 * deactivated, is refused at once on every node (ADR 38). Rejects with `invalid_token`.
 */
export const apiKeyAuthentication =
  ({ apiKeys, transaction, clock, report }: Deps) =>
  async (presented: string): Promise<AuthenticatedKey> => {
    const read = readKey(presented)
    const nowMs = clock.nowMs()
    const stored = read && (await apiKeys.findLiving(read.prefix, nowMs))
    if (stored === undefined || !isSecretOf(stored, read!.hash, nowMs)) throw new Rejection('invalid_token')
    if (stored.lastUsedAtMs === null || nowMs - stored.lastUsedAtMs >= touchAfterMs) {
      await transaction(stores => stores.apiKeys.touch(stored.id, nowMs)).catch(report)
    }
    return { id: stored.id, ownerId: stored.ownerId }
  }

function isSecretOf({ hash, previous }: StoredKey, presented: string, nowMs: number): boolean {
  if (isSameHash(presented, hash)) return true
  return previous !== null && nowMs < previous.untilMs && isSameHash(presented, previous.hash)
}
