import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectGate } from '@propusk/gate'

/**
 * The program of `follower-process.ts`: a service that follows a server. For each line `token status` it asks its gate about
 * the token until the answer is that, and says at which instant of the machine's monotonic clock that was, and how old what it
 * knew was then.
 */
const { FOLLOW_ISSUER: issuer = '', FOLLOW_KEY: key = '', FOLLOW_BOUND_MS: bound = '5000' } = process.env
/** As often as fifty processes can ask on two cores without taking them from the server. */
const askEveryMs = 4
/** Longer than anything that a run waits for. */
const mostWaitMs = 120_000

const gate = await connectGate({ issuer, key, staleAfterMs: Number(bound), startWithinMs: 120_000 })
console.log(gate.state)
for await (const line of createInterface(process.stdin)) {
  const [token = '', status] = line.split(' ')
  const beganAtMs = performance.now()
  let verdict = await gate.check(token, 'roles', 'read')
  while (verdict.status !== Number(status)) {
    if (performance.now() - beganAtMs > mostWaitMs) {
      throw new Error(`The gate is ${gate.state} and says ${verdict.status} instead of ${status}.`)
    }
    await sleep(askEveryMs)
    verdict = await gate.check(token, 'roles', 'read')
  }
  console.log(`${process.hrtime.bigint()} ${gate.ageMs}`)
}
gate.close()
