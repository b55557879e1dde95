import type { Role } from '@propusk/client'
import { api, type WithVersion, withVersion } from '../../session/index.ts'

export const readRole = (id: number, signal?: AbortSignal): Promise<WithVersion<Role>> =>
  withVersion(api.callVersioned('readRole', { params: { id }, ...(signal && { signal }) }))
