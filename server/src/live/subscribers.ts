import { type Gate, type Grants, startOfSessionMs } from '@propusk/gate/core'
import type { EpochMs, SessionPrincipal } from '../kernel/index.ts'
import type { EventStream } from './event-stream.ts'

/** The rights of a subscriber. */
interface Rights {
  readonly grants: Grants
  /** All of it as one text: nothing has changed as long as that is the same. */
  readonly fingerprint: string
  readonly mayReadAudit: boolean
}

/** One client that follows the events of its session. */
export interface Subscriber {
  readonly principal: SessionPrincipal
  /** When it was authenticated, with the roles of then. */
  readonly sinceMs: EpochMs
  readonly stream: EventStream
  rights: Rights
}

/** The subscribers of this node, found by account and by session. */
export class Subscribers implements Iterable<Subscriber> {
  readonly #all = new Set<Subscriber>()
  readonly #byUser = new Map<number, Set<Subscriber>>()
  readonly #bySession = new Map<string, Set<Subscriber>>()

  get count(): number {
    return this.#all.size
  }

  add(subscriber: Subscriber): void {
    this.#all.add(subscriber)
    const { userId, sessionId } = subscriber.principal
    addTo(this.#byUser, userId, subscriber)
    addTo(this.#bySession, sessionId, subscriber)
  }

  remove(subscriber: Subscriber): void {
    this.#all.delete(subscriber)
    const { userId, sessionId } = subscriber.principal
    removeFrom(this.#byUser, userId, subscriber)
    removeFrom(this.#bySession, sessionId, subscriber)
  }

  ofUser(userId: number): ReadonlySet<Subscriber> {
    return this.#byUser.get(userId) ?? none
  }

  ofSession(sessionId: string): ReadonlySet<Subscriber> {
    return this.#bySession.get(sessionId) ?? none
  }

  holdersOf(role: string): readonly Subscriber[] {
    return this.where(({ rights }) => rights.grants.roles.includes(role))
  }

  where(condition: (subscriber: Subscriber) => boolean): readonly Subscriber[] {
    return [...this.#all].filter(condition)
  }

  [Symbol.iterator](): Iterator<Subscriber> {
    return this.#all.values()
  }
}

const none: ReadonlySet<Subscriber> = new Set()

function addTo<Key>(index: Map<Key, Set<Subscriber>>, key: Key, subscriber: Subscriber): void {
  index.set(key, (index.get(key) ?? new Set()).add(subscriber))
}

function removeFrom<Key>(index: Map<Key, Set<Subscriber>>, key: Key, subscriber: Subscriber): void {
  const own = index.get(key)
  own?.delete(subscriber)
  if (own?.size === 0) index.delete(key)
}

export type SubscriberGate = Pick<Gate, 'alive' | 'grantsOf' | 'permissionsOf' | 'allows'>

export const isSignedIn = (
  gate: SubscriberGate,
  { userId, sessionId }: SessionPrincipal,
  nowMs: EpochMs,
): boolean => gate.alive({ sid: sessionId, userId, startedAtMs: startOfSessionMs(sessionId) }, nowMs)

/** The roles of when it was authenticated, unless the gate knows newer ones; as for a token that was made then. */
export function rightsOf(gate: SubscriberGate, principal: SessionPrincipal, sinceMs: EpochMs): Rights {
  const { userId, roles, roleIds, authentication } = principal
  const grants = gate.grantsOf({
    userId,
    roles,
    ...(roleIds && { roleIds }),
    ...(authentication && { acr: authentication.acr }),
    iat: sinceMs / 1000,
    ...(principal.isSuperuser && { superuser: true }),
  })
  const { isSuperuser } = grants
  return {
    grants,
    fingerprint: JSON.stringify([
      isSuperuser,
      grants.roles.toSorted(),
      isSuperuser ? [] : gate.permissionsOf(grants),
    ]),
    mayReadAudit: gate.allows(grants, 'audit', 'read'),
  }
}
