import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectGate } from '@propusk/gate'

/** The program of `large-snapshot.ts`: a service that begins to follow, and says how long that took and how long it stood still. */
const { FOLLOW_ISSUER: issuer = '', FOLLOW_KEY: key = '' } = process.env

const delay = monitorEventLoopDelay({ resolution: 1 })
delay.enable()
const beganAtMs = performance.now()
const gate = await connectGate({ issuer, key, startWithinMs: 60_000 })
if (gate.state !== 'live') throw new Error(`The gate is ${gate.state} after a minute.`)
const liveMs = performance.now() - beganAtMs
// A time that the loop stood still is noted when it goes on.
await sleep(20)
delay.disable()
gate.close()
console.log(JSON.stringify({ liveMs, followerBlockedMs: delay.max / 1e6 }))
