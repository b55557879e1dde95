/** So long other work of the process may have to wait for a slice of a long one. */
const mostSliceMs = 5

/** Waits between the slices of a long piece of work, where others have waited long enough. */
export class Pace {
  #beganAtMs = performance.now()

  async next(): Promise<void> {
    if (performance.now() - this.#beganAtMs < mostSliceMs) return
    // Not a microtask: what has come from the network is to be taken, and timers that are due.
    await new Promise<void>(resolve => setTimeout(resolve, 0))
    this.#beganAtMs = performance.now()
  }
}
