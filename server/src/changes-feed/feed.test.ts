import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { describe, it } from 'node:test'
import type { Change, Snapshot } from '@propusk/gate/core'
import { type FeedEvent, readEvents } from '../../../gate/src/read-events.ts'
import { engines } from '../../../test/support/engines.ts'
import { eventually } from '../../../test/support/eventually.ts'
import { testWorld, type World } from '../../../test/support/world.ts'
import { type ApiKeyId, Rejection, type UserId } from '../kernel/index.ts'
import { feedLimits } from './feed.ts'

/** The events of a stream as they come; `until` waits for what fits. */
function follow(stream: AsyncIterableIterator<string>) {
  const events: FeedEvent[] = []
  let isOver = false
  const reading = (async () => {
    for await (const event of readEvents(bytesOf(stream))) events.push(event)
    isOver = true
  })()
  return {
    events,
    of: (name: string) => events.filter(({ event }) => event === name),
    isOver: () => isOver,
    async until(what: string, fits: () => boolean) {
      assert.ok(await eventually(fits), what)
    },
    async leave() {
      await stream.return?.()
      await reading
    },
  }
}

const utf8 = new TextEncoder()

async function* bytesOf(stream: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const text of stream) yield utf8.encode(text)
}

const claimsOf = (jws: string) =>
  JSON.parse(Buffer.from(jws.split('.')[1]!, 'base64url').toString()) as Snapshot & Record<string, unknown>

for (const engine of engines) {
  describe(`the feed of changes on ${engine}`, async () => {
    const world = await testWorld({ engine })
    const { feed } = world.server
    const chief = await world.superuser()
    const reader = await world.withPermissions('changes:read')
    const principal = {
      userId: reader.id as UserId,
      sessionId: JSON.parse(Buffer.from(reader.access.split('.')[1]!, 'base64url').toString()).sid,
      roles: [],
      isSuperuser: true,
      accessUntilMs: Number.MAX_SAFE_INTEGER,
    }
    const open = async (cursor?: string) => follow(await feed.follow(principal, cursor))
    const deactivate = async () => {
      const { id } = await world.register()
      const path = `/users/${id}/`
      const answer = await world.call('PATCH', path, { token: chief.access, body: { is_active: false } })
      assert.equal(answer.status, 200)
      return id
    }
    const isLogoutOf = (id: number) => (event: FeedEvent) => {
      const change = JSON.parse(event.data) as Change
      return change.kind === 'user_logged_out' && change.userId === id
    }

    it('begins with a signed snapshot of what the gate of the node knows, and says that it is up to date', async () => {
      const gone = await deactivate()
      const stream = await open()
      await stream.until('a beat', () => stream.of('now').length > 0)
      const [snapshot, now] = stream.events
      assert.equal(snapshot?.event, 'snapshot')
      const header = JSON.parse(Buffer.from(snapshot.data.split('.')[0]!, 'base64url').toString())
      assert.equal(header.typ, 'propusk-snapshot+jwt')
      const claims = claimsOf(snapshot.data)
      assert.equal(claims.iss, world.core.config.publicUrl)
      assert.ok(claims.keys.some(({ kid }) => kid === header.kid))
      assert.ok(claims.changes.some(change => change.kind === 'user_logged_out' && change.userId === gone))
      assert.ok(claims.catalogue.some(({ codeName }) => codeName === 'changes'))
      assert.equal(now?.event, 'now')
      assert.ok(now.id !== undefined && snapshot.id !== undefined)
      assert.equal(JSON.parse(now.data).count, 1)
      await stream.leave()
    })

    it('passes on each change once, with a count and a hash that fit', async () => {
      const stream = await open()
      await stream.until('a beat', () => stream.of('now').length > 0)
      const first = JSON.parse(stream.of('now')[0]!.data)
      const ids = [await deactivate(), await deactivate(), await deactivate()]
      await stream.until('the next beat', () => {
        const beat = JSON.parse(stream.of('now').at(-1)!.data)
        return beat.count > first.count && beat.hash === hashOf(stream.of('change'), first.hash)
      })
      for (const id of ids) assert.equal(stream.of('change').filter(isLogoutOf(id)).length, 1)
      const last = JSON.parse(stream.of('now').at(-1)!.data)
      assert.equal(last.count, 1 + stream.of('change').length)
      await stream.leave()
    })

    it('goes on from a cursor with the tail alone, and from one that is foreign or too old with a new snapshot', async () => {
      const before = await open()
      await before.until('a beat', () => before.of('now').length > 0)
      const cursor = before.of('now').at(-1)!.id!
      await before.leave()
      const id = await deactivate()
      const tail = await open(cursor)
      await tail.until('a beat', () => tail.of('now').length > 0)
      assert.deepEqual(tail.of('snapshot'), [])
      assert.ok(tail.of('change').some(isLogoutOf(id)))
      assert.equal(JSON.parse(tail.of('now')[0]!.data).count, tail.of('change').length)
      await tail.leave()

      const forged = Buffer.from(cursor, 'base64url')
      forged[forged.length - 3]! ^= 1
      for (const wrong of [forged.toString('base64url'), 'x', `${cursor}A`]) {
        const anew = await open(wrong)
        await anew.until('a beat', () => anew.of('now').length > 0)
        assert.deepEqual(
          anew.events.slice(0, 2).map(({ event }) => event),
          ['gone', 'snapshot'],
        )
        await anew.leave()
      }
    })

    it('loses no change that is committed while followers come and go', async () => {
      const ids: number[] = []
      const seen = new Set<number>()
      const note = ({ of }: { of: (name: string) => FeedEvent[] }) => {
        for (const event of of('change')) {
          const change = JSON.parse(event.data) as Change
          if (change.kind === 'user_logged_out') seen.add(change.userId)
        }
      }
      const first = await open()
      await first.until('a beat', () => first.of('now').length > 0)
      let cursor = first.of('now').at(-1)!.id!
      await first.leave()
      const writing = (async () => {
        for (let made = 0; made < 12; made += 1) ids.push(await deactivate())
      })()
      for (let rounds = 0; rounds < 8; rounds += 1) {
        const stream = await open(cursor)
        await stream.until('a beat', () => stream.of('now').length > 0)
        cursor = stream.of('now').at(-1)!.id!
        note(stream)
        await stream.leave()
      }
      await writing
      const last = await open(cursor)
      await last.until('every change', () => {
        note(last)
        return ids.every(id => seen.has(id))
      })
      await last.leave()
    })

    it('gives a follower without a cursor all that is committed while its snapshot is made', async () => {
      // So many that the snapshot is made in several turns.
      for (let at = 1; at <= 20_000; at += 1) {
        const made = { id: 1_500_000_000 + at, expiresAtMs: 4e12, kind: 'role_made', atMs: 1 } as const
        world.server.gate.apply({ ...made, role: `many-${at}` })
      }
      feed.loaded()
      const ids: number[] = []
      const writing = (async () => {
        for (let made = 0; made < 6; made += 1) ids.push(await deactivate())
      })()
      const streams = []
      while (ids.length < 6) {
        streams.push(await open())
        await new Promise(setImmediate)
      }
      await writing
      for (const stream of streams) {
        const known = () => [
          ...claimsOf(stream.of('snapshot')[0]!.data).changes,
          ...stream.of('change').map(({ data }) => JSON.parse(data) as Change),
        ]
        await stream.until('its snapshot', () => stream.of('snapshot').length > 0)
        await stream.until('every change', () => {
          const users = new Set(
            known().flatMap(change => (change.kind === 'user_logged_out' ? change.userId : [])),
          )
          return ids.every(id => users.has(id))
        })
        await stream.leave()
      }
      world.server.gate.forget(4e12)
    })

    it('gives the same records as JSON, and waits for the first change', async () => {
      const token = reader.access
      const start = await world.call('GET', '/changes/?wait=0s', { token })
      const begun = start.body.records.map(({ event }: FeedEvent) => event)
      assert.deepEqual([begun[0], begun.at(-1)], ['snapshot', 'now'])
      // What came since the snapshot was made for another.
      assert.ok(begun.slice(1, -1).every((event: string) => event === 'change'))
      let cursor = start.body.cursor
      // What was in the snapshot may come once more.
      const isIdle = async () => {
        const { body } = await world.call('GET', `/changes/?after=${cursor}`, { token })
        cursor = body.cursor
        return body.records.every(({ event }: FeedEvent) => event === 'now')
      }
      assert.ok(await eventually(isIdle))
      const waiting = world.call('GET', `/changes/?after=${cursor}&wait=30s`, { token })
      const id = await deactivate()
      const { body } = await waiting
      const changes = body.records.filter(({ event }: FeedEvent) => event === 'change')
      assert.ok(
        changes.some(({ data }: { data: Change }) => data.kind === 'user_logged_out' && data.userId === id),
      )
      assert.ok(body.records.at(-1).data.as_of_ms >= 0)
      const wrong = await world.call('GET', '/changes/?wait=31s', { token })
      assert.equal(wrong.status, 400)
    })

    it('ends the stream of a caller who may no longer read it', async () => {
      const { body } = await world.call('POST', '/api_keys/', {
        token: chief.access,
        body: { name: 'a gate', permissions: ['changes:read'] },
      })
      const followed = await feed.follow(
        {
          userId: chief.id as UserId,
          apiKeyId: body.id,
          roles: [],
          permissions: new Set<string>(),
          isSuperuser: false,
        },
        undefined,
      )
      const stream = follow(followed)
      await stream.until('two beats', () => stream.of('now').length > 1)
      assert.ok(!stream.isOver())
      await world.call('DELETE', `/api_keys/${body.id}/`, { token: chief.access })
      await stream.until('its end', stream.isOver)
    })

    it('serves a thousand streams of one key, refuses it long before the node is full, and serves others', async () => {
      const ofKey = {
        userId: chief.id as UserId,
        roles: [],
        permissions: new Set<string>(),
        isSuperuser: false,
      } as const
      const key = { ...ofKey, apiKeyId: 1_001 as ApiKeyId }
      const streams: AsyncIterableIterator<string>[] = []
      while (streams.length < feedLimits.perCaller) streams.push(await feed.follow(key, undefined))
      assert.ok(streams.length >= 1_000 && streams.length < feedLimits.perNode)
      const isRefused = (error: unknown) =>
        error instanceof Rejection && error.code === 'too_many_requests' && error.retryAfterSeconds === 15
      await assert.rejects(feed.follow(key, undefined), isRefused)
      await assert.rejects(feed.poll(key, undefined, 0), isRefused)
      const other = await feed.follow({ ...ofKey, apiKeyId: 1_002 as ApiKeyId }, undefined)
      await other.return()
      await streams.pop()!.return?.()
      streams.push(await feed.follow(key, undefined))
      for (const stream of streams) await stream.return?.()
      assert.equal(feed.count, 0)
    })

    it('passes on a change of another history that bears the id of an earlier one', async () => {
      const change = {
        kind: 'role_made',
        role: 'before',
        atMs: 1,
        id: 2_000_000_000,
        expiresAtMs: 1,
      } as const
      feed.received([change])
      feed.loaded()
      const stream = await open()
      await stream.until('a beat', () => stream.of('now').length > 0)
      feed.received([{ ...change, role: 'after' }])
      await stream.until('the change', () => stream.of('change').some(({ data }) => data.includes('"after"')))
      await stream.leave()
    })

    it('cuts off a follower that does not read, and keeps the others', async () => {
      const slow = await feed.follow(principal, undefined)
      const quick = await open()
      await quick.until('a beat', () => quick.of('now').length > 0)
      const text = 'x'.repeat(400_000)
      for (let sent = 0; sent < 4; sent += 1) {
        feed.received([
          { kind: 'role_made', role: `role${text}`, atMs: sent, id: 1_000_000_000 + sent, expiresAtMs: 1 },
        ])
        await new Promise(setImmediate)
      }
      assert.equal((await slow.next()).done, true)
      await quick.until('all four', () => quick.of('change').length >= 4)
      await quick.leave()
    })
  })
}

describe('the feed of a node that is behind', async () => {
  const world = await testWorld()
  const { feed } = world.server
  const principal = {
    userId: 1 as UserId,
    sessionId: 'x' as never,
    roles: [],
    isSuperuser: true,
    accessUntilMs: 1e15,
  }

  it('takes no follower and sends no beat', async () => {
    await useWithoutBeats(world)
    await assert.rejects(
      feed.follow(principal, undefined),
      (error: unknown) => error instanceof Rejection && error.code === 'unavailable',
    )
  })
})

/** Stops the readings of the ledger, and lets the time pass in which they would have come. */
async function useWithoutBeats({ server, clock }: World): Promise<void> {
  server.follower.stop()
  clock.advance(1_001)
  await new Promise(setImmediate)
}

const hashOf = (events: readonly FeedEvent[], start: string): string =>
  events.reduce((hash, { data }) => createHash('sha256').update(hash).update(data).digest('base64url'), start)
