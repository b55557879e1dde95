import type { CatalogueEntry, Gate } from '@propusk/gate/core'

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
export class CatalogueWatch {
  readonly #gate: Deps['gate']
  readonly #readCatalogue: Deps['readCatalogue']
  #dueAtMs = Number.NEGATIVE_INFINITY
  #suspects: ReadonlySet<string> = new Set()

  constructor({ gate, readCatalogue }: Deps) {
    this.#gate = gate
    this.#readCatalogue = readCatalogue
  }

  /** The tables as they stand, when it is time to compare. */
  async readIfDue(tickMs: number): Promise<readonly CatalogueEntry[] | undefined> {
    if (tickMs < this.#dueAtMs && this.#suspects.size === 0) return undefined
    this.#dueAtMs = tickMs + compareEveryMs
    return await this.#readCatalogue()
  }

  /**
   * Whether the gate lacks what the tables have said twice, once it has received the ledger to a later end: what another node
   * commits between the two readings differs once.
   */
  isForeign(tables: readonly CatalogueEntry[]): boolean {
    const differing = keysOf(tables).symmetricDifference(keysOf(this.#gate.catalogue()))
    const isForeign = !this.#suspects.isDisjointFrom(differing)
    this.#suspects = isForeign ? new Set() : differing
    return isForeign
  }
}

const keysOf = (entries: readonly CatalogueEntry[]): Set<string> =>
  new Set(entries.map(({ part, entryId, codeName }) => `${part} ${entryId} ${codeName}`))
