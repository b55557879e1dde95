import { userTarget } from '../audit/index.ts'
import type { EpochMs, Origin, Random, UserId } from '../kernel/index.ts'
import {
  type EndReason,
  endAllSessions,
  endOtherSessions,
  endSessionByUuid,
  type Session,
} from '../sessions/index.ts'
import type { Stores } from '../stores.ts'
import { startSession } from '../tokens/index.ts'
import { type DeviceName, devices, originOf } from './devices.ts'
import type { Deed, Happening } from './happening.ts'
import { people } from './people.ts'

export interface Narrator {
  readonly stores: Stores
  readonly random: Random
  readonly sessionTtlSeconds: number
  readonly sessionsPerAccount: number
  /** The accounts that this transaction has opened, by email. */
  readonly opened: ReadonlyMap<string, { readonly id: UserId; readonly passwordHash: string }>
}

/** Makes it happen, at its own time, by the same stores and use cases as on any other day. */
export async function tell(narrator: Narrator, happening: Happening): Promise<void> {
  const account = narrator.opened.get(happening.email)
  if (account === undefined) return
  const teller = tellers[happening.kind] as Teller<Deed>
  await teller({ ...narrator, account, email: happening.email, atMs: happening.atMs }, happening)
}

interface Scene extends Narrator {
  readonly account: { readonly id: UserId; readonly passwordHash: string }
  readonly email: string
  readonly atMs: EpochMs
}

type Teller<D extends Deed> = (scene: Scene, deed: D) => Promise<unknown>

const tellers: { readonly [Kind in Deed['kind']]: Teller<Extract<Deed, { kind: Kind }>> } = {
  async login(scene, { device }) {
    const { stores, account, email, atMs } = scene
    await stores.users.recordLogin(account.id, account.passwordHash, undefined, atMs)
    const origin = originFor(email, device)
    const { session } = await startSession(stores, scene, { userId: account.id, origin, nowMs: atMs })
    const details = { session_id: session.id, method: 'password' }
    const target = userTarget(account.id)
    await stores.audit.append({ actorId: account.id, action: 'user.login', target, origin, details }, atMs)
  },

  async use(scene, { device }) {
    const session = await sessionOn(scene, device)
    if (session !== undefined) await scene.stores.sessions.touch(session.uuid, scene.atMs)
  },

  async end(scene, { device, reason, by }) {
    const session = await sessionOn(scene, device)
    if (session !== undefined)
      await endSessionByUuid(scene.stores, session.uuid, reason, await actOf(scene, by, device))
  },

  end_all: async (scene, { by }) => endAll(scene, by, 'revoked_all'),

  async deactivate(scene, { by }) {
    const { stores, account, atMs } = scene
    await stores.users.update(account.id, { isActive: false }, atMs)
    const { actorId, origin } = await actOf(scene, by)
    const target = userTarget(account.id)
    await stores.audit.append({ actorId, action: 'user.deactivate', target, origin }, atMs)
    await endAll(scene, by, 'deactivated')
  },

  async password_change(scene, { device }) {
    const { stores, account, atMs } = scene
    const kept = await sessionOn(scene, device)
    if (kept === undefined) return
    const principal = {
      userId: account.id,
      sessionId: kept.uuid,
      roles: [],
      isSuperuser: false,
      accessUntilMs: atMs,
    }
    const act = await actOf(scene, undefined, device)
    const ended = await endOtherSessions(stores, principal, 'password_change', act)
    const target = userTarget(account.id)
    const details = { sessions_ended: ended }
    await stores.audit.append({ ...act, action: 'user.password_change', target, details }, atMs)
  },

  async promote(scene, { by, from }) {
    const { stores, account, email, atMs } = scene
    const { actorId, origin } = await actOf(scene, by)
    const details = { roles: { from, to: people.find(person => person.email === email)!.roles.toSorted() } }
    const target = userTarget(account.id)
    await stores.audit.append({ actorId, action: 'user.update', target, origin, details }, atMs)
  },

  async denied(scene, { device, method, path, permission }) {
    const { stores, account, email, atMs } = scene
    const event = { actorId: account.id, action: 'access.denied', target: path, outcome: 'denied' } as const
    const origin = originFor(email, device)
    await stores.audit.append({ ...event, origin, details: { permission, method } }, atMs)
  },
}

const endAll = async (scene: Scene, by: string, reason: EndReason) =>
  endAllSessions(scene.stores, scene.account.id, reason, await actOf(scene, by))

/**
 * The actor, the origin and the time of an event: the person themself, or `by` another person on the first of their
 * devices.
 */
async function actOf({ stores, account, email, atMs }: Scene, by: string | undefined, device?: DeviceName) {
  const actorId = by === undefined ? account.id : ((await stores.users.findByEmail(by))?.user.id ?? null)
  return { actorId, origin: originFor(by ?? email, by === undefined ? device : undefined), nowMs: atMs }
}

/** The live session of the scene's person on this device; the user agent tells their devices apart. */
async function sessionOn({ stores, account, atMs }: Scene, device: DeviceName): Promise<Session | undefined> {
  const live = await stores.sessions.listLive(account.id, atMs)
  return live.find(session => session.userAgent === devices[device].userAgent)
}

function originFor(email: string, device?: DeviceName): Origin {
  const number = people.findIndex(person => person.email === email)
  return originOf(number, device ?? people[number]!.devices[0]!)
}
