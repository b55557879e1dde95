import { createHash } from 'node:crypto'
import { networkOf } from '../addresses/index.ts'
import type { FactorMethod } from '../factors/index.ts'
import type { StoredAccount, UserStore } from '../identity/index.ts'
import { type ClientInfo, type EpochMs, message, type Random, Rejection } from '../kernel/index.ts'
import type { RateLimiter } from '../rate-limits/index.ts'
import type { FirstStep, Ticket, TicketStore } from './ticket-store.sql.ts'

/** The password was right, and the account has a second factor: no token, but what to go on with (ADR 46). */
export interface SecondStep {
  readonly next: 'second_factor'
  /** SECRET: works once, for ten minutes. */
  readonly ticket: string
  readonly methods: readonly FactorMethod[]
}

const ticketMs = 10 * 60_000
const secretBytes = 32

interface FirstStepDone {
  readonly account: StoredAccount
  readonly by: FirstStep
}

/** Gives a ticket for the second step, in the transaction that has found the password, or the code of a mail, right. */
export async function openTicket(
  tickets: Pick<TicketStore, 'add'>,
  random: Random,
  { account: { user, passwordHash }, by }: FirstStepDone,
  nowMs: EpochMs,
): Promise<string> {
  const id = random.orderedUuid(nowMs)
  const secret = Buffer.from(random.bytes(secretBytes)).toString('base64url')
  await tickets.add({
    id,
    secretHash: hashOf(secret),
    userId: user.id,
    passwordFingerprint: fingerprintOf(passwordHash),
    firstStep: by,
    createdAtMs: nowMs,
    expiresAtMs: nowMs + ticketMs,
  })
  return `${id}.${secret}`
}

/** What the challenge of a passkey is made for that is asked in the second step of one sign-in. */
export const purposeOfTicket = (ticketId: string): string => `ticket ${ticketId}`

/** How the store finds a ticket that is presented. */
export function readTicket(presented: string): { readonly id: string; readonly secretHash: string } {
  const [id = '', secret = ''] = presented.split('.')
  return { id, secretHash: hashOf(secret) }
}

interface TicketDeps {
  readonly users: Pick<UserStore, 'findAccount'>
  /** By network address: tickets that cannot be used. */
  readonly badTickets: RateLimiter
}

interface UsableTicket {
  readonly ticket: Ticket
  readonly account: StoredAccount
}

/** The account that a ticket was made for. Refuses, and counts, a ticket that is of no use, or not any more. */
export async function assertUsable(
  { users, badTickets }: TicketDeps,
  ticket: Ticket | undefined,
  { ipAddress }: ClientInfo,
): Promise<UsableTicket> {
  const account = ticket && (await users.findAccount(ticket.userId))
  if (ticket === undefined || account === undefined || !isOfAccountNow(ticket, account)) {
    badTickets.take(networkOf(ipAddress))
    throw uselessTicket()
  }
  return { ticket, account }
}

/** The account is open, has the password that was verified, and was not signed out everywhere since. */
const isOfAccountNow = (
  { passwordFingerprint, createdAtMs }: Ticket,
  { user, passwordHash, loggedOutAtMs }: StoredAccount,
): boolean =>
  user.isActive &&
  passwordFingerprint === fingerprintOf(passwordHash) &&
  (loggedOutAtMs === null || loggedOutAtMs < createdAtMs)

export const uselessTicket = (): Rejection =>
  new Rejection('invalid_credentials', {
    detail: message('ticket.useless'),
    errors: { ticket: [message('ticket.useless')] },
  })

/** Names a verified hash without holding it: once the password is another, the ticket is useless. */
const fingerprintOf = (passwordHash: string): string =>
  createHash('sha256').update(passwordHash).digest('base64url')

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')
