import { ApiKeyBody, apiKeyExample } from '../api-keys/index.ts'
import type { OwnEvent } from '../audit/index.ts'
import { FactorBody, factorExample } from '../factors/index.ts'
import { Instant, NullableText, type Static, Type } from '../http/index.ts'
import { ProfileBody, profileExample } from '../identity/index.ts'
import { toRfc3339 } from '../kernel/index.ts'
import { RememberedDeviceBody, rememberedDeviceExample } from '../remembered-devices/index.ts'
import { SessionBody, sessionExample } from '../sessions/index.ts'
import { mostRows } from './own-data.ts'

const OwnEventBody = Type.Object(
  {
    id: Type.Integer(),
    at: Instant,
    actor: Type.Union([Type.Literal('you'), Type.Literal('administrator'), Type.Null()], {
      description: 'Null for the server, the command line, and a person who was not signed in.',
    }),
    action: Type.String(),
    target: NullableText,
    outcome: Type.Union([Type.Literal('success'), Type.Literal('denied'), Type.Literal('failure')]),
    ip_address: NullableText,
    user_agent: NullableText,
    details: Type.Unsafe<Record<string, unknown>>({
      type: 'object',
      additionalProperties: {},
      description: 'Empty of what was done to others.',
    }),
  },
  { $id: 'OwnDataEvent' },
)

const newest = mostRows.toLocaleString('en')
const isComplete = (what: string) =>
  Type.Boolean({ description: `False where there are more ${what} than the newest ${newest}.` })

export const OwnDataBody = Type.Object(
  {
    exported_at: Instant,
    account: ProfileBody,
    sessions: Type.Array(SessionBody, { description: 'Live and ended ones, the newest first.' }),
    sessions_are_complete: isComplete('sessions'),
    factors: Type.Array(FactorBody),
    recovery_codes: Type.Integer({ minimum: 0, description: 'How many recovery codes are left.' }),
    remembered_devices: Type.Array(RememberedDeviceBody),
    api_keys: Type.Array(ApiKeyBody, { description: 'Without their secrets, the newest first.' }),
    api_keys_are_complete: isComplete('keys'),
    events: Type.Array(OwnEventBody, {
      description: 'What the person did, and what was done to the account, the newest first.',
    }),
    events_are_complete: isComplete('events'),
  },
  { $id: 'OwnData' },
)

const actorOf = { self: 'you', administrator: 'administrator', unknown: null, server: null } as const

export const toOwnEventBody = (event: OwnEvent): Static<typeof OwnEventBody> => ({
  id: event.id,
  at: toRfc3339(event.atMs),
  actor: actorOf[event.by],
  action: event.action,
  target: event.target,
  outcome: event.outcome,
  ip_address: event.ipAddress,
  user_agent: event.userAgent,
  details: { ...event.details },
})

export const ownDataExample = {
  exported_at: '2026-03-14T10:30:11.902Z',
  account: profileExample,
  sessions: [sessionExample],
  sessions_are_complete: true,
  factors: [factorExample],
  recovery_codes: 9,
  remembered_devices: [rememberedDeviceExample],
  api_keys: [apiKeyExample],
  api_keys_are_complete: true,
  events: [
    {
      id: 9120,
      at: '2026-03-14T10:30:11.902Z',
      actor: 'administrator',
      action: 'user.update',
      target: 'users/52',
      outcome: 'success',
      ip_address: null,
      user_agent: null,
      details: { roles: { from: ['user'], to: ['supervisor', 'user'] } },
    },
  ],
  events_are_complete: true,
}
