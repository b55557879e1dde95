import { type Principal, Rejection } from '../kernel/index.ts'
import type { UserStore } from './user-store.ts'

/**
 * Refuses when the caller's account has been closed. The gate of another node may hear of that a moment late: long
 * enough to reopen the account, or to create another one.
 */
export async function assertStillActive(
  { users }: { users: UserStore },
  principal: Principal | null,
): Promise<void> {
  if (principal === null || (await users.findById(principal.userId))?.isActive === true) return
  throw new Rejection('invalid_token')
}
