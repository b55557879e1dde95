import { setImmediate } from 'node:timers/promises'
import type { Change } from '@propusk/gate'
import type { AuditEvent, AuditLog } from '../audit/index.ts'
import { Rejection, type SessionPrincipal, type TimeSource } from '../kernel/index.ts'
import type { SessionStore } from '../sessions/index.ts'
import { createAuditTail } from './audit-tail.ts'
import { EventStream } from './event-stream.ts'
import { isSignedIn, type Judge, type Listener, rightsOf } from './listener.ts'
import { Listeners } from './listeners.ts'
import { eventText } from './server-event.ts'

interface LiveDeps {
  readonly gate: Judge
  readonly audit: Pick<AuditLog, 'newestIds' | 'tail'>
  readonly sessions: Pick<SessionStore, 'endReasons'>
  readonly clock: TimeSource
  /** An event of the audit as `GET /audit/` shows it. */
  readonly auditBody: (event: AuditEvent) => object
  /** Told when the audit cannot be read, once until it can be again. */
  readonly report: (cause: unknown) => void
}

export const liveLimits = {
  /** Every tab of every device of one account. */
  perAccount: 20,
  /** A listener costs a connection, some 20 KB. */
  perNode: 1_000,
} as const

/** A client that was refused for the number of listeners should not ask again at once. */
const retryAfterSeconds = 15

/** How often the audit is read, and the clock is asked whose token has run out. */
const tickMs = 500
/** Proxies close a connection after half a minute of silence or more, our own listener after a minute. */
const ticksPerHeartbeat = 30

/** The follower tells of each change many times, for as long as an older one may still turn up. */
const rememberedChanges = 10_000

/** The events of sessions and the audit, sent to the listeners as they happen. */
export interface Live {
  /**
   * The events of this caller's session, from its `hello` on. Refuses with `too_many_requests` when too many listen, and
   * with `invalid_token` when the session has ended since it was admitted.
   */
  follow(principal: SessionPrincipal): Promise<EventStream>
  /** Takes changes that the gate has just taken. */
  heard(changes: readonly Change[]): void
  /** How many follow. */
  readonly count: number
  /** The gate was loaded anew: each listener is judged again. */
  judgeAll(): void
  /** Ends every stream; the clients reconnect when this node can answer again. */
  sendAway(): void
  /** The same, for good. */
  close(): void
}

export function createLive({ gate, audit, sessions, clock, auditBody, report }: LiveDeps): Live {
  const listeners = new Listeners()
  /** Also those that are no listeners any more, and whose last words are still on their way. */
  const streams = new Set<EventStream>()
  const known = new Set<number>()
  const tail = createAuditTail(audit, clock)
  let ticks = 0
  let timer: NodeJS.Timeout | undefined
  let isClosed = false
  let isUnread = false

  const schedule = () => {
    if (timer !== undefined || listeners.count === 0) return
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
    if (ticks % ticksPerHeartbeat === 0) for (const { stream } of listeners) stream.beat()
    if (listeners.where(({ rights }) => rights.mayReadAudit).length === 0) return tail.rest()
    try {
      await tail.begin()
      await passOn()
      isUnread = false
    } catch (error) {
      if (!isUnread) report(error)
      isUnread = true
    }
  }

  function expire(): void {
    const nowMs = clock.nowMs()
    for (const { stream } of listeners.where(({ principal }) => principal.accessUntilMs <= nowMs)) {
      stream.finish(eventText({ name: 'expired', data: {} }))
    }
  }

  async function passOn(): Promise<void> {
    for (let isMore = true; isMore; ) {
      const read = await tail.read()
      for (const event of read.events) {
        const text = eventText({ name: 'audit', data: auditBody(event) })
        for (const { rights, stream } of listeners) if (rights.mayReadAudit) stream.news(text)
      }
      isMore = read.isMore
      // Listeners that read get the event loop before more is queued for them.
      if (isMore) await setImmediate()
    }
  }

  function judgeAgain(suspects: Iterable<Listener>): void {
    const nowMs = clock.nowMs()
    const over: Listener[] = []
    for (const listener of suspects) {
      if (!isSignedIn(gate, listener.principal, nowMs)) over.push(listener)
      else judgeRights(listener)
    }
    if (over.length > 0) void signOut(over)
  }

  function judgeRights(listener: Listener): void {
    const { principal, sinceMs, stream, rights: before } = listener
    listener.rights = rightsOf(gate, principal, sinceMs)
    if (listener.rights.mark === before.mark) return
    // What was written while it might be read, and has not gone out, is not shown to one who may not read it now.
    if (!listener.rights.mayReadAudit) stream.dropNews()
    // Should it fail, the next tick tries again, and reports.
    else tail.begin().catch(() => {})
    stream.tell(eventText({ name: 'rights_changed', data: {} }))
  }

  /** INVARIANT: nothing more goes out from here on but the last words, however long the reason takes to be read. */
  async function signOut(over: readonly Listener[]): Promise<void> {
    for (const listener of over) {
      listeners.remove(listener)
      listener.stream.dropNews()
    }
    const uuids = over.map(({ principal }) => principal.sessionId)
    const reasons = await sessions.endReasons(uuids).catch(() => undefined)
    for (const { principal, stream } of over) {
      const reason = reasons?.get(principal.sessionId) ?? null
      stream.finish(eventText({ name: 'signed_out', data: { reason } }))
    }
  }

  function suspectsOf(change: Change): Iterable<Listener> {
    switch (change.kind) {
      case 'session_ended':
        return listeners.ofSession(change.sessionId)
      case 'everybody_logged_out':
        return listeners
      case 'user_logged_out':
      case 'user_roles':
        return listeners.ofUser(change.userId)
      case 'role_permissions':
      case 'role_made':
        return listeners.holdersOf(change.role)
      default:
        return []
    }
  }

  function assertRoom({ userId }: SessionPrincipal): void {
    if (isClosed) throw new Rejection('unavailable')
    const isFull =
      listeners.count >= liveLimits.perNode || listeners.ofUser(userId).size >= liveLimits.perAccount
    if (isFull) throw new Rejection('too_many_requests', { retryAfterSeconds })
  }

  function sendAway(): void {
    for (const stream of streams) stream.finish()
  }

  return {
    async follow(principal) {
      assertRoom(principal)
      const nowMs = clock.nowMs()
      if (!isSignedIn(gate, principal, nowMs)) throw new Rejection('invalid_token')
      const stream = new EventStream(() => {
        streams.delete(stream)
        listeners.remove(listener)
      })
      const rights = rightsOf(gate, principal, nowMs)
      const listener: Listener = { principal, sinceMs: nowMs, stream, rights }
      streams.add(stream)
      listeners.add(listener)
      stream.tell(eventText({ name: 'hello', data: { session: principal.sessionId } }))
      schedule()
      try {
        // What is written after the `hello` is told of; so a list that is read after it misses nothing.
        if (rights.mayReadAudit) await tail.begin()
      } catch (error) {
        stream.finish()
        throw error
      }
      return stream
    },
    heard(changes) {
      if (listeners.count === 0) return
      const suspects = new Set<Listener>()
      for (const change of changes) {
        if (known.has(change.id)) continue
        known.add(change.id)
        for (const listener of suspectsOf(change)) suspects.add(listener)
      }
      for (const id of known) {
        if (known.size <= rememberedChanges) break
        known.delete(id)
      }
      if (suspects.size > 0) judgeAgain(suspects)
    },
    get count() {
      return listeners.count
    },
    judgeAll() {
      if (listeners.count > 0) judgeAgain(listeners)
    },
    sendAway,
    close() {
      isClosed = true
      clearTimeout(timer)
      sendAway()
    },
  }
}
