import type { ClientInfo, EpochMs, Locale, UserId } from '../kernel/index.ts'
import { deviceName } from './device-name.ts'
import type { NoticeEvent } from './mail.ts'
import type { OutboxStore } from './outbox-store.sql.ts'

interface SecurityNotice {
  readonly userId: UserId
  readonly event: NoticeEvent
  /** From where it was done; null where no client did it. */
  readonly origin: ClientInfo | null
  /** The language of its reader, null where it is not known: of the request, when that is the reader's own. */
  readonly locale: Locale | null
  /** Where it goes to, if not to the present address of the account. */
  readonly toEmail?: string
}

/** What a notice is written to, in the transaction of what it tells of. */
export interface NoticeStores {
  readonly outbox: Pick<OutboxStore, 'isOn' | 'add'>
  readonly users: {
    findById(id: UserId): Promise<{ readonly email: string; readonly emailVerified: boolean } | undefined>
  }
  readonly proofs: {
    add(
      proof: {
        readonly kind: 'not_me'
        readonly userId: UserId
        readonly email: string
        readonly details: { readonly event: NoticeEvent }
      },
      nowMs: EpochMs,
    ): Promise<{ readonly id: number }>
  }
}

/**
 * Tells an account that something of it was changed: in the transaction of the change, after it. Does nothing where
 * mail is not configured, and where the address of the account was never proved: it may be that of another person.
 * Its «this was not me» is a proof of its own, unless it goes to another address than that of the account: from there it
 * leads to the page on which a password is reset.
 */
export async function addNotice(stores: NoticeStores, notice: SecurityNotice, nowMs: EpochMs): Promise<void> {
  const { outbox, users, proofs } = stores
  if (!outbox.isOn) return
  const { userId, event, origin, locale } = notice
  const toEmail = notice.toEmail ?? provedAddressOf(await users.findById(userId))
  if (toEmail === undefined) return
  const details = {
    event,
    device: origin === null ? null : deviceName(origin.userAgent),
    network: origin?.ipAddress ?? null,
    at: nowMs,
  }
  const isOfAccount = notice.toEmail === undefined
  const added = { kind: 'not_me', userId, email: toEmail, details: { event } } as const
  const proof = isOfAccount ? await proofs.add(added, nowMs) : undefined
  const proofId = proof?.id ?? null
  await outbox.add({ kind: 'security_notice', locale, toEmail, userId, proofId, details }, nowMs)
}

const provedAddressOf = (user: { readonly email: string; readonly emailVerified: boolean } | undefined) =>
  user?.emailVerified === true ? user.email : undefined
