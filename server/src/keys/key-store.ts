import type { EpochMs } from '../kernel/index.ts'
import type { SigningKey } from './signing-key.ts'

export interface KeyStore {
  /** Every key, published or not, in the order of their making. */
  list(): Promise<readonly SigningKey[]>
  /** The same, locked until the transaction ends: of two nodes that want to rotate, the second sees what the first made. */
  lockAll(): Promise<readonly SigningKey[]>
  add(key: SigningKey): Promise<void>
  /** Retires every other key that is not retired yet; gives those that it retired. */
  retireOthers(kid: string, nowMs: EpochMs): Promise<readonly SigningKey[]>
  /** Removes keys that were retired at or before this instant. */
  deleteRetiredBefore(atMs: EpochMs): Promise<number>
}
