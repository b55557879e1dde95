import { Instant, Type } from '../http/index.ts'
import { type EpochMs, type SessionPrincipal, toRfc3339, toRfc3339OrNull } from '../kernel/index.ts'
import { endReasons, isLive, type Session } from './session.ts'

const namedReasons = endReasons.map(reason => `\`${reason}\``)

const common = {
  id: Type.Integer(),
  uuid: Type.String({ format: 'uuid', description: 'The `sid` of its tokens.' }),
  ip_address: Type.String(),
  user_agent: Type.String(),
  created_at: Instant,
  last_used_at: Instant,
  expires_at: Instant,
  is_active: Type.Boolean(),
}

export const OwnSessionBody = Type.Object(
  {
    ...common,
    is_current: Type.Boolean({ description: 'Whether the request itself came from this session.' }),
  },
  { $id: 'OwnSession' },
)

export const SessionBody = Type.Object(
  {
    ...common,
    user_id: Type.Integer(),
    ended_at: Type.Union([Instant, Type.Null()]),
    end_reason: Type.Union([Type.String(), Type.Null()], {
      description: `${namedReasons.slice(0, -1).join(', ')} or ${namedReasons.at(-1)}.`,
    }),
  },
  { $id: 'Session' },
)

export const SessionEndBody = Type.Object(
  { is_active: Type.Literal(false, { 'x-message': 'session.only_end' }) },
  {
    $id: 'SessionEnd',
    additionalProperties: false,
    'x-read-only': Object.keys(SessionBody.properties).filter(name => name !== 'is_active'),
  },
)

export const EndEverybodyBody = Type.Object(
  {
    id: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: Number.MAX_SAFE_INTEGER,
        description: 'Goes on with an earlier call, by the `id` of its answer.',
      }),
    ),
  },
  { $id: 'EndEverybody', additionalProperties: false },
)

export const EndedEverybodyBody = Type.Object(
  {
    id: Type.Integer({ description: 'What a call that goes on names.' }),
    ended: Type.Integer({ minimum: 0, description: 'How many rows this call has ended.' }),
    remaining: Type.Boolean({ description: 'Whether rows are left. Their sessions are over all the same.' }),
  },
  { $id: 'EndedEverybody' },
)

export const EndedOthersBody = Type.Object(
  { ended: Type.Integer({ minimum: 0, description: 'How many sessions have ended.' }) },
  { $id: 'EndedOthers' },
)

const toCommon = (session: Session) => ({
  id: session.id,
  uuid: session.uuid,
  ip_address: session.ipAddress,
  user_agent: session.userAgent,
  created_at: toRfc3339(session.createdAtMs),
  last_used_at: toRfc3339(session.lastUsedAtMs),
  expires_at: toRfc3339(session.expiresAtMs),
})

export const toOwnSessionBody = (session: Session, principal: SessionPrincipal, nowMs: EpochMs) => ({
  ...toCommon(session),
  is_active: isLive(session, nowMs),
  is_current: session.uuid === principal.sessionId,
})

/** Of a session as it stands now. */
export const toSessionBody = (session: Session) => ({
  ...toCommon(session),
  user_id: session.userId,
  is_active: session.isActive,
  ended_at: toRfc3339OrNull(session.endedAtMs),
  end_reason: session.endReason,
})

const commonExample = {
  id: 301,
  uuid: '0195a3c2-7d1e-7c40-9f5b-2a61c4d8e0b7',
  ip_address: '203.0.113.24',
  user_agent: 'Mozilla/5.0 (X11; Linux x86_64; rv:136.0) Gecko/20100101 Firefox/136.0',
  created_at: '2026-03-14T06:55:02.417Z',
  last_used_at: '2026-03-14T09:12:40.008Z',
  expires_at: '2026-03-15T06:55:02.417Z',
}

export const ownSessionExample = { ...commonExample, is_active: true, is_current: true }

export const sessionExample = {
  ...commonExample,
  user_id: 52,
  is_active: true,
  ended_at: null,
  end_reason: null,
}

export const endedSessionExample = {
  ...sessionExample,
  is_active: false,
  ended_at: '2026-03-14T10:30:11.902Z',
  end_reason: 'ended_by_admin',
}
