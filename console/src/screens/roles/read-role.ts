import type { RoleRead } from '@propusk/client'
import { api, type WithVersion, withVersion } from '../../session/index.ts'

/** A role, and what the rules of rank would refuse the signed-in person about it. */
export const readRole = (id: number, signal?: AbortSignal): Promise<WithVersion<RoleRead>> =>
  withVersion(
    api.callVersioned('readRole', {
      params: { id },
      query: { refusals: true },
      ...(signal && { signal }),
    }),
  )
