import type { Listener } from './listener.ts'

/** Who listens on this node, found by account and by session. */
export class Listeners implements Iterable<Listener> {
  readonly #all = new Set<Listener>()
  readonly #byUser = new Map<number, Set<Listener>>()
  readonly #bySession = new Map<string, Set<Listener>>()

  get count(): number {
    return this.#all.size
  }

  add(listener: Listener): void {
    this.#all.add(listener)
    const { userId, sessionId } = listener.principal
    addTo(this.#byUser, userId, listener)
    addTo(this.#bySession, sessionId, listener)
  }

  remove(listener: Listener): void {
    this.#all.delete(listener)
    const { userId, sessionId } = listener.principal
    removeFrom(this.#byUser, userId, listener)
    removeFrom(this.#bySession, sessionId, listener)
  }

  ofUser(userId: number): ReadonlySet<Listener> {
    return this.#byUser.get(userId) ?? nobody
  }

  ofSession(sessionId: string): ReadonlySet<Listener> {
    return this.#bySession.get(sessionId) ?? nobody
  }

  holdersOf(role: string): readonly Listener[] {
    return this.where(({ rights }) => rights.grants.roles.includes(role))
  }

  where(condition: (listener: Listener) => boolean): readonly Listener[] {
    return [...this.#all].filter(condition)
  }

  [Symbol.iterator](): Iterator<Listener> {
    return this.#all.values()
  }
}

const nobody: ReadonlySet<Listener> = new Set()

function addTo<Key>(index: Map<Key, Set<Listener>>, key: Key, listener: Listener): void {
  index.set(key, (index.get(key) ?? new Set()).add(listener))
}

function removeFrom<Key>(index: Map<Key, Set<Listener>>, key: Key, listener: Listener): void {
  const own = index.get(key)
  own?.delete(listener)
  if (own?.size === 0) index.delete(key)
}
