import { type Caller, Rejection } from '../kernel/index.ts'
import { addUser, type NewAccount } from './create-user.ts'
import { unusablePassword } from './password-policy.ts'
import type { AdministrationStores, CreateUserDeps } from './update-user.ts'
import { acceptedEmail, validatePerson } from './validate-account.ts'

export type ProposedAccount = Omit<NewAccount, 'password'>

/** Thrown on purpose: what was tried is rolled back. */
class Tried extends Error {}

/**
 * Tries to open these accounts, one after the other in one transaction that is rolled back: nothing is written, and each
 * is judged by the very code that opens it, with those before it in place. Gives for each why it would be refused.
 */
export async function checkNewUsers(
  deps: Pick<CreateUserDeps, 'transaction' | 'clock'>,
  caller: Caller,
  accounts: readonly ProposedAccount[],
): Promise<readonly (Rejection | undefined)[]> {
  const nowMs = deps.clock.nowMs()
  let found: (Rejection | undefined)[] = []
  try {
    await deps.transaction(async stores => {
      // PostgreSQL may run a transaction again.
      found = []
      for (const account of accounts) found.push(await faultOf(stores, caller, account, nowMs))
      throw new Tried()
    })
  } catch (error) {
    if (!(error instanceof Tried)) throw error
  }
  return found
}

async function faultOf(
  stores: AdministrationStores,
  caller: Caller,
  account: ProposedAccount,
  nowMs: number,
): Promise<Rejection | undefined> {
  try {
    const email = acceptedEmail(validatePerson(account))
    // No hash: there is no sign-in to what is rolled back.
    await addUser(stores, caller, { ...account, email, passwordHash: unusablePassword }, nowMs)
    return undefined
  } catch (error) {
    if (error instanceof Rejection) return error
    throw error
  }
}
