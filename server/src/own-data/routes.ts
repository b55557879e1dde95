import { type ApiKeyStore, apiKeyList, toApiKeyBody } from '../api-keys/index.ts'
import {
  type AuditFilter,
  type AuditLog,
  auditList,
  ownDataTarget,
  ownEventList,
  toOwnEvent,
  userTarget,
} from '../audit/index.ts'
import type { ExportSlots } from '../exports/index.ts'
import { type FactorStore, type RecoveryCodeStore, toFactorBody } from '../factors/index.ts'
import { freshly, type ListSpec, type Pager, type Route, route, walkList } from '../http/index.ts'
import { type ProfileDeps, readProfile, toProfileBody, type UserStore } from '../identity/index.ts'
import {
  type ClientInfo,
  type Clock,
  type Page,
  type PageRequest,
  type SessionPrincipal,
  type Transact,
  toRfc3339,
  type UserId,
} from '../kernel/index.ts'
import {
  listRememberedDevices,
  type RememberedDeviceStore,
  toRememberedDeviceBody,
} from '../remembered-devices/index.ts'
import { type SessionStore, sessionList, toSessionBody } from '../sessions/index.ts'
import { mergeNewest, takeNewest } from './own-data.ts'
import { OwnDataBody, ownDataExample, toOwnEventBody } from './schemas.ts'

interface OwnDataDeps extends ProfileDeps {
  /** Committed state. */
  readonly stores: {
    readonly sessions: SessionStore
    readonly factors: FactorStore
    readonly recoveryCodes: RecoveryCodeStore
    readonly rememberedDevices: RememberedDeviceStore
    readonly apiKeys: ApiKeyStore
    readonly audit: AuditLog
  }
  readonly users: UserStore
  readonly transaction: Transact<{ readonly audit: AuditLog }>
  readonly slots: ExportSlots
  readonly pager: Pager
  readonly clock: Clock
}

export const ownDataRoutes = (deps: OwnDataDeps): readonly Route[] => [
  route({
    method: 'GET',
    path: '/me/data/',
    access: 'authenticated',
    operationId: 'downloadOwnData',
    stepUp: freshly,
    tag: 'Own account',
    summary: 'Download your own data',
    description:
      'The data of the caller, as one file (GDPR, articles 15 and 20): the account, sessions, second factors, remembered devices and API keys without their secrets, and the events of the audit, without the names and addresses of others. The download is recorded in the audit (`data.export`).',
    success: {
      status: 200,
      description: 'The data of the caller.',
      schema: OwnDataBody,
      example: ownDataExample,
      headers: { 'content-disposition': 'attachment; filename="propusk-my-data.json"' },
    },
    rejections: ['too_many_requests'],
    async handler({ principal, origin }) {
      using _slot = deps.slots.take(principal.userId)
      // Before anything is read: the document holds its own event.
      await record(deps, principal, origin)
      return readOwnData(deps, principal)
    },
  }),
]

const record = (
  { transaction, clock }: OwnDataDeps,
  { userId }: SessionPrincipal,
  origin: ClientInfo,
): Promise<void> => {
  const nowMs = clock.nowMs()
  const event = { actorId: userId, action: 'data.export', target: ownDataTarget, origin } as const
  return transaction(({ audit }) => audit.append({ ...event, details: { format: 'json' } }, nowMs))
}

async function readOwnData(deps: OwnDataDeps, principal: SessionPrincipal) {
  const { stores, clock } = deps
  const { userId } = principal
  const nowMs = clock.nowMs()
  const sessions = await newestOf(deps, sessionList, page => stores.sessions.list({ userId }, page, nowMs))
  const apiKeys = await newestOf(deps, apiKeyList, page => stores.apiKeys.list({ ownerId: userId }, page))
  const events = await eventsOf(deps, userId)
  const factors = await stores.factors.list(userId)
  const devices = await listRememberedDevices(deps, userId)
  return {
    exported_at: toRfc3339(nowMs),
    account: toProfileBody(await readProfile(deps, principal)),
    sessions: sessions.rows.map(toSessionBody),
    sessions_are_complete: sessions.isComplete,
    factors: factors.map(toFactorBody),
    recovery_codes: await stores.recoveryCodes.countUnused(userId),
    remembered_devices: devices.map(toRememberedDeviceBody),
    api_keys: apiKeys.rows.map(toApiKeyBody),
    api_keys_are_complete: apiKeys.isComplete,
    events: events.rows.map(toOwnEventBody),
    events_are_complete: events.isComplete,
  }
}

/** What the person did, what was done to the account, and what `/me/events/` shows, such as sessions that others ended. */
async function eventsOf(deps: OwnDataDeps, userId: UserId) {
  const { audit } = deps.stores
  const listed = async (filter: AuditFilter) => {
    const { rows, isComplete } = await newestOf(deps, auditList, page => audit.list(filter, page))
    return { rows: rows.map(event => toOwnEvent(event, userId)), isComplete }
  }
  return mergeNewest([
    await listed({ actorId: userId }),
    await listed({ target: userTarget(userId) }),
    await newestOf(deps, ownEventList, page => audit.listOwn(userId, page)),
  ])
}

const newestOf = <Row, Column extends string>(
  { pager }: OwnDataDeps,
  list: ListSpec<Row, Column>,
  readPage: (page: PageRequest<Column>) => Promise<Page<Row>>,
) => takeNewest(walkList(list, pager.read(list, { ordering: '-id' }), readPage))
