import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { testWorld } from '../../../test/support/world.ts'
import { toAuditEventBody } from '../audit/index.ts'
import {
  Rejection,
  type SessionId,
  type SessionPrincipal,
  systemRandom,
  type UserId,
} from '../kernel/index.ts'
import { createEventHub } from './event-hub.ts'
import type { EventStream } from './event-stream.ts'

describe('the subscribers of a node', async () => {
  const { core, clock, server } = await testWorld()
  const { audit, sessions } = core.stores
  let readings = 0
  const newHub = () =>
    createEventHub({
      gate: server.gate,
      audit: {
        newestIds: most => audit.newestIds(most),
        tail(...asked) {
          readings += 1
          return audit.tail(...asked)
        },
      },
      sessions,
      clock,
      auditBody: toAuditEventBody,
      report: error => assert.fail(String(error)),
    })
  let users = 1_000
  const caller = (isSuperuser = false): SessionPrincipal => ({
    userId: ++users as UserId,
    sessionId: systemRandom.orderedUuid(clock.nowMs()) as SessionId,
    roles: [],
    isSuperuser,
    accessUntilMs: clock.nowMs() + 600_000,
  })
  const nextOf = async (stream: EventStream) => (await stream.next()).value
  const isFull = (error: unknown) => error instanceof Rejection && error.code === 'too_many_requests'

  it('get a heartbeat every 15 seconds, for which nothing is read', async t => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const hub = newHub()
    const stream = await hub.follow(caller())
    assert.match(String(await nextOf(stream)), /^event: hello\n/)
    for (let beats = 0; beats < 3; beats++) {
      const beat = nextOf(stream)
      let isThere = false
      void beat.then(() => {
        isThere = true
      })
      for (let passedMs = 0; passedMs < 15_000; passedMs += 500) {
        assert.ok(!isThere, `after ${passedMs} ms`)
        t.mock.timers.tick(500)
        await new Promise(setImmediate)
      }
      assert.equal(await beat, ':\n\n')
    }
    assert.equal(readings, 0)
    hub.close()
  })

  it('share one reading of the audit, which ends with the last of them', async t => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const hub = newHub()
    const streams = await Promise.all(Array.from({ length: 50 }, () => hub.follow(caller(true))))
    const tick = async () => {
      t.mock.timers.tick(500)
      for (let turns = 0; turns < 20; turns++) await new Promise(setImmediate)
    }
    readings = 0
    for (let times = 0; times < 4; times++) await tick()
    assert.equal(readings, 4)
    for (const stream of streams) await stream.return()
    for (let times = 0; times < 4; times++) await tick()
    assert.equal(readings, 4)
    hub.close()
  })

  it('are a thousand at the most, and twenty for one account', async () => {
    const hub = newHub()
    const one = caller()
    const own = await Promise.all(Array.from({ length: 20 }, () => hub.follow(one)))
    await assert.rejects(hub.follow(one), isFull)
    for (let count = 20; count < 1_000; count++) await hub.follow(caller())
    await assert.rejects(hub.follow(caller()), isFull)
    await own[0]!.return()
    await hub.follow(caller())
    hub.close()
  })

  it('a node that closes ends all its streams and opens none', async () => {
    const hub = newHub()
    const stream = await hub.follow(caller())
    await nextOf(stream)
    const next = stream.next()
    hub.close()
    assert.deepEqual(await next, { done: true, value: undefined })
    await assert.rejects(hub.follow(caller()), { code: 'unavailable' })
  })

  it('a caller whose stream was ended can follow again', async () => {
    const hub = newHub()
    const stream = await hub.follow(caller())
    await nextOf(stream)
    hub.endAll()
    assert.equal((await stream.next()).done, true)
    await hub.follow(caller())
    hub.close()
  })

  it('are refused when their session has ended on the way in', async () => {
    const hub = newHub()
    const late = caller()
    server.gate.apply({
      id: 1_000_000,
      expiresAtMs: clock.nowMs() + 600_000,
      kind: 'session_ended',
      sessionUuid: late.sessionId,
    })
    await assert.rejects(hub.follow(late), { code: 'invalid_token' })
    hub.close()
  })
})
