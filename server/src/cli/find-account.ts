import type { Core } from '../core.ts'
import { parseKnownEmail, type User } from '../identity/index.ts'
import { CommandFailure } from './command-failure.ts'
import type { CommandLine } from './program-name.ts'

/** The account of an address. Throws the failure that names the command which lists them all. */
export async function findAccount(core: Core, email: string, commandLine: CommandLine): Promise<User> {
  const address = parseKnownEmail(email)
  const found = address === undefined ? undefined : await core.stores.users.findByEmail(address)
  if (found === undefined)
    throw new CommandFailure(`There is no account ${email}. See them all: ${commandLine('user list')}`)
  return found.user
}
