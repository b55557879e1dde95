import {
  type ChangeOf,
  checkCatalogueEntry,
  forgetExpiredChanges,
  type LatestChange,
  latestOf,
} from './change.ts'
import type { CataloguePart } from './decision.ts'

/** A resource or an action that there is. Under another code name it is the same one. */
export interface CatalogueEntry {
  readonly part: CataloguePart
  readonly entryId: number
  readonly codeName: string
}

export type Catalogue = ReturnType<typeof createCatalogue>

/** The resources and actions that exist. One that it does not hold is denied to every user (ADR 35). */
export function createCatalogue() {
  const parts = { resource: createPart(), action: createPart() }
  const each = <T>(list: (part: CataloguePart) => T[]): T[] => [...list('resource'), ...list('action')]
  return {
    define(entry: CatalogueEntry): void {
      checkCatalogueEntry(entry)
      parts[entry.part].replace(entry.entryId, entry.codeName)
    },
    apply(change: ChangeOf<'catalogue_entry'>): void {
      parts[change.part].apply(change)
    },
    has: (part: CataloguePart, codeName: string): boolean => parts[part].holders.has(codeName),
    /** Whether there are both. */
    knows: (resource: string, action: string): boolean =>
      parts.resource.holders.has(resource) && parts.action.holders.has(action),
    entries: (): CatalogueEntry[] =>
      each(part =>
        Array.from(
          parts[part].nameOf,
          ([entryId, codeName]): CatalogueEntry => ({ part, entryId, codeName }),
        ),
      ),
    changes: (): ChangeOf<'catalogue_entry'>[] =>
      each(part =>
        Array.from(parts[part].received, ([entryId, { latest }]): ChangeOf<'catalogue_entry'> => {
          const codeName = parts[part].nameOf.get(entryId) ?? null
          return { ...latest, kind: 'catalogue_entry', part, entryId, codeName }
        }),
      ),
    // Only the changes: which entries there are is state, and stays.
    forget(nowMs: number): void {
      for (const part of ['resource', 'action'] as const) forgetExpiredChanges(parts[part].received, nowMs)
    },
  }
}

function createPart() {
  const nameOf = new Map<number, string>()
  /** How many entries have the name: two for a moment, where one takes what another gives up and is received of first. */
  const holders = new Map<string, number>()
  const received = new Map<number, { latest: LatestChange }>()

  function replace(entryId: number, codeName: string | null): void {
    const before = nameOf.get(entryId)
    if (before !== undefined) {
      const left = holders.get(before)! - 1
      if (left === 0) holders.delete(before)
      else holders.set(before, left)
    }
    nameOf.delete(entryId)
    if (codeName === null) return
    nameOf.set(entryId, codeName)
    holders.set(codeName, (holders.get(codeName) ?? 0) + 1)
  }

  return {
    nameOf,
    holders,
    received,
    replace,
    apply({ entryId, codeName, ...row }: ChangeOf<'catalogue_entry'>): void {
      const latest = received.get(entryId)?.latest
      if (latest === undefined || row.id > latest.id) replace(entryId, codeName)
      received.set(entryId, { latest: latestOf(latest, row) })
    },
  }
}
