import type { CatalogueEntry, Gate } from '@propusk/gate'

interface Deps {
  readonly gate: Pick<Gate, 'catalogue'>
  readonly readCatalogue: () => Promise<readonly CatalogueEntry[]>
}

/** Two small statements. Until then a resource that release 0.1.0 has made is unknown to the nodes of this one. */
const compareEveryMs = 5_000

/**
 * Release 0.1.0, which runs beside this one during an upgrade, makes and renames resources and actions without a row in
 * the ledger. So the gate's catalogue is compared with the tables at intervals.
 */
export interface CatalogueWatch {
  /** The tables as they stand, when it is time to compare. */
  readIfDue(tickMs: number): Promise<readonly CatalogueEntry[] | undefined>
  /**
   * Whether the gate lacks what the tables have said twice, once it has received the ledger to a later end: what another node
   * commits between the two readings differs once.
   */
  isForeign(tables: readonly CatalogueEntry[]): boolean
}

export function createCatalogueWatch({ gate, readCatalogue }: Deps): CatalogueWatch {
  let dueAtMs = Number.NEGATIVE_INFINITY
  let suspects: ReadonlySet<string> = new Set()
  return {
    async readIfDue(tickMs) {
      if (tickMs < dueAtMs && suspects.size === 0) return undefined
      dueAtMs = tickMs + compareEveryMs
      return await readCatalogue()
    },
    isForeign(tables) {
      const differing = keysOf(tables).symmetricDifference(keysOf(gate.catalogue()))
      const isForeign = !suspects.isDisjointFrom(differing)
      suspects = isForeign ? new Set() : differing
      return isForeign
    },
  }
}

const keysOf = (entries: readonly CatalogueEntry[]): Set<string> =>
  new Set(entries.map(({ part, entryId, codeName }) => `${part} ${entryId} ${codeName}`))
