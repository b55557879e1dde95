import type { Clock } from '../kernel/index.ts'

/** The code names that exist. */
export interface KnownNames {
  readonly resources: ReadonlySet<string>
  readonly actions: ReadonlySet<string>
}

/** The catalogue in memory, so that a check of one's own permissions asks no database. */
export interface CatalogueView {
  /** At most a second old. Refuses with `unavailable` when it is older and the store cannot be reached. */
  current(): KnownNames | Promise<KnownNames>
  /** Forgets what it knows: a resource or an action has changed on this node. */
  drop(): void
}

/** Another node's change of the catalogue is seen after this long; what roles permit does not rest on it. */
const freshForMs = 1_000

export function createCatalogueView(readNames: () => Promise<KnownNames>, clock: Clock): CatalogueView {
  let known: { readonly names: KnownNames; readonly askedAtMs: number } | undefined
  let reading: Promise<KnownNames> | undefined

  function read(): Promise<KnownNames> {
    // The instant before the question: what commits after it may be missing from the answer.
    const askedAtMs = clock.nowMs()
    const asked = readNames().then(
      names => {
        // INVARIANT: an answer to a question from before a `drop` is not remembered.
        if (reading === asked) {
          known = { names, askedAtMs }
          reading = undefined
        }
        return names
      },
      error => {
        if (reading === asked) reading = undefined
        throw error
      },
    )
    return asked
  }

  return {
    current() {
      if (known !== undefined && clock.nowMs() - known.askedAtMs < freshForMs) return known.names
      reading ??= read()
      return reading
    },
    drop() {
      known = undefined
      reading = undefined
    },
  }
}
