/** Waits for the next change, and for so long at most. Ends with its scope, whether or not one came. */
export class NextChange implements Disposable {
  readonly happened: Promise<void>
  readonly #waiting: Set<() => void>
  readonly #wake: () => void
  readonly #timer: NodeJS.Timeout

  constructor(waiting: Set<() => void>, waitMs: number) {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.happened = promise
    this.#waiting = waiting
    this.#wake = resolve
    this.#timer = setTimeout(resolve, Math.max(0, waitMs))
    waiting.add(resolve)
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    this.#waiting.delete(this.#wake)
  }
}
