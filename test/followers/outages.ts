import { setTimeout as sleep } from 'node:timers/promises'
import { type FollowerProcess, machineMs } from './follower-process.ts'

/** What an outage did to each follower. */
export interface Outage {
  readonly name: string
  /** From the outage until each refused, in ms, the earliest first. */
  readonly refusedAfterMs: readonly number[]
  /** From the end of the outage until each allowed again. */
  readonly cameBackAfterMs: readonly number[]
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
  const ascending = (instants: readonly number[], fromMs: number) =>
    instants.map(atMs => atMs - fromMs).toSorted((left, right) => left - right)
  return {
    name,
    refusedAfterMs: ascending(refused, begunAtMs),
    cameBackAfterMs: ascending(back, endedAtMs),
  }
}

/**
 * How old the knowledge of a follower may be when the outage begins, and so how much of its bound may have passed: beats come
 * each second, and each tells of a reading that is 0.2 s old on a quiet machine.
 */
export const mostKnowledgeAgeMs = 1_200
export const toleranceMs = 300

/** What must not be, in words: a follower that refused later than its bound, or before its knowledge was as old as that. */
export const breachesOf = ({ name, refusedAfterMs }: Outage, boundMs: number): string[] =>
  refusedAfterMs
    .filter(ms => ms < boundMs - mostKnowledgeAgeMs - toleranceMs || ms > boundMs + toleranceMs)
    .map(ms => `${name}: a follower refused after ${Math.round(ms)} ms`)
