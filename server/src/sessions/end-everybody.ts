import type { RightsStore } from '../access/index.ts'
import {
  type ClientInfo,
  type Clock,
  type EpochMs,
  isKeyPrincipal,
  message,
  type Principal,
  Rejection,
  rowsPerSweep,
  type SessionPrincipal,
  type Transact,
} from '../kernel/index.ts'
import type { EndingStores } from './end-session.ts'
import type { MassLogout, MassLogoutStore } from './mass-logout-store.sql.ts'

interface EndEverybodyStores extends EndingStores {
  readonly rights: RightsStore
  readonly massLogouts: MassLogoutStore
}

export interface EndEverybodyDeps {
  readonly transaction: Transact<EndEverybodyStores>
  readonly clock: Clock
}

interface Command {
  readonly principal: Principal
  readonly origin: ClientInfo
  /** Goes on with the rows of an earlier call. Without it, all users who are signed in now are signed out. */
  readonly id: number | undefined
}

interface EndedEverybody {
  readonly id: number
  /** How many rows this call has ended. */
  readonly ended: number
  /** Whether there are more of them. They are over all the same. */
  readonly remaining: boolean
}

/** So many rows in one transaction: others, who write too, wait for some tens of milliseconds at most. */
const rowsAtOnce = 2_000

/**
 * Signs all users out, except the caller's own session: one row and one change say so, however many sessions there are.
 * From their commit on, every token of these sessions is refused. The sessions' own rows follow, some in each call and
 * the rest by housekeeping. Refuses with `permission_denied` a caller who is not a superuser, and with `not_found` an
 * unknown `id`.
 */
export async function endEverybody(deps: EndEverybodyDeps, command: Command): Promise<EndedEverybody> {
  const nowMs = deps.clock.nowMs()
  return deps.transaction(async stores => {
    const { principal, id } = command
    const { isSuperuser } = await stores.rights.ofCaller(principal)
    // An API key is no superuser, and has no session that could go on.
    if (!isSuperuser || isKeyPrincipal(principal)) {
      throw new Rejection('permission_denied', { detail: message('permission.superuser_only') })
    }
    const logout =
      id === undefined
        ? await begin(stores, { ...command, principal }, nowMs)
        : await stores.massLogouts.find(id)
    if (logout === undefined) throw new Rejection('not_found')
    const ended = await stores.massLogouts.endSome(logout, rowsAtOnce, nowMs)
    return { id: logout.id, ended, remaining: await stores.massLogouts.isLeft(logout, nowMs) }
  })
}

async function begin(
  { massLogouts, changes, audit }: EndEverybodyStores,
  { principal, origin }: Command & { readonly principal: SessionPrincipal },
  nowMs: number,
): Promise<MassLogout> {
  const logout = await massLogouts.begin(principal.sessionId, nowMs)
  const sessions = await massLogouts.countLeft(logout, nowMs)
  await changes.append(
    { kind: 'everybody_logged_out', beforeMs: logout.beforeMs, exceptSession: logout.except },
    nowMs,
  )
  await audit.append(
    {
      actorId: principal.userId,
      action: 'session.end_everybody',
      target: 'sessions',
      origin,
      details: { sessions },
    },
    nowMs,
  )
  return logout
}

/**
 * A sign-in at that very moment may commit its session after the others have been ended. That session is over too. No
 * transaction lasts as long as this, so after it no such row can appear.
 */
const settledAfterMs = 5 * 60_000

/** A node whose clock is behind begins its sessions after the instant only for as long as the row is there to say so. */
const keptForMs = 24 * 3_600_000

/**
 * Ends the rows that a logout of all users has not reached, as after a crash, some at once; gives their number.
 * INVARIANT: a mass logout is forgotten only in a transaction that has found no row of it left.
 */
export async function settleMassLogouts(
  { massLogouts }: { readonly massLogouts: MassLogoutStore },
  nowMs: EpochMs,
): Promise<number> {
  for (const logout of await massLogouts.list()) {
    const isDue = isOld(logout, nowMs)
    if (logout.finishedAtMs !== null && !isDue) continue
    const ended = await massLogouts.endSome(logout, rowsPerSweep, nowMs)
    if (ended > 0) return ended
    if (isDue) await massLogouts.delete(logout.id)
    else if (nowMs - logout.createdAtMs > settledAfterMs) await massLogouts.finish(logout.id, nowMs)
  }
  return 0
}

const isOld = ({ finishedAtMs }: MassLogout, nowMs: EpochMs): boolean =>
  finishedAtMs !== null && nowMs - finishedAtMs > keptForMs
