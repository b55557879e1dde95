import { api } from '../../session/index.ts'

/** Ends a session by whichever of the two calls somebody may use: they do the same. */
export const endSession = (id: number, mayDelete: boolean): Promise<unknown> =>
  mayDelete
    ? api.call('deleteSession', { params: { id } })
    : api.call('endSession', { params: { id }, body: { is_active: false } })
