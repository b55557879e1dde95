import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { api, useMay } from '../session/index.ts'
import type { AccessChange } from './access-change.ts'

/** As many as the server lists at once; its numbers count everybody all the same. */
const peopleListed = 200

/** A preview shows both who people are and what roles hold. */
export function useMayPreview(): boolean {
  const may = useMay()
  return may('roles', 'read') && may('users', 'read')
}

/** What these changes would change for whom. Nothing is asked when there are none, or when one may not know. */
export function usePreview(changes: readonly AccessChange[]) {
  const mayPreview = useMayPreview()
  return useQuery({
    queryKey: ['access', 'preview', changes],
    enabled: mayPreview && changes.length > 0,
    // One more tick in a grid is the same question, a little longer: the old answer stands until the new one is there.
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => api.call('previewAccess', { body: { changes, limit: peopleListed }, signal }),
  })
}
