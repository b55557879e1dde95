import type { ClientInfo, EpochMs } from '../kernel/index.ts'
import { addNotice, deviceName, type NoticeStores } from '../mail/index.ts'
import type { Session, SessionStore } from '../sessions/index.ts'

interface Stores extends NoticeStores {
  readonly sessions: Pick<SessionStore, 'userAgentsBefore'>
}

interface Started {
  readonly session: Session
  readonly origin: ClientInfo
  /** Whether the sign-in showed a token of this account, or came from a browser that is remembered. */
  readonly isKnown: boolean
}

/**
 * Tells an account of a session that has begun on a device that it was not on before, in the transaction of that sign-in: it
 * showed no device token of the account (ADR 32), and no earlier session has a device of this name; those of no known browser and system are one. A network says
 * nothing: those of a telephone change daily. The first session of an account is told of to no one.
 */
export async function notifyOfNewDevice(
  stores: Stores,
  { session, origin, isKnown }: Started,
  nowMs: EpochMs,
): Promise<void> {
  if (isKnown || !stores.outbox.isOn) return
  const earlier = await stores.sessions.userAgentsBefore(session)
  if (earlier.length === 0) return
  const name = deviceName(origin.userAgent)
  if (earlier.some(userAgent => userAgent !== null && deviceName(userAgent) === name)) return
  const { userId } = session
  await addNotice(stores, { userId, event: 'new_device', origin, locale: null }, nowMs)
}
