import type { RightsStore } from '../access/index.ts'
import { message, type Principal, Rejection, type UserId } from '../kernel/index.ts'
import { superuserFields, type User, type UserChanges } from './account-fields.ts'

/** Whether the caller must be a superuser to set these differences. */
export const needsSuperuser = (differences: UserChanges): boolean =>
  superuserFields.some(field => differences[field] !== undefined)

/** Refuses with 403 unless a superuser acts, read from the database: the token may be older than a demotion. */
export async function assertSuperuser(
  { rights }: { rights: RightsStore },
  principal: Principal | null,
): Promise<void> {
  if (principal === null || (await rights.ofCaller(principal)).isSuperuser) return
  throw superuserOnly()
}

export const superuserOnly = (): Rejection =>
  new Rejection('permission_denied', { detail: message('permission.superuser_only') })

/** Whether these changes could take a superuser away: then the superusers are locked before anything is checked. */
export const couldRemoveSuperuser = (changes: UserChanges): boolean =>
  changes.isActive === false || changes.isSuperuser === false

/**
 * Refuses with 409 to take the last active superuser away. `activeSuperusers` are locked by this transaction, so
 * two of them cannot take each other away at once.
 */
export function assertSuperuserRemains(
  before: User,
  differences: UserChanges,
  activeSuperusers: readonly UserId[],
): void {
  const removes = before.isSuperuser && before.isActive && couldRemoveSuperuser(differences)
  if (!removes || activeSuperusers.some(id => id !== before.id)) return
  throw new Rejection('conflict', { detail: message('permission.last_superuser') })
}
