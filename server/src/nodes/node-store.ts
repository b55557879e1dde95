import type { EpochMs } from '../kernel/index.ts'
import type { Node } from './node.ts'

export interface NodeStore {
  /** Notes that this node is there, and since when, for the first time or again. */
  tell(node: Node): Promise<void>
  remove(id: string): Promise<void>
  /** Those that were seen last come first. */
  list(limit: number): Promise<readonly Node[]>
  /** Gives the number removed. */
  deleteUnseenSince(atMs: EpochMs): Promise<number>
}
