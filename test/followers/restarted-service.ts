import { createInterface } from 'node:readline'
import { connectGate } from '@propusk/gate'

/**
 * A service that keeps what it knows in a file. Says how it started; then for each line, a token, what its gate answers, and in
 * which state.
 */
const { FOLLOW_ISSUER: issuer = '', FOLLOW_KEY: key = '', FOLLOW_FILE: cacheFile = '' } = process.env
const gate = await connectGate({ issuer, key, staleAfterMs: 2_000, startWithinMs: 3_000, cacheFile })
console.log(
  JSON.stringify({ state: gate.state, knownAt: gate.outage?.knownAt, error: String(gate.outage?.error) }),
)
for await (const token of createInterface(process.stdin)) {
  const { status, because } = await gate.check(token, 'roles', 'read')
  console.log(JSON.stringify({ state: gate.state, status, because }))
}
