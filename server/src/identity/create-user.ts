import { replaceRoles } from '../access/index.ts'
import { userTarget } from '../audit/index.ts'
import type { Caller } from '../kernel/index.ts'
import {
  describeAccount,
  initialFields,
  type NewUser,
  superuserFields,
  type WritableFields,
} from './account-fields.ts'
import { passwordPolicyOf } from './password-policy.ts'
import {
  type AdministrationStores,
  assertStillActive,
  assertSuperuser,
  type CreateUserDeps,
  superuserOnly,
  type UserWithRoles,
} from './update-user.ts'
import { acceptedEmail, assertUntaken, emailTaken, validateNewAccount } from './validate-account.ts'

export interface NewAccount extends WritableFields {
  /** The first one, by the rules of registration; only the owner sets another. */
  readonly password: string
  readonly roles: readonly string[]
}

/**
 * Opens an account for another user, without signing it in. Refuses with `invalid_request` (every field named),
 * `permission_denied` (flags and roles that the actor may not grant) or `conflict` (the address is taken).
 */
export async function createUser(
  deps: CreateUserDeps,
  caller: Caller,
  account: NewAccount,
): Promise<UserWithRoles> {
  const nowMs = deps.clock.nowMs()
  const email = acceptedEmail(validateNewAccount(passwordPolicyOf(deps), account))

  // Looks before the costly hash; the transaction decides both in any case.
  if (hasFlags(account) && caller.principal?.isSuperuser === false) throw superuserOnly()
  await assertUntaken(deps.users, email)
  const passwordHash = await deps.hasher.hash(account.password)

  return deps.transaction(stores => addUser(stores, caller, { ...account, email, passwordHash }, nowMs))
}

const unasked: Partial<WritableFields> = initialFields

/** Whether it has what only a superuser gives. */
const hasFlags = (account: WritableFields): boolean =>
  superuserFields.some(field => account[field] !== unasked[field])

/** Opens the account in the transaction that is given: what each way to open one for another person does. */
export async function addUser(
  stores: AdministrationStores,
  { principal, origin }: Caller,
  account: NewUser & Pick<NewAccount, 'roles'>,
  nowMs: number,
): Promise<UserWithRoles> {
  await assertStillActive(stores, principal)
  if (hasFlags(account)) await assertSuperuser(stores, principal)
  const user = await stores.users.add(account, nowMs)
  if (user === 'taken') throw emailTaken()
  const roles =
    account.roles.length === 0
      ? []
      : (await replaceRoles(stores, { principal, userId: user.id, roles: account.roles, nowMs })).after
  await stores.audit.append(
    {
      actorId: principal?.userId ?? null,
      action: 'user.create',
      target: userTarget(user.id),
      origin,
      details: { ...describeAccount(user), roles },
    },
    nowMs,
  )
  return { ...user, roles }
}
