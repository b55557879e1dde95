import type { Change } from '@propusk/gate'
import { changeLifeMs } from './changes/index.ts'
import type { Config } from './config/index.ts'
import {
  createPasswordHasher,
  type LeakedPasswords,
  loadLeakedPasswords,
  type PasswordHasher,
} from './identity/index.ts'
import { type Clock, type Random, systemClock, systemRandom, type Transact } from './kernel/index.ts'
import { type Database, openDatabase, type StoreNotice } from './store/index.ts'
import { readingStores, type Stores, transactions } from './stores.ts'

/** What tests put in the place of the real thing: time, chance and the cost of a hash. */
export interface Overrides {
  readonly clock?: Clock
  /** A clock that never steps, for intervals; its zero means nothing. */
  readonly monotonicMs?: () => number
  readonly random?: Random
  readonly hasher?: PasswordHasher
}

/** The rooms on their database, without keys, gate or HTTP: what the command line works with. */
export interface Core {
  readonly config: Config
  readonly database: Database
  readonly clock: Clock
  /** Measures intervals: it never steps, whatever becomes of the clock. */
  readonly monotonicMs: () => number
  readonly random: Random
  readonly hasher: PasswordHasher
  readonly leakedPasswords: LeakedPasswords
  /** Committed rows. */
  readonly stores: Stores
  readonly transaction: Transact<Stores>
  /** Calls `listener` with the changes of each transaction of this process, before its caller goes on. */
  onCommitted(listener: (changes: readonly Change[]) => Promise<void>): void
  close(): Promise<void>
}

/** Opens the database; neither migrates it nor reads a row. Refuses with `unavailable` when it cannot be reached. */
export async function openCore(
  config: Config,
  overrides: Overrides = {},
  log: (notice: StoreNotice) => void = () => {},
): Promise<Core> {
  const { monotonicMs = () => performance.now() } = overrides
  const { clock = systemClock, random = systemRandom, hasher = createPasswordHasher() } = overrides
  const database = await openDatabase(config.databaseUrl, { clock, log })
  const listeners: ((changes: readonly Change[]) => Promise<void>)[] = []
  const options = {
    random,
    changeLifeMs: changeLifeMs(config.accessTtlSeconds),
    onCommitted: async (changes: readonly Change[]) => {
      for (const listener of listeners) await listener(changes)
    },
  }
  return {
    config,
    database,
    clock,
    monotonicMs,
    random,
    hasher,
    leakedPasswords: loadLeakedPasswords(),
    stores: readingStores(database, options),
    transaction: transactions(database, options),
    onCommitted: listener => listeners.push(listener),
    close: () => database.close(),
  }
}
