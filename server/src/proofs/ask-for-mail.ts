import { networkOf } from '../addresses/index.ts'
import { type ClientInfo, type EpochMs, type Locale, Rejection } from '../kernel/index.ts'
import type { Throttle } from '../throttle/index.ts'

/** Who asks for a mail, and in which language its reader is to have it. */
export interface MailRequest {
  /** Canonical. */
  readonly email: string
  readonly origin: ClientInfo
  readonly locale: Locale
}

/** Refuses with `mail_not_configured` whatever only mail can do. */
export function assertMailOn({ isMailOn }: { readonly isMailOn: boolean }): void {
  if (!isMailOn) throw new Rejection('mail_not_configured')
}

interface ThrottleDeps {
  readonly throttle: Pick<Throttle, 'take' | 'tryTake'>
}

/**
 * Whether a mail may be sent that a caller asks for who is not signed in. Refuses with `too_many_requests` by the
 * network of the caller. False when the address, or all of them together, have had enough, of which no answer tells.
 * INVARIANT: asks nothing about an account, so neither the answer nor its time tells whether there is one.
 */
export async function mayMail(
  { throttle }: ThrottleDeps,
  { email, origin }: Pick<MailRequest, 'email' | 'origin'>,
  nowMs: EpochMs,
): Promise<boolean> {
  await throttle.take('mail_network', networkOf(origin.ipAddress), nowMs)
  return mayMailTo({ throttle }, email, nowMs)
}

/** The same for a mail that goes with something else, which it must not refuse. */
export const mayMailTo = async (
  { throttle }: ThrottleDeps,
  email: string,
  nowMs: EpochMs,
): Promise<boolean> =>
  (await throttle.tryTake('mail_address', email, nowMs)) && (await throttle.tryTake('mail_total', '*', nowMs))
