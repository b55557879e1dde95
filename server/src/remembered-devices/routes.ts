import { type AuditLog, userTarget } from '../audit/index.ts'
import type { FactorStore } from '../factors/index.ts'
import { IdParams, Instant, NullableText, type Route, route, type Static, Type } from '../http/index.ts'
import type { UserStore } from '../identity/index.ts'
import {
  type Clock,
  Rejection,
  type Transact,
  toRfc3339,
  toRfc3339OrNull,
  type UserId,
} from '../kernel/index.ts'
import { basisOf, type RememberedDevice } from './remembered-device.ts'
import type { RememberedDeviceStore } from './remembered-device-store.sql.ts'

interface ReadingDeps {
  /** Committed state. */
  readonly stores: { readonly rememberedDevices: RememberedDeviceStore; readonly factors: FactorStore }
  readonly users: Pick<UserStore, 'findAccount'>
  readonly clock: Clock
}

/** The devices that are remembered for the account as it stands now; none of an account that is not there. */
export async function listRememberedDevices(
  { stores, users, clock }: ReadingDeps,
  userId: UserId,
): Promise<readonly RememberedDevice[]> {
  const account = await users.findAccount(userId)
  if (account === undefined) return []
  const basis = basisOf(account, await stores.factors.list(userId))
  return stores.rememberedDevices.list(userId, basis, clock.nowMs())
}

interface Deps extends ReadingDeps {
  readonly transaction: Transact<{
    readonly rememberedDevices: RememberedDeviceStore
    readonly audit: AuditLog
  }>
}

const tag = 'Second factors'

export const RememberedDeviceBody = Type.Object(
  {
    id: Type.Integer(),
    created_at: Instant,
    expires_at: Instant,
    last_used_at: Type.Union([Instant, Type.Null()]),
    ip_address: NullableText,
    user_agent: NullableText,
  },
  { $id: 'RememberedDevice' },
)

export const toRememberedDeviceBody = (device: RememberedDevice): Static<typeof RememberedDeviceBody> => ({
  id: device.id,
  created_at: toRfc3339(device.createdAtMs),
  expires_at: toRfc3339(device.expiresAtMs),
  last_used_at: toRfc3339OrNull(device.lastUsedAtMs),
  ip_address: device.ipAddress,
  user_agent: device.userAgent,
})

export const rememberedDeviceExample = {
  id: 3,
  created_at: '2026-03-14T06:55:02.417Z',
  expires_at: '2026-04-13T06:55:02.417Z',
  last_used_at: '2026-03-15T09:12:40.008Z',
  ip_address: '203.0.113.24',
  user_agent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
} as const

export const rememberedDeviceRoutes = (deps: Deps): readonly Route[] => [
  route({
    method: 'GET',
    path: '/me/remembered_devices/',
    access: 'authenticated',
    operationId: 'listRememberedDevices',
    tag,
    summary: 'List your own remembered devices',
    description:
      'Browsers that a sign-in by password does not ask for the second factor (`PROPUSK_REMEMBER_DEVICE`), the newest first. A change of the password or of a factor, a reset, and «sign out everywhere» end all of them.',
    success: {
      status: 200,
      description: 'The remembered devices of the caller.',
      schema: Type.Array(RememberedDeviceBody),
      example: [rememberedDeviceExample],
    },
    handler: async ({ principal: { userId } }) =>
      (await listRememberedDevices(deps, userId)).map(toRememberedDeviceBody),
  }),

  route({
    method: 'DELETE',
    path: '/me/remembered_devices/:id/',
    access: 'authenticated',
    operationId: 'forgetRememberedDevice',
    tag,
    summary: 'Forget your own remembered device',
    description: 'Its next sign-in requires the second factor. Its sessions stay active.',
    params: IdParams,
    success: { status: 204, description: 'It is remembered no more.' },
    rejections: ['not_found'],
    async handler({ principal: { userId }, params: { id }, origin }) {
      const nowMs = deps.clock.nowMs()
      await deps.transaction(async ({ rememberedDevices, audit }) => {
        if (!(await rememberedDevices.delete(userId, id))) throw new Rejection('not_found')
        const event = {
          actorId: userId,
          action: 'device.forget',
          target: userTarget(userId),
          origin,
        } as const
        await audit.append({ ...event, details: { device_id: id } }, nowMs)
      })
    },
  }),

  route({
    method: 'DELETE',
    path: '/me/remembered_devices/',
    access: 'authenticated',
    operationId: 'forgetRememberedDevices',
    tag,
    summary: 'Forget all your own remembered devices',
    description: 'The next sign-in on each of them requires the second factor.',
    success: { status: 204, description: 'None is remembered any more.' },
    async handler({ principal: { userId }, origin }) {
      const nowMs = deps.clock.nowMs()
      await deps.transaction(async ({ rememberedDevices, audit }) => {
        const devices = await rememberedDevices.deleteOf(userId)
        const event = {
          actorId: userId,
          action: 'device.forget',
          target: userTarget(userId),
          origin,
        } as const
        await audit.append({ ...event, details: { devices } }, nowMs)
      })
    },
  }),
]
