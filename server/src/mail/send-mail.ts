import { type AuditLog, userTarget } from '../audit/index.ts'
import type { Clock, Transact } from '../kernel/index.ts'
import { type KnownMail, kindsWithProof } from './mail.ts'
import { MailFailure, type MailTransport } from './mail-transport.ts'
import type { Attempt, OutboxStore } from './outbox-store.sql.ts'
import { type MailProof, type RenderDeps, renderMail } from './render-mail.ts'

export interface SendMailDeps {
  readonly transaction: Transact<{ readonly outbox: OutboxStore; readonly audit: Pick<AuditLog, 'append'> }>
  readonly clock: Clock
  readonly transport: MailTransport
  readonly render: RenderDeps
  /** The link and the code of a proof; undefined when it is consumed or over. Read when the mail is sent. */
  readonly findProof: (proofId: number) => Promise<MailProof | undefined>
}

/** What became of one attempt; `taken` when another node had begun it. */
export type SendOutcome = 'sent' | 'dropped' | 'failed' | 'postponed' | 'taken'

const minuteMs = 60_000

/** Before the second attempt, the third and so on. After the last of them it has failed. */
const waitsMs = [30_000, 2 * minuteMs, 10 * minuteMs, 60 * minuteMs, 360 * minuteMs] as const

/** An attempt is cut off then. */
const attemptMs = minuteMs

/** For so long an attempt has a mail for itself: by four minutes longer than it lasts, in case clocks differ. */
const claimMs = 5 * minuteMs

/**
 * Tries once to send a mail whose time has come, and writes down what became of it. Rejects only where the database does
 * not answer; then the mail is tried again when the claim is over. Gives up early when `stopping` says so.
 */
export async function sendMail(
  deps: SendMailDeps,
  mail: KnownMail,
  stopping: AbortSignal,
): Promise<SendOutcome> {
  const { transaction, clock } = deps
  const nowMs = clock.nowMs()
  const attempt = await transaction(({ outbox }) => outbox.claim(mail, { nowMs, untilMs: nowMs + claimMs }))
  if (attempt === undefined) return 'taken'
  const proof = mail.proofId === null ? undefined : await deps.findProof(mail.proofId)
  if (proof === undefined && kindsWithProof.has(mail.kind)) {
    await transaction(({ outbox }) => outbox.dropped(attempt, clock.nowMs()))
    return 'dropped'
  }
  const failure = await send(deps, mail, { proof, stopping })
  return failure === undefined
    ? await noteSent(deps, attempt)
    : await noteFailure(deps, mail, attempt, failure)
}

async function send(
  { transport, render, clock }: SendMailDeps,
  mail: KnownMail,
  { proof, stopping }: { readonly proof: MailProof | undefined; readonly stopping: AbortSignal },
): Promise<MailFailure | undefined> {
  try {
    const rendered = renderMail(render, mail, proof, clock.nowMs())
    await transport.send(rendered, AbortSignal.any([AbortSignal.timeout(attemptMs), stopping]))
    return undefined
  } catch (error) {
    return error instanceof MailFailure ? error : new MailFailure((error as Error).name, false)
  }
}

/** The mail is out: were this not written, it would be sent once more. So the database gets a second chance. */
async function noteSent({ transaction, clock }: SendMailDeps, attempt: Attempt): Promise<SendOutcome> {
  const note = () => transaction(({ outbox }) => outbox.sent(attempt, clock.nowMs()))
  await note().catch(note)
  return 'sent'
}

async function noteFailure(
  { transaction, clock }: SendMailDeps,
  mail: KnownMail,
  attempt: Attempt,
  { reason, isPermanent }: MailFailure,
): Promise<SendOutcome> {
  const nowMs = clock.nowMs()
  const waitMs = isPermanent ? undefined : waitsMs[attempt.attempts - 1]
  return transaction(async ({ outbox, audit }) => {
    if (waitMs !== undefined) {
      await outbox.tryAgainAt(attempt, nowMs + waitMs, reason)
      return 'postponed'
    }
    // An attempt that has lost its claim ends nothing.
    if (!(await outbox.failed(attempt, nowMs, reason))) return 'taken'
    await audit.append(
      {
        actorId: null,
        action: 'mail.fail',
        target: mail.userId === null ? null : userTarget(mail.userId),
        outcome: 'failure',
        origin: null,
        details: { mail_id: mail.id, kind: mail.kind, attempts: attempt.attempts, reason },
      },
      nowMs,
    )
    return 'failed'
  })
}
