import { setTimeout as sleep } from 'node:timers/promises'
import { ask, demand } from './ask.ts'
import { type EndingKind, endings, newRole, newVictim, type Role, type Victim } from './endings.ts'
import { type Hammer, startHammer } from './hammer.ts'
import { type SignedIn, untilAll } from './site.ts'

/** What an operator is promised: an ending is obeyed by every node within this time. */
export const boundMs = 1_000
/** Asked for this long after the first rejection: a node that has refused once must not pass again. */
const afterwardsMs = 120
const longestWaitMs = 60_000

/** One ending, seen from one other node. */
export interface Obedience {
  readonly kind: EndingKind
  /** From the answer that said «ended» until the first rejection had arrived; 0 when that came first. */
  readonly delayMs: number
  /** What must not be, in words. */
  readonly breaches: readonly string[]
}

export interface Lane {
  readonly victim: Victim
  readonly role: Role
}

export const newLane = async (url: string, admin: SignedIn): Promise<Lane> => ({
  victim: await newVictim(url),
  role: await newRole(url, admin),
})

/** Ends something at the first of these nodes while all the others are asked without pause. */
export async function observeEnding(
  [here, ...others]: readonly [string, ...string[]],
  kind: EndingKind,
  admin: SignedIn,
  { victim, role }: Lane,
): Promise<Obedience[]> {
  const ended = await endings[kind](here, admin, victim, role)
  await untilAll([here, ...others], ended.probe, 200)
  const hammers = others.map(url => startHammer(url, ended.probe))
  const { answeredAtMs } = await demand(here, ended.ending, ended.endedBy)
  const next = await ask(here, ended.probe)
  const ownBreaches =
    next.status === ended.refusedBy ? [] : [`the same node answered with ${next.status} next`]
  const deadlineMs = answeredAtMs + longestWaitMs
  while (!hammers.every(({ replies }) => replies.some(({ status }) => status === ended.refusedBy))) {
    if (performance.now() > deadlineMs) break
    await sleep(5)
  }
  await sleep(afterwardsMs)
  await Promise.all(hammers.map(hammer => hammer.stop()))
  return hammers.map(hammer => {
    const { delayMs, breaches } = check(hammer, ended.refusedBy, answeredAtMs)
    return { kind, delayMs, breaches: [...ownBreaches, ...breaches].map(breach => `${kind}: ${breach}`) }
  })
}

function check({ replies }: Hammer, refusedBy: number, endedAtMs: number) {
  const rejection = replies.find(({ status }) => status === refusedBy)
  if (rejection === undefined) {
    return { delayMs: Number.POSITIVE_INFINITY, breaches: [`not obeyed within ${longestWaitMs} ms`] }
  }
  const breaches: string[] = []
  for (const { status, sentAtMs } of replies) {
    if (status === 200 && sentAtMs > rejection.answeredAtMs) breaches.push('passed after it was refused')
    // Checked by when it was asked, which no slowness of this machine can make later than the pass.
    if (status === 200 && sentAtMs > endedAtMs + boundMs) {
      breaches.push(`passed ${Math.round(sentAtMs - endedAtMs)} ms after the end`)
    }
    // A node that cannot know says so with 503, which is no pass.
    if (![200, 503, refusedBy].includes(status)) breaches.push(`answered with ${status}`)
  }
  return { delayMs: Math.max(0, rejection.answeredAtMs - endedAtMs), breaches }
}
