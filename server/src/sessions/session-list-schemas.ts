import { type ListSpec, Type } from '../http/index.ts'
import type { Session, SessionColumn } from './session.ts'

/** What the list and its export can be narrowed down by. */
export const sessionFilters = {
  is_active: Type.Optional(Type.Boolean({ description: 'Only live sessions, or only ended ones.' })),
  user_id: Type.Optional(Type.Integer({ minimum: 1, description: 'Only sessions of this user.' })),
}

export const sessionList: ListSpec<Session, SessionColumn> = {
  path: '/api/auth/sessions/',
  orderings: {
    id: session => session.id,
    uuid: session => session.uuid,
    user_id: session => session.userId,
    ip_address: session => session.ipAddress,
    user_agent: session => session.userAgent,
    created_at: session => session.createdAtMs,
    last_used_at: session => session.lastUsedAtMs,
    expires_at: session => session.expiresAtMs,
    is_active: session => Number(session.isActive),
    ended_at: session => session.endedAtMs ?? 0,
    end_reason: session => session.endReason ?? '',
  },
  defaultOrdering: 'id',
  idOf: session => session.id,
}
