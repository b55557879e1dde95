import type { Config } from '../config/index.ts'
import { openCore } from '../core.ts'
import { openSigningKey, signerOf } from '../keys/index.ts'
import { CommandFailure } from './command-failure.ts'
import { newerDatabase } from './describe-error.ts'

export interface JudgedCopy {
  /** Migrations that the next start will apply. */
  readonly pending: readonly string[]
}

/**
 * Refuses a copy that no server of this version could start on: no database of ours, a newer one, or one whose
 * signing keys the master key does not open. `readKey` is asked only when there is something to open. Changes no row.
 */
export async function judgeCopy(
  config: Config,
  path: string,
  readKey: () => Uint8Array,
): Promise<JudgedCopy> {
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
