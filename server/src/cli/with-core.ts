import { loadConfig } from '../config/index.ts'
import { type Core, openCore } from '../core.ts'
import { CommandFailure } from './command-failure.ts'
import { newerDatabase } from './newer-database.ts'
import type { CommandContext } from './run-cli.ts'

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
