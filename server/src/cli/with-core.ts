import { loadConfig } from '../config/index.ts'
import { type Core, openCore } from '../core.ts'
import { systemRandom } from '../kernel/index.ts'
import { keyFileOf } from '../key-keeping.ts'
import { readMasterKey } from '../keys/index.ts'
import type { CommandContext } from './command.ts'
import { CommandFailure } from './command-failure.ts'
import { newerDatabase } from './describe-error.ts'

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
