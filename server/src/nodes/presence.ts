import type { Clock, EpochMs, Random, Transact } from '../kernel/index.ts'
import type { NodeStore } from './node-store.ts'

interface Deps {
  readonly transaction: Transact<{ readonly nodes: NodeStore }>
  readonly clock: Clock
  readonly random: Random
  readonly version: string
  readonly host: string
}

/** What this process tells the others of itself. Nothing is decided by it: it is for people to see. */
export interface Presence {
  readonly id: string
  readonly startedAtMs: EpochMs
  /** Says that this node is there; nothing once it has left. */
  tell(): Promise<void>
  /** Takes its row away. One that cannot, or is killed, is seen as silent after some minutes. */
  leave(): Promise<void>
}

const mostHostCharacters = 255

export function createPresence({ transaction, clock, random, version, host }: Deps): Presence {
  const id = random.uuid()
  const startedAtMs = clock.nowMs()
  const label = host.slice(0, mostHostCharacters) || null
  let hasLeft = false
  let telling: Promise<void> = Promise.resolve()
  return {
    id,
    startedAtMs,
    async tell() {
      if (hasLeft) return
      const node = { id, startedAtMs, seenAtMs: clock.nowMs(), version, host: label }
      telling = transaction(({ nodes }) => nodes.tell(node))
      await telling
    },
    async leave() {
      hasLeft = true
      // One that is under way would put the row back.
      await telling.catch(() => {})
      await transaction(({ nodes }) => nodes.remove(id))
    },
  }
}
