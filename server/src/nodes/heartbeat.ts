import type { Clock, EpochMs, Random, Transact } from '../kernel/index.ts'
import type { NodeStore } from './node-store.sql.ts'

interface Deps {
  readonly transaction: Transact<{ readonly nodes: NodeStore }>
  readonly clock: Clock
  readonly random: Random
  readonly version: string
  readonly host: string
}

const maxHostCharacters = 255

/** The row by which other nodes, and people, see that this process runs. Nothing is decided by it. */
export class Heartbeat {
  readonly id: string
  readonly startedAtMs: EpochMs
  readonly #deps: Deps
  readonly #host: string | null
  #hasLeft = false
  #beating: Promise<void> = Promise.resolve()

  constructor(deps: Deps) {
    this.#deps = deps
    this.#host = deps.host.slice(0, maxHostCharacters) || null
    this.id = deps.random.uuid()
    this.startedAtMs = deps.clock.nowMs()
  }

  /** Writes that this node runs; nothing once it has left. */
  async beat(): Promise<void> {
    if (this.#hasLeft) return
    const { id, startedAtMs } = this
    const { clock, version, transaction } = this.#deps
    const node = { id, startedAtMs, seenAtMs: clock.nowMs(), version, host: this.#host }
    this.#beating = transaction(({ nodes }) => nodes.record(node))
    await this.#beating
  }

  /** Removes the row. A node that cannot, or is killed, is seen as silent after some minutes. */
  async leave(): Promise<void> {
    this.#hasLeft = true
    // A beat in progress would put the row back.
    await this.#beating.catch(() => {})
    await this.#deps.transaction(({ nodes }) => nodes.remove(this.id))
  }
}
