import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Act,
  type ActKind,
  deactivation,
  logout,
  perform,
  reactivation,
  refresh,
  registration,
  reuse,
  revocation,
  revocationOfAll,
  roleChange,
  signIn,
} from './acts.ts'
import type { Crowd, Held, Person } from './crowd.ts'
import type { Dice } from './dice.ts'

export const roleNames = ['clerk', 'keeper', 'reader', 'writer']

/** What costs a password hash has a client of its own, so that the cheap acts do not wait behind it. */
const passwordClients = 1
const insideClients = 7
/** Below this number of live sessions none is ended: there must be something to refresh. */
const scarceSessions = 12

const refreshing: Partial<Record<ActKind, number>> = { refresh: 60, 'role change': 15, reactivation: 3 }
const ending: Partial<Record<ActKind, number>> = {
  ...refreshing,
  logout: 6,
  revocation: 6,
  reuse: 4,
  'revocation of all': 2,
  deactivation: 3,
}

export interface LoadOptions {
  readonly url: string
  readonly crowd: Crowd
  readonly dice: Dice
  /** Of a superuser. */
  readonly adminToken: string
  readonly onAcknowledged: (kind: ActKind) => void
}

export interface Load {
  /** Begins nothing new; resolves once nothing is under way. Rejects when an answer was none that may be. */
  stop(): Promise<void>
}

/** Clients that act one request after the other, each until it is stopped or gets no answer. */
export function startLoad(options: LoadOptions): Load {
  let stopped = false
  const client = async (choose: (options: LoadOptions) => [Person, Act] | undefined) => {
    while (!stopped) {
      const chosen = choose(options)
      if (chosen === undefined) await sleep(2)
      // Nobody answers any more: what became of this act is for the check to find out.
      else if ((await perform(options.url, ...chosen)) === 'in doubt') return
      else options.onAcknowledged(chosen[1].kind)
    }
  }
  const clients = [
    ...Array.from({ length: passwordClients }, () => client(choosePasswordAct)),
    ...Array.from({ length: insideClients }, () => client(chooseInside)),
  ]
  const all = Promise.allSettled(clients)
  return {
    async stop() {
      stopped = true
      for (const outcome of await all) if (outcome.status === 'rejected') throw outcome.reason
    },
  }
}

function choosePasswordAct({ crowd, dice }: LoadOptions): [Person, Act] {
  const returning =
    dice.below(2) === 0 ? crowd.anyone((person, { isActive }) => isActive && person.held.size < 3) : undefined
  if (returning) return [returning, signIn(returning)]
  const newcomer = crowd.newcomer()
  return [newcomer, registration(newcomer)]
}

function chooseInside(options: LoadOptions): [Person, Act] | undefined {
  const { crowd, dice, adminToken } = options
  const kind = dice.weighted(crowd.liveSessions < scarceSessions ? refreshing : ending)
  const closed = kind === 'reactivation'
  const person = crowd.anyone((one, { isActive }) => isActive !== closed && (closed || one.held.size > 0))
  if (person === undefined) return undefined
  if (kind === 'reactivation') return [person, reactivation(adminToken, person)]
  if (kind === 'deactivation') return [person, deactivation(adminToken, person)]
  if (kind === 'role change') return [person, roleChange(adminToken, person, otherRoles(person, dice))]
  const [session, held] = dice.pick([...person.held])!
  return [person, ownAct(kind, session, held)]
}

function ownAct(kind: ActKind, session: string, held: Held): Act {
  if (kind === 'logout') return logout(session, held)
  if (kind === 'revocation') return revocation(session, held)
  const consumed = held.consumed.at(-2)
  if (kind === 'reuse' && consumed !== undefined) return reuse(session, consumed.token)
  return kind === 'revocation of all' ? revocationOfAll(held) : refresh(session, held)
}

/** Sorted, and never those that the person has: a change that changes nothing leaves no event. */
function otherRoles({ account }: Person, dice: Dice): string[] {
  const flipped = dice.pick(roleNames)!
  return roleNames.filter(role => account!.roles.includes(role) !== (role === flipped))
}
