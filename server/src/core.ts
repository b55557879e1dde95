import { changeLifeMs, type LedgerEntry } from './changes/index.ts'
import type { Config } from './config/index.ts'
import {
  createPasswordHasher,
  type LeakedPasswords,
  loadLeakedPasswords,
  type PasswordHasher,
} from './identity/index.ts'
import { type Random, systemClock, systemRandom, type TimeSource, type Transact } from './kernel/index.ts'
import { type Database, openDatabase, type StoreNotice } from './store/index.ts'
import { readingStores, type Stores, snapshots, transactions } from './stores.ts'

/** What tests put in the place of the real thing: time, chance and the cost of a hash. */
export interface Overrides {
  readonly clock?: TimeSource
  readonly random?: Random
  readonly hasher?: PasswordHasher
}

/** The modules on their database, without keys, gate or HTTP: what the command line works with. */
export interface Core {
  readonly config: Config
  readonly database: Database
  readonly clock: TimeSource
  readonly random: Random
  readonly hasher: PasswordHasher
  readonly leakedPasswords: LeakedPasswords
  /** Committed rows. */
  readonly stores: Stores
  readonly transaction: Transact<Stores>
  /** The stores as they were at one instant, for reads that belong together and may take long. */
  snapshot<T>(work: (stores: Stores) => Promise<T>): Promise<T>
  /** Calls `listener` with the changes of each transaction of this process, before its caller goes on. */
  onCommitted(listener: (entries: readonly LedgerEntry[]) => Promise<void>): void
  close(): Promise<void>
}

/** Opens the database; neither migrates it nor reads a row. Refuses with `unavailable` when it cannot be reached. */
export async function openCore(
  config: Config,
  overrides: Overrides = {},
  log: (notice: StoreNotice) => void = () => {},
): Promise<Core> {
  const { clock = systemClock, random = systemRandom, hasher = createPasswordHasher() } = overrides
  const database = await openDatabase(config.databaseUrl, { clock, log })
  const listeners: ((entries: readonly LedgerEntry[]) => Promise<void>)[] = []
  const options = {
    clock,
    random,
    changeLifeMs: changeLifeMs(config.accessTtlSeconds),
    onCommitted: async (entries: readonly LedgerEntry[]) => {
      for (const listener of listeners) await listener(entries)
    },
  }
  return {
    config,
    database,
    clock,
    random,
    hasher,
    leakedPasswords: loadLeakedPasswords(),
    stores: readingStores(database, options),
    transaction: transactions(database, options),
    snapshot: snapshots(database, options),
    onCommitted: listener => listeners.push(listener),
    close: () => database.close(),
  }
}
