import { type Config, loadConfig } from '../config/index.ts'
import { type Core, openCore } from '../core.ts'
import { parseKnownEmail, type User } from '../identity/index.ts'
import { systemRandom } from '../kernel/index.ts'
import { keyFileOf } from '../key-keeping.ts'
import { openSigningKey, readMasterKey, signerOf } from '../keys/index.ts'
import type { CommandContext, CommandLine } from './command.ts'
import { CommandFailure, newerDatabase } from './failure.ts'

/** Opens the database for one command, refuses one whose schema is not the present one, and closes it in any case. */
export async function withCore<T>(context: CommandContext, work: (core: Core) => Promise<T>): Promise<T> {
  const core = await openCore(loadConfig(context.env))
  try {
    const { pending, unknown } = await core.database.migrationState()
    if (unknown.length > 0) {
      throw new CommandFailure(newerDatabase(unknown))
    }
    if (pending.length > 0) await core.database.migrate()
    return await work(core)
  } finally {
    await core.close()
  }
}

/** The master key as it is set or kept; never makes one. Throws with one line that says what to do. */
export const masterKeyIn = ({ config: { masterKey, databaseUrl } }: Core): Uint8Array =>
  readMasterKey({ masterKey, keyFile: keyFileOf(databaseUrl), isFirst: false }, systemRandom)

/** The account of an address. Throws the failure that names the command which lists them all. */
export async function findAccount(core: Core, email: string, commandLine: CommandLine): Promise<User> {
  const address = parseKnownEmail(email)
  const found = address === undefined ? undefined : await core.stores.users.findByEmail(address)
  if (found === undefined)
    throw new CommandFailure(`There is no account ${email}. See them all: ${commandLine('user list')}`)
  return found.user
}

interface CheckedCopy {
  /** Migrations that the next start will apply. */
  readonly pending: readonly string[]
}

/**
 * Refuses a copy that no server of this version could start on: no database of ours, a newer one, or one whose
 * signing keys the master key does not open. `readKey` is asked only when there is something to open. Changes no row.
 */
export async function checkCopy(
  config: Config,
  path: string,
  readKey: () => Uint8Array,
): Promise<CheckedCopy> {
  const core = await openCore({ ...config, databaseUrl: `sqlite:${path}` })
  try {
    const { applied, pending, unknown } = await core.database.migrationState()
    if (unknown.length > 0) {
      throw new CommandFailure(newerDatabase(unknown))
    }
    if (applied.length === 0) throw new CommandFailure('There is no Propusk database in that file.')
    const keys = await core.stores.keys.list()
    const current = signerOf(keys) ?? keys.at(-1)
    if (current !== undefined) openSigningKey(current, readKey())
    return { pending }
  } finally {
    await core.close()
  }
}
