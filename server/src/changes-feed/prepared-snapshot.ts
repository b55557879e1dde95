import type { TimeSource } from '../kernel/index.ts'

/** A snapshot is made once for the followers of so long; those who come later get it with what came since. */
const goodForMs = 10_000
/** One with more than this after it is made anew. */
const mostCharactersSince = 256_000

/** A snapshot as it goes out, and what was published since it was taken. */
export interface Prepared {
  readonly cursor: string
  /** The JWS, to be joined: the same texts for every follower. */
  readonly pieces: readonly string[]
  /** Changes in JSON. */
  readonly since: readonly string[]
}

/** A snapshot whose state is taken, and whose text is being made. */
export interface SnapshotInMaking {
  readonly cursor: string
  readonly pieces: Promise<readonly string[]>
}

interface Making extends SnapshotInMaking {
  readonly takenAtMs: number
  readonly since: string[]
  charactersSince: number
  /** How many callers wait for it. */
  awaitedBy: number
  /** Of another history: no follower gets it. */
  isDropped: boolean
}

/**
 * The snapshot that new followers begin with, and the changes since: made once for many who come together, and in slices. It is
 * the state of one instant, and what was published while it was made follows it.
 */
export class PreparedSnapshot {
  readonly #clock: TimeSource
  readonly #take: () => SnapshotInMaking
  #latest: Making | undefined
  readonly #awaited = new Set<Making>()

  /** `take` takes the state before it returns. */
  constructor(clock: TimeSource, take: () => SnapshotInMaking) {
    this.#clock = clock
    this.#take = take
  }

  /** Takes what was published, in JSON. */
  add(changes: readonly string[]): void {
    for (const making of new Set(
      this.#latest === undefined ? this.#awaited : [this.#latest, ...this.#awaited],
    )) {
      making.since.push(...changes)
      for (const change of changes) making.charactersSince += change.length
    }
    this.forgetOld()
  }

  /** Callers who wait get another one. */
  drop(): void {
    this.#latest = undefined
    for (const making of this.#awaited) making.isDropped = true
  }

  /** Frees the memory of one that no new follower gets. */
  forgetOld(): void {
    if (this.#latest === undefined) return
    const { takenAtMs, charactersSince } = this.#latest
    const isGood =
      this.#clock.monotonicMs() - takenAtMs <= goodForMs && charactersSince <= mostCharactersSince
    if (!isGood) this.#latest = undefined
  }

  /**
   * Calls `use` with it once it is made. Rejects where it cannot be signed. INVARIANT: nothing that was published before the
   * call of `use` is missing from what that is given, and it is called in the turn in which it can take what is published next.
   */
  async get<Result>(use: (prepared: Prepared) => Result): Promise<Result> {
    for (;;) {
      this.forgetOld()
      this.#latest ??= this.#begin()
      const making = this.#latest
      using _ = this.#await(making)
      const pieces = await making.pieces.catch(cause => {
        if (this.#latest === making) this.#latest = undefined
        throw cause
      })
      if (!making.isDropped) return use({ cursor: making.cursor, pieces, since: making.since })
    }
  }

  /** Until the end of its scope the changes are noted, whichever snapshot is the latest then. */
  #await(making: Making): Disposable {
    making.awaitedBy += 1
    this.#awaited.add(making)
    return {
      [Symbol.dispose]: () => {
        making.awaitedBy -= 1
        if (making.awaitedBy === 0) this.#awaited.delete(making)
      },
    }
  }

  #begin(): Making {
    const takenAtMs = this.#clock.monotonicMs()
    return { ...this.#take(), takenAtMs, since: [], charactersSince: 0, awaitedBy: 0, isDropped: false }
  }
}
