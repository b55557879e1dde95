import { message, type Principal, Refusal, type UserId } from '../kernel/index.ts'
import { missingFrom, type Rights } from './rights.ts'
import type { RightsStore } from './rights-store.ts'

/**
 * Nobody changes, deactivates or logs out an account that holds a permission they lack, and only a superuser
 * touches a superuser: `permission_denied` otherwise. Oneself is allowed here; the route decides what of it.
 */
export async function assertMayTouch(
  { rights }: { readonly rights: RightsStore },
  principal: Principal,
  userId: UserId,
): Promise<void> {
  if (principal.userId === userId) return
  const own = await rights.of(principal.userId)
  if (own.isSuperuser) return
  const theirs = await rights.of(userId)
  if (theirs.isSuperuser) {
    throw new Refusal('permission_denied', { detail: message('permission.superuser_only') })
  }
  const permission = missingFrom(own, [...theirs.permissions].sort())
  if (permission !== undefined) {
    throw new Refusal('permission_denied', { detail: message('permission.outranked', { permission }) })
  }
}

/** Nobody hands out, or takes away, what they do not hold. */
export function assertHolds(rights: Rights, permissions: Iterable<string>): void {
  const permission = missingFrom(rights, permissions)
  if (permission !== undefined) {
    throw new Refusal('permission_denied', { detail: message('permission.not_held', { permission }) })
  }
}
