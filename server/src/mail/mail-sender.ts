import type { TimeSource } from '../kernel/index.ts'
import type { LeaderLease } from '../leases/index.ts'
import type { KnownMail } from './mail.ts'
import type { OutboxStore } from './outbox-store.sql.ts'
import { type SendMailDeps, type SendOutcome, sendMail } from './send-mail.ts'

interface MailSenderDeps extends SendMailDeps {
  readonly clock: TimeSource
  /** Committed state. */
  readonly outbox: Pick<OutboxStore, 'listDue'>
  readonly lease: LeaderLease
  /** What became of a mail, for the log. */
  readonly note: (mail: KnownMail, outcome: SendOutcome) => void
  /** What kept a mail, or all of them, from being sent; it is tried again. */
  readonly report: (cause: unknown) => void
}

/** How often a node looks whether a mail is due that another node added, or that is to be tried again. */
const everyMs = 2_000

/** Renewed while mails are sent; after a crash the others wait for so long. */
export const mailLeaseMs = 60_000
const renewAfterMs = 20_000

/** When the node stops, a mail server has so long to take what it is being given. */
const stopWithinMs = 5_000

/** Sent at a time. */
const mostAtOnce = 5
/** Read at a time. */
const mostDue = 100

export interface MailSender {
  /** Looks at once: after a transaction of this node that added mail. Does not wait, and never throws. */
  wake(): void
  /** Sends what is due, if this node has the lease, until nothing is. Never rejects. */
  sendDue(): Promise<void>
  /** Lets the attempts that run end, cuts off those that take longer, and releases the lease. */
  stop(): Promise<void>
}

/** Sends the mails of the outbox from now on, on one of all nodes at a time (ADR 44). */
export function startMailSender(deps: MailSenderDeps): MailSender {
  const { outbox, lease, clock, note, report } = deps
  let running: Promise<void> | undefined
  let isAskedAgain = false
  let isStopped = false
  const stopping = new AbortController()
  let renewedAtMs = Number.NEGATIVE_INFINITY

  const holdLease = async (): Promise<boolean> => {
    if (isStopped) return false
    if (clock.monotonicMs() - renewedAtMs < renewAfterMs && lease.isHeld()) return true
    renewedAtMs = clock.monotonicMs()
    return lease.hold()
  }

  /** Each worker takes the next mail when it is done with one: a slow one holds up no other. Rejects with the first fault. */
  const sendAll = async (mails: readonly KnownMail[]) => {
    const queue = [...mails]
    const work = async () => {
      for (let mail = queue.shift(); mail !== undefined; mail = queue.shift()) {
        if (!(await holdLease())) return
        note(mail, await sendMail(deps, mail, stopping.signal))
      }
    }
    const works = await Promise.allSettled(Array.from({ length: mostAtOnce }, work))
    const failed = works.find(each => each.status === 'rejected')
    if (failed !== undefined) throw failed.reason
  }

  /** A fault, such as a database that is away, ends it: the next look begins anew. */
  const drain = async () => {
    try {
      for (let due = await outbox.listDue(clock.nowMs(), mostDue); due.length > 0; ) {
        if (!(await holdLease())) return
        await sendAll(due)
        due = isStopped ? [] : await outbox.listDue(clock.nowMs(), mostDue)
      }
      await lease.release()
    } catch (cause) {
      report(cause)
    }
  }

  const run = async () => {
    do {
      isAskedAgain = false
      await drain()
    } while (isAskedAgain && !isStopped)
    running = undefined
  }

  const sendDue = (): Promise<void> => {
    if (isStopped) return running ?? Promise.resolve()
    isAskedAgain = true
    running ??= run()
    return running
  }

  const timer = setInterval(sendDue, everyMs)
  timer.unref()
  return {
    wake: () => void sendDue(),
    sendDue,
    async stop() {
      isStopped = true
      clearInterval(timer)
      const timeout = setTimeout(() => stopping.abort(), stopWithinMs)
      await running
      clearTimeout(timeout)
      await lease.release().catch(report)
    },
  }
}
