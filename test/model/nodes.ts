import assert from 'node:assert/strict'
import type { EngineName } from '../support/engines.ts'
import { stoppedClock } from '../support/stopped-clock.ts'
import { unthrottled } from '../support/throttle.ts'
import { type Account, type TestClock, testWorld, type World } from '../support/world.ts'

/** Two servers on one database, whose clock stands still between two commands. */
export interface Nodes {
  readonly worlds: readonly [World, World]
  readonly clock: TestClock
  /** Notes that this node has written what gates must receive. */
  wrote(node: number): void
  /** Lets as much time pass as the other node may take to receive it: a second, and no longer. */
  sync(node: number): void
  /** A token that works now. */
  superuserToken(node: number): Promise<string>
}

/** How late another node may receive a change. */
const staleAfterMs = 1_000

export async function openNodes(engine: EngineName): Promise<Nodes> {
  const clock = stoppedClock()
  const env = { PROPUSK_LOG_LEVEL: 'error', ...unthrottled }
  const one = await testWorld({ engine, clock, env })
  const two = await testWorld({ engine, clock, env, databaseUrl: one.core.config.databaseUrl })
  const worlds = [one, two] as const
  const wroteAtMs = [0, 0]
  let superuser: Account & { readonly sinceMs: number } = {
    ...(await one.superuser()),
    sinceMs: clock.nowMs(),
  }

  return {
    worlds,
    clock,
    wrote(node) {
      wroteAtMs[node] = clock.nowMs()
    },
    sync(node) {
      const syncedAtMs = wroteAtMs[1 - node]! + staleAfterMs + 1
      if (clock.nowMs() < syncedAtMs) clock.advance(syncedAtMs - clock.nowMs())
    },
    async superuserToken(node) {
      const ageMs = clock.nowMs() - superuser.sinceMs
      if (ageMs >= accessLifeMs / 2) {
        superuser = { ...(await worlds[node]!.login(superuser)), sinceMs: clock.nowMs() }
      }
      return superuser.access
    },
  }
}

const accessLifeMs = 600_000

interface Claims {
  readonly sid: string
  readonly expiresAtMs: number
}

/** What a token says, unverified. */
export function claimsOf(token: string): Claims {
  const payload = token.split('.')[1]
  assert.ok(payload, 'a token of three parts')
  const { sid, exp } = JSON.parse(Buffer.from(payload, 'base64url').toString())
  return { sid, expiresAtMs: Math.round(exp * 1000) }
}
