import { isKeyPrincipal, type Principal, Rejection } from '../kernel/index.ts'

/** Sent with a refusal. Places become free when streams end, which takes minutes: sooner than this it is no use to ask. */
const retryAfterSeconds = 15

/** One of the places that a node has for those who follow it. */
export type Place = Disposable

/** How many follow a node at a time, in all and for each caller: a key, or a person with all sessions. */
export class PlacesOfCallers {
  readonly #most: { readonly perNode: number; readonly perCaller: number }
  readonly #taken = new Map<string, number>()
  #count = 0

  constructor(most: { readonly perNode: number; readonly perCaller: number }) {
    this.#most = most
  }

  /** Rejects with `too_many_requests` when the caller, or all callers together, have as many as they may. */
  take(principal: Principal): Place {
    const caller = isKeyPrincipal(principal) ? `key ${principal.apiKeyId}` : `user ${principal.userId}`
    const ofCaller = this.#taken.get(caller) ?? 0
    if (ofCaller >= this.#most.perCaller || this.#count >= this.#most.perNode) {
      throw new Rejection('too_many_requests', { retryAfterSeconds })
    }
    this.#taken.set(caller, ofCaller + 1)
    this.#count += 1
    let isTaken = true
    return {
      [Symbol.dispose]: () => {
        if (isTaken) this.#release(caller)
        isTaken = false
      },
    }
  }

  #release(caller: string): void {
    const left = this.#taken.get(caller)! - 1
    if (left === 0) this.#taken.delete(caller)
    else this.#taken.set(caller, left)
    this.#count -= 1
  }
}
