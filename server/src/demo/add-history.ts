import { userTarget } from '../audit/index.ts'
import type { Stores } from '../core.ts'
import type { ClientInfo, EpochMs, Random, UserId } from '../kernel/index.ts'
import {
  type EndReason,
  endAllSessions,
  endOtherSessions,
  endSessionByUuid,
  type Session,
  type SessionLimits,
} from '../sessions/index.ts'
import { startSession } from '../tokens/index.ts'
import type { DemoEvent, EventDetails } from './history.ts'
import { type DeviceName, devices, originOf, people } from './people.ts'

export interface HistoryContext {
  readonly stores: Stores
  readonly random: Random
  readonly sessionLimits: SessionLimits
  /** The accounts that this transaction has opened, by email. */
  readonly opened: ReadonlyMap<string, { readonly id: UserId; readonly passwordHash: string }>
}

/** Adds one event at its own time, by the same stores and use cases as on any other day. */
export async function addHistory(context: HistoryContext, event: DemoEvent): Promise<void> {
  const account = context.opened.get(event.email)
  if (account === undefined) return
  const add = adders[event.kind] as Add<EventDetails>
  await add({ ...context, account, email: event.email, atMs: event.atMs }, event)
}

interface EventContext extends HistoryContext {
  readonly account: { readonly id: UserId; readonly passwordHash: string }
  readonly email: string
  readonly atMs: EpochMs
}

type Add<Details extends EventDetails> = (context: EventContext, details: Details) => Promise<unknown>

const adders: { readonly [Kind in EventDetails['kind']]: Add<Extract<EventDetails, { kind: Kind }>> } = {
  async login(context, { device }) {
    const { stores, account, email, atMs } = context
    await stores.users.recordLogin(account.id, account.passwordHash, undefined, atMs)
    const origin = originFor(email, device)
    const { session } = await startSession(stores, context, { userId: account.id, origin, nowMs: atMs })
    const details = { session_id: session.id, method: 'password' }
    const target = userTarget(account.id)
    await stores.audit.append({ actorId: account.id, action: 'user.login', target, origin, details }, atMs)
  },

  async use(context, { device }) {
    const session = await sessionOn(context, device)
    if (session !== undefined) await context.stores.sessions.touch(session.uuid, context.atMs)
  },

  async end(context, { device, reason, by }) {
    const session = await sessionOn(context, device)
    if (session !== undefined)
      await endSessionByUuid(context.stores, session.uuid, reason, await actionOf(context, by, device))
  },

  end_all: async (context, { by }) => endAll(context, by, 'revoked_all'),

  async deactivate(context, { by }) {
    const { stores, account, atMs } = context
    await stores.users.update(account.id, { isActive: false }, atMs)
    const { actorId, origin } = await actionOf(context, by)
    const target = userTarget(account.id)
    await stores.audit.append({ actorId, action: 'user.deactivate', target, origin }, atMs)
    await endAll(context, by, 'deactivated')
  },

  async password_change(context, { device }) {
    const { stores, account, atMs } = context
    const current = await sessionOn(context, device)
    if (current === undefined) return
    const principal = {
      userId: account.id,
      sessionId: current.uuid,
      roles: [],
      isSuperuser: false,
      accessUntilMs: atMs,
    }
    const action = await actionOf(context, undefined, device)
    const ended = await endOtherSessions(stores, principal, 'password_change', action)
    const target = userTarget(account.id)
    const details = { sessions_ended: ended }
    await stores.audit.append({ ...action, action: 'user.password_change', target, details }, atMs)
  },

  async promote(context, { by, from }) {
    const { stores, account, email, atMs } = context
    const { actorId, origin } = await actionOf(context, by)
    await stores.users.update(account.id, {}, atMs)
    const details = { roles: { from, to: people.find(person => person.email === email)!.roles.toSorted() } }
    const target = userTarget(account.id)
    await stores.audit.append({ actorId, action: 'user.update', target, origin, details }, atMs)
  },

  async denied(context, { device, method, path, permission }) {
    const { stores, account, email, atMs } = context
    const event = { actorId: account.id, action: 'access.denied', target: path, outcome: 'denied' } as const
    const origin = originFor(email, device)
    await stores.audit.append({ ...event, origin, details: { permission, method } }, atMs)
  },
}

const endAll = async (context: EventContext, by: string, reason: EndReason) =>
  endAllSessions(context.stores, context.account.id, reason, await actionOf(context, by))

/**
 * The actor, the origin and the time of an event: the person themself, or `by` another person on the first of their
 * devices.
 */
async function actionOf(
  { stores, account, email, atMs }: EventContext,
  by: string | undefined,
  device?: DeviceName,
) {
  const actorId = by === undefined ? account.id : ((await stores.users.findByEmail(by))?.user.id ?? null)
  return { actorId, origin: originFor(by ?? email, by === undefined ? device : undefined), nowMs: atMs }
}

/** The live session of the event's person on this device; the user agent tells their devices apart. */
async function sessionOn(
  { stores, account, atMs }: EventContext,
  device: DeviceName,
): Promise<Session | undefined> {
  const live = await stores.sessions.listLive(account.id, atMs)
  return live.find(session => session.userAgent === devices[device].userAgent)
}

function originFor(email: string, device?: DeviceName): ClientInfo {
  const number = people.findIndex(person => person.email === email)
  return originOf(number, device ?? people[number]!.devices[0]!)
}
