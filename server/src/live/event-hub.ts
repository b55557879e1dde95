import { setImmediate } from 'node:timers/promises'
import type { Change } from '@propusk/gate/core'
import type { AuditEvent, AuditLog } from '../audit/index.ts'
import { Rejection, type SessionPrincipal, type TimeSource } from '../kernel/index.ts'
import type { SessionStore } from '../sessions/index.ts'
import { createAuditTail } from './audit-tail.ts'
import { EventStream, eventText } from './event-stream.ts'
import { isSignedIn, rightsOf, type Subscriber, type SubscriberGate, Subscribers } from './subscribers.ts'

interface EventHubDeps {
  readonly gate: SubscriberGate
  readonly audit: Pick<AuditLog, 'newestIds' | 'tail'>
  readonly sessions: Pick<SessionStore, 'endReasons'>
  readonly clock: TimeSource
  /** An event of the audit as `GET /audit/` shows it. */
  readonly auditBody: (event: AuditEvent) => object
  /** Called when the audit cannot be read, once until it can be again. */
  readonly report: (cause: unknown) => void
}

const hubLimits = {
  /** Every tab of every device of one account. */
  perAccount: 20,
  /** A subscriber costs a connection, some 20 KB. */
  perNode: 1_000,
} as const

/** A client that was rejected for the number of subscribers should not ask again at once. */
const retryAfterSeconds = 15

/** How often the audit is read, and the clock is asked whose token has run out. */
const tickMs = 500
/** Proxies close a connection after half a minute without bytes or more, our own client after a minute. */
const ticksPerHeartbeat = 30

/** The follower gives each change many times, for as long as an older one may still turn up. */
const rememberedChanges = 10_000

export type EventHub = ReturnType<typeof createEventHub>

/** Sends the events of sessions and of the audit to the subscribers of this node as they happen. */
export function createEventHub({ gate, audit, sessions, clock, auditBody, report }: EventHubDeps) {
  const subscribers = new Subscribers()
  /** Also those whose subscriber is removed, and whose last event is still on its way. */
  const streams = new Set<EventStream>()
  const seenChanges = new Set<number>()
  const tail = createAuditTail(audit, clock)
  let ticks = 0
  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  let hasFailed = false

  const schedule = () => {
    if (timer !== undefined || subscribers.count === 0) return
    timer = setTimeout(async () => {
      await tick()
      timer = undefined
      schedule()
    }, tickMs)
    timer.unref()
  }

  async function tick(): Promise<void> {
    ticks += 1
    expire()
    if (ticks % ticksPerHeartbeat === 0) for (const { stream } of subscribers) stream.beat()
    if (subscribers.where(({ rights }) => rights.mayReadAudit).length === 0) return tail.rest()
    try {
      await tail.begin()
      await sendAudit()
      hasFailed = false
    } catch (error) {
      if (!hasFailed) report(error)
      hasFailed = true
    }
  }

  function expire(): void {
    const nowMs = clock.nowMs()
    for (const { stream } of subscribers.where(({ principal }) => principal.accessUntilMs <= nowMs)) {
      stream.finish(eventText({ name: 'expired', data: {} }))
    }
  }

  async function sendAudit(): Promise<void> {
    for (let isMore = true; isMore; ) {
      const read = await tail.read()
      for (const event of read.events) {
        const text = eventText({ name: 'audit', data: auditBody(event) })
        for (const { rights, stream } of subscribers) if (rights.mayReadAudit) stream.sendDroppable(text)
      }
      isMore = read.isMore
      // Subscribers that read get the event loop before more is queued for them.
      if (isMore) await setImmediate()
    }
  }

  function recheck(affected: Iterable<Subscriber>): void {
    const nowMs = clock.nowMs()
    const ended: Subscriber[] = []
    for (const subscriber of affected) {
      if (!isSignedIn(gate, subscriber.principal, nowMs)) ended.push(subscriber)
      else recheckRights(subscriber)
    }
    if (ended.length > 0) void finishSignedOut(ended)
  }

  function recheckRights(subscriber: Subscriber): void {
    const { principal, sinceMs, stream, rights: before } = subscriber
    subscriber.rights = rightsOf(gate, principal, sinceMs)
    if (subscriber.rights.fingerprint === before.fingerprint) return
    // What was written while it might be read, and has not gone out, is not shown to one who may not read it now.
    if (!subscriber.rights.mayReadAudit) stream.dropUnsentEvents()
    // Should it fail, the next tick tries again, and reports.
    else tail.begin().catch(() => {})
    stream.send(eventText({ name: 'rights_changed', data: {} }))
  }

  /** INVARIANT: nothing more goes out from here on but the last event, however long the reason takes to be read. */
  async function finishSignedOut(ended: readonly Subscriber[]): Promise<void> {
    for (const subscriber of ended) {
      subscribers.remove(subscriber)
      subscriber.stream.dropUnsentEvents()
    }
    const sessionIds = ended.map(({ principal }) => principal.sessionId)
    const reasons = await sessions.endReasons(sessionIds).catch(() => undefined)
    for (const { principal, stream } of ended) {
      const reason = reasons?.get(principal.sessionId) ?? null
      stream.finish(eventText({ name: 'signed_out', data: { reason } }))
    }
  }

  function affectedBy(change: Change): Iterable<Subscriber> {
    switch (change.kind) {
      case 'session_ended':
        return subscribers.ofSession(change.sessionUuid)
      case 'everybody_logged_out':
        return subscribers
      case 'user_logged_out':
      case 'user_roles':
        return subscribers.ofUser(change.userId)
      case 'role_permissions':
      case 'role_made':
        return subscribers.holdersOf(change.role)
      default:
        return []
    }
  }

  function assertCapacity({ userId }: SessionPrincipal): void {
    if (isClosed) throw new Rejection('unavailable')
    const isFull =
      subscribers.count >= hubLimits.perNode || subscribers.ofUser(userId).size >= hubLimits.perAccount
    if (isFull) throw new Rejection('too_many_requests', { retryAfterSeconds })
  }

  function endAll(): void {
    for (const stream of streams) stream.finish()
  }

  return {
    /**
     * The events of this caller's session, from its `hello` on. Rejects with `too_many_requests` when there are too many
     * subscribers, and with `invalid_token` when the session has ended since it was authenticated.
     */
    async follow(principal: SessionPrincipal): Promise<EventStream> {
      assertCapacity(principal)
      const nowMs = clock.nowMs()
      if (!isSignedIn(gate, principal, nowMs)) throw new Rejection('invalid_token')
      const stream = new EventStream(() => {
        streams.delete(stream)
        subscribers.remove(subscriber)
      })
      const rights = rightsOf(gate, principal, nowMs)
      const subscriber: Subscriber = { principal, sinceMs: nowMs, stream, rights }
      streams.add(stream)
      subscribers.add(subscriber)
      stream.send(eventText({ name: 'hello', data: { session: principal.sessionId } }))
      schedule()
      try {
        // Events that are written after the `hello` are sent; so a list that is read after it misses nothing.
        if (rights.mayReadAudit) await tail.begin()
      } catch (error) {
        stream.finish()
        throw error
      }
      return stream
    },
    /** Takes changes that the gate has just applied. */
    receive(changes: readonly Change[]): void {
      if (subscribers.count === 0) return
      const affected = new Set<Subscriber>()
      for (const change of changes) {
        if (seenChanges.has(change.id)) continue
        seenChanges.add(change.id)
        for (const subscriber of affectedBy(change)) affected.add(subscriber)
      }
      for (const id of seenChanges) {
        if (seenChanges.size <= rememberedChanges) break
        seenChanges.delete(id)
      }
      if (affected.size > 0) recheck(affected)
    },
    get count(): number {
      return subscribers.count
    },
    /** The gate was loaded anew: every subscriber is checked. */
    recheckAll(): void {
      if (subscribers.count > 0) recheck(subscribers)
    },
    /** Ends every stream; the clients reconnect when this node can answer again. */
    endAll,
    /** The same, for good. */
    close(): void {
      isClosed = true
      clearTimeout(timer)
      endAll()
    },
  }
}
