import { setTimeout as sleep } from 'node:timers/promises'
import { type FollowerProcess, machineMs } from './follower-process.ts'

/** What an outage did to each follower. */
export interface Outage {
  readonly name: string
  readonly refusals: readonly Refusal[]
  /** From the end of the outage until each allowed again, the earliest first. */
  readonly cameBackAfterMs: readonly number[]
}

/** In ms. */
export interface Refusal {
  /** How old what the follower knew was when the outage began; below 0 where news of later was still on its way. */
  readonly knowledgeAgeMs: number
  /** From the outage until it refused. */
  readonly afterOutageMs: number
  /** From the moment of which it knew the state, until it refused. */
  readonly afterKnowledgeMs: number
}

export interface OutageKind {
  readonly name: string
  begin(): Promise<void> | void
  end(): Promise<void> | void
}

/** How long followers that were cut off before are given until each has a connection that was answered at once. */
const settlesMs = 6_000
/** How long it lasts after the last follower has refused. */
const lastsOnMs = 1_000

/** Begins the outage while every follower lets the token in, waits until all refuse, ends it, and waits until all allow. */
export async function observeOutage(
  { name, begin, end }: OutageKind,
  followers: readonly FollowerProcess[],
  token: string,
): Promise<Outage> {
  await Promise.all(followers.map(follower => follower.until(token, 200)))
  await sleep(settlesMs)
  await begin()
  const begunAtMs = machineMs()
  const refused = await Promise.all(followers.map(follower => follower.until(token, 503)))
  await sleep(lastsOnMs)
  const endedAtMs = machineMs()
  await end()
  const back = await Promise.all(followers.map(follower => follower.until(token, 200)))
  return {
    name,
    refusals: refused.map(({ atMs, ageMs }) => ({
      knowledgeAgeMs: begunAtMs - (atMs - ageMs),
      afterOutageMs: atMs - begunAtMs,
      afterKnowledgeMs: ageMs,
    })),
    cameBackAfterMs: back.map(({ atMs }) => atMs - endedAtMs).toSorted((left, right) => left - right),
  }
}

/**
 * How old the knowledge of a follower may be when the outage begins, and so how much of its bound may have passed: beats come
 * each second, and each tells of a reading that is 0.2 s old on a quiet machine.
 */
export const mostKnowledgeAgeMs = 1_200
export const toleranceMs = 300

/**
 * What must not be, in words. The bound is on the age of what a follower knows: it refuses when that is reached. So it refuses
 * no later than that long after the outage, and earlier by as much as its knowledge was old when the outage began.
 */
export const breachesOf = ({ name, refusals }: Outage, boundMs: number): string[] =>
  refusals.flatMap(({ knowledgeAgeMs, afterOutageMs, afterKnowledgeMs }) => [
    ...faultsIf(
      Math.abs(afterKnowledgeMs - boundMs) > toleranceMs,
      `${name}: a follower refused when its knowledge was ${Math.round(afterKnowledgeMs)} ms old`,
    ),
    ...faultsIf(
      afterOutageMs > boundMs + toleranceMs,
      `${name}: a follower refused ${Math.round(afterOutageMs)} ms after it`,
    ),
    ...faultsIf(
      knowledgeAgeMs > mostKnowledgeAgeMs + toleranceMs,
      `${name}: what a follower knew was ${Math.round(knowledgeAgeMs)} ms old when it began`,
    ),
  ])

const faultsIf = (isFault: boolean, fault: string): string[] => (isFault ? [fault] : [])
