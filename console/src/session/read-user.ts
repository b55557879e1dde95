import type { User } from '@propusk/client'
import { api } from './session.ts'
import { type WithVersion, withVersion } from './with-version.ts'

export const readUser = (id: number, signal?: AbortSignal): Promise<WithVersion<User>> =>
  withVersion(api.callVersioned('readUser', { params: { id }, ...(signal && { signal }) }))
