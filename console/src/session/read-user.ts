import type { User } from '@propusk/client'
import { api } from './session.ts'

/** A person with the version that a change can rest on; without one where only a list has shown them yet. */
export type VersionedUser = User & { readonly etag?: string | undefined }

export async function readUser(id: number, signal?: AbortSignal): Promise<VersionedUser> {
  const { value, etag } = await api.callVersioned('readUser', { params: { id }, ...(signal && { signal }) })
  return { ...value, etag }
}
