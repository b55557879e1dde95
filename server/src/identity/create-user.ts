import { replaceRoles } from '../access/index.ts'
import { userTarget } from '../audit/index.ts'
import { type Caller, type Message, message, Rejection, takenField } from '../kernel/index.ts'
import {
  describeAccount,
  initialFields,
  type NewUser,
  type OwnFields,
  ownTexts,
  superuserFields,
  validateTexts,
  type WritableFields,
} from './account-fields.ts'
import { type EmailAddress, parseEmail } from './email-address.ts'
import { type PasswordPolicy, passwordPolicyOf, validateNewPassword } from './password-policy.ts'
import {
  type AdministrationStores,
  assertStillActive,
  assertSuperuser,
  type CreateUserDeps,
  superuserOnly,
  type UserWithRoles,
} from './update-user.ts'

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
  const { email, errors } = validateNewAccount(passwordPolicyOf(deps), account)
  if (email === undefined || Object.keys(errors).length > 0)
    throw new Rejection('invalid_request', { errors })

  // Looks before the costly hash; the transaction decides both in any case.
  if (hasFlags(account) && caller.principal?.isSuperuser === false) throw superuserOnly()
  if ((await deps.users.findByEmail(email)) !== undefined) throw takenField('email', message('email.taken'))
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
  if (user === 'taken') throw takenField('email', message('email.taken'))
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

interface Presented extends OwnFields {
  readonly email: string
  readonly password: string
}

interface ValidatedAccount {
  /** Undefined when the address is not acceptable; `errors` says so then. */
  readonly email: EmailAddress | undefined
  /** Every fault of address, password and names, by field. Empty: the account may be opened. */
  readonly errors: Record<string, readonly Message[]>
}

/** Validates the fields of a new account; the rules are the same for every way to open one. */
export function validateNewAccount(policy: PasswordPolicy, presented: Presented): ValidatedAccount {
  const email = parseEmail(presented.email)
  const faults = validateNewPassword(policy, presented.password, {
    email: email ?? presented.email,
    names: ownTexts(presented),
  })
  return {
    email,
    errors: {
      ...validateTexts(presented),
      ...(email === undefined && { email: [message('email.invalid')] }),
      ...(faults.length > 0 && { password: faults }),
    },
  }
}
