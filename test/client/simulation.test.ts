import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { realServer } from '../../bench/client/real-server.ts'
import { defaultSimulation, simulate } from '../../bench/client/simulate.ts'

describe('a simulated day of ten tabs that lose answers, sleep and have their clocks set', async () => {
  const server = await realServer()
  // Two whose answers are lost before a sleep; those of the cookie have ended a session before tabs asked one another.
  const days = [
    { store: 'storage', seed: 5101 },
    { store: 'storage', seed: 5131 },
    { store: 'cookie', seed: 4101 },
    { store: 'cookie', seed: 5126 },
    { store: 'cookie', seed: 5134 },
  ] as const
  for (const { store, seed } of days) {
    it(`signs out no user whose refresh token is in a ${store} (seed ${seed})`, async () => {
      const day = await simulate(server, { ...defaultSimulation, store, seed })
      assert.equal(day.unexpectedLogouts, 0)
      assert.ok(day.refreshes > 20 && day.lostAnswers > 10 && day.doubled > 5 && day.late > 10)
      assert.ok(day.sleeps > 0 && day.clockJumps > 0)
    })
  }
})
