import type { Resource } from '@propusk/client'
import { useMemo, useState } from 'react'

interface Folding {
  isFolded(resource: Resource, position: number): boolean
  fold(resource: string): void
  /** Whether the button for all of them folds, or unfolds. */
  readonly allOpen: boolean
  foldAll(): void
  /** Of which every action is shown. */
  readonly whole: ReadonlySet<string>
  showWhole(resource: string): void
}

interface State {
  readonly search: string
  readonly base: 'first' | 'open' | 'folded'
  /** What is other than `base` says. */
  readonly turned: ReadonlySet<string>
}

const startOf = (search: string): State => ({ search, base: 'first', turned: new Set() })

const flip = (set: ReadonlySet<string>, name: string): ReadonlySet<string> =>
  set.symmetricDifference(new Set([name]))

/** Only the first resource is open at the start, and while one searches all that is found; a click turns each of them. */
export function useFolding(search: string): Folding {
  const [state, setState] = useState(startOf(search))
  const [whole, setWhole] = useState<ReadonlySet<string>>(new Set())
  return useMemo(() => {
    // What was turned before a search says nothing about what it finds.
    const { base, turned } = state.search === search ? state : startOf(search)
    const allOpen = base === 'open' || (base === 'first' && search.trim() !== '')
    const opensAt = (position: number) => allOpen || (base === 'first' && position === 0)
    return {
      isFolded: ({ code_name }, position) => opensAt(position) === turned.has(code_name),
      fold: resource => setState({ search, base, turned: flip(turned, resource) }),
      allOpen,
      foldAll: () => setState({ search, base: allOpen ? 'folded' : 'open', turned: new Set() }),
      whole,
      showWhole: resource => setWhole(before => flip(before, resource)),
    }
  }, [state, search, whole])
}
