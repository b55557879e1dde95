import { useState } from 'react'
import { useProfile } from '../../../session/index.ts'
import type { AuditSearch } from './audit-search.ts'

export interface SavedView {
  readonly name: string
  readonly search: AuditSearch
}

interface SavedViews {
  readonly views: readonly SavedView[]
  /** Takes the place of one with the same name. */
  save(view: SavedView): void
  remove(name: string): void
}

/** The views that the signed-in person has named; kept in this browser, apart from those of others who use it. */
export function useSavedViews(): SavedViews {
  const { id } = useProfile()
  const storageKey = `propusk.audit-views.${id}`
  const [views, setViews] = useState(() => read(storageKey))
  const keep = (next: readonly SavedView[]) => {
    localStorage.setItem(storageKey, JSON.stringify(next))
    setViews(next)
  }
  return {
    views,
    save: view => keep([...views.filter(({ name }) => name !== view.name), view]),
    remove: name => keep(views.filter(view => view.name !== name)),
  }
}

/** What cannot be read, as of another version of this page, is none. */
function read(storageKey: string): readonly SavedView[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? '[]')
    return Array.isArray(kept) ? kept.filter(isView) : []
  } catch {
    return []
  }
}

const isView = (value: Partial<SavedView> | null): value is SavedView =>
  typeof value?.name === 'string' && typeof value.search === 'object' && value.search !== null
