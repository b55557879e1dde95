interface Task {
  atMs: number
  readonly order: number
  /** A timer of a page: it stands still while the machine sleeps. */
  readonly needsMachine: boolean
  readonly act: () => unknown
}

/** A clock that jumps from task to task, and the one source of chance: a seed gives the same run again. */
export class VirtualTime {
  nowMs = 0
  /** What passed while the machine was awake: the monotonic clock of a browser that stands still in a sleep. */
  awakeMs = 0
  wallOffsetMs = 1_700_000_000_000
  #order = 0
  #state: number
  #tasks: Task[] = []
  readonly #onPass: (ms: number) => void

  constructor(seed: number, onPass: (ms: number) => void) {
    this.#state = seed
    this.#onPass = onPass
  }

  /** Mulberry32. */
  random(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  chance(share: number): boolean {
    return this.random() < share
  }

  at(atMs: number, act: () => unknown): void {
    this.#add(atMs, false, act)
  }

  afterAwake(ms: number, act: () => unknown): () => void {
    const task = this.#add(this.nowMs + Math.max(ms, 1), true, act)
    return () => {
      this.#tasks = this.#tasks.filter(each => each !== task)
    }
  }

  /** The machine sleeps from now on: timers of pages come so much later, and only then. */
  sleep(ms: number): void {
    for (const task of this.#tasks) if (task.needsMachine) task.atMs += ms
    this.awakeMs -= ms
  }

  /** Runs what is due, in order, until `untilMs`. */
  async run(untilMs: number): Promise<void> {
    for (;;) {
      const next = this.#tasks.reduce<Task | undefined>(earlier, undefined)
      if (next === undefined || next.atMs > untilMs) break
      this.#tasks = this.#tasks.filter(each => each !== next)
      this.#pass(Math.max(next.atMs - this.nowMs, 0))
      await next.act()
      // Whatever a task sets off in this process has happened before the next one: answers of streams take a few turns.
      for (let turn = 0; turn < 4; turn++) await new Promise(resolve => setImmediate(resolve))
    }
    this.#pass(Math.max(untilMs - this.nowMs, 0))
  }

  #pass(ms: number): void {
    this.nowMs += ms
    this.awakeMs += ms
    this.#onPass(ms)
  }

  #add(atMs: number, needsMachine: boolean, act: () => unknown): Task {
    const task = { atMs, order: this.#order++, needsMachine, act }
    this.#tasks.push(task)
    return task
  }
}

const earlier = (first: Task | undefined, second: Task): Task =>
  first === undefined ||
  second.atMs < first.atMs ||
  (second.atMs === first.atMs && second.order < first.order)
    ? second
    : first
