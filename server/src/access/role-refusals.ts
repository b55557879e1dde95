import { type Message, type Principal, Rejection } from '../kernel/index.ts'
import type { AccessStores } from './access-stores.ts'
import { assertHolds, assertNoHigherHolder } from './rank.ts'
import type { RoleWithPermissions } from './roles.ts'

/** Why writes of one caller would be refused for rank; absent where they would not be. */
export interface RoleRefusals {
  /** Giving the role to an account, taking it from one, and changing the level that it asks for. */
  readonly assign?: Message
  /** Another code name. */
  readonly rename?: Message
  readonly delete?: Message
}

type Stores = Pick<AccessStores, 'rights' | 'permissions' | 'assignments'>

/**
 * What the rules of rank would refuse this caller about the role as it stands: told before it is tried, by the checks of the
 * writes themselves. Each write checks again, in its transaction.
 */
export async function refusalsOfRole(
  stores: Stores,
  principal: Principal,
  role: RoleWithPermissions,
): Promise<RoleRefusals> {
  const [own, higherHolder] = await Promise.all([
    stores.rights.ofCaller(principal),
    detailOf(() => assertNoHigherHolder(stores, principal, role.id)),
  ])
  const notHeld = await detailOf(() => assertHolds(own, role.permissions))
  const refusal = higherHolder ?? notHeld
  return {
    ...(notHeld && { assign: notHeld }),
    ...(higherHolder && { rename: higherHolder }),
    ...(refusal && { delete: refusal }),
  }
}

/** The reason of a refusal for good; a proof of who is there, which the write would ask for, is none. */
async function detailOf(check: () => void | Promise<void>): Promise<Message | undefined> {
  try {
    await check()
    return undefined
  } catch (error) {
    if (!(error instanceof Rejection)) throw error
    return error.code === 'permission_denied' ? error.detail : undefined
  }
}
