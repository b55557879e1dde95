import type { EpochMs } from '../kernel/index.ts'

/** A running server process, as it told the database itself. */
export interface Node {
  /** Made anew with each start. */
  readonly id: string
  readonly startedAtMs: EpochMs
  readonly seenAtMs: EpochMs
  readonly version: string
  /** The name of its machine, for people; null when it has none. */
  readonly host: string | null
}

/** A node tells every minute: one that has missed two turns is gone, or cannot reach the database. */
const silentAfterMs = 150_000

export const isAlive = (node: Node, nowMs: EpochMs): boolean => nowMs - node.seenAtMs < silentAfterMs
