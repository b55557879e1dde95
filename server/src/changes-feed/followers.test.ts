import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { FeedStream } from './feed-stream.ts'
import { Followers } from './followers.ts'

const count = 1_000

function crowd(t: TestContext) {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let nowMs = 0
  const followers = new Followers({ nowMs: () => nowMs, monotonicMs: () => nowMs })
  const join = () => {
    const stream = new FeedStream(() => followers.delete(follower))
    const follower = { principal: {} as never, sinceMs: 0, stream, arrivedAtMs: 0, untilMs: 0, count: 0 }
    followers.add(follower)
    return follower
  }
  const all = Array.from({ length: count }, join)
  const pass = (ms: number) => {
    nowMs += ms
    t.mock.timers.tick(ms)
  }
  return { followers, all, join, pass, counts: () => new Set(all.map(follower => follower.count)) }
}

describe('a thousand followers of a node', () => {
  it('are sent a change at once that comes alone, and those that come soon after it together', async t => {
    const { followers, all, pass, counts } = crowd(t)
    followers.publish('a', 1)
    assert.deepEqual(counts(), new Set([1]))
    for (const text of ['b', 'c', 'd']) {
      pass(10)
      followers.publish(text, 1)
      assert.deepEqual(counts(), new Set([1]))
    }
    pass(100)
    assert.deepEqual(counts(), new Set([4]))
    for (const { stream } of all) assert.equal((await stream.next()).value, 'abcd')
    pass(100)
    followers.publish('e', 1)
    assert.deepEqual(counts(), new Set([5]))
  })

  it('have everything that was published when a beat counts it', t => {
    const { followers, pass, counts } = crowd(t)
    followers.publish('a', 1)
    followers.publish('b', 2)
    followers.flush()
    assert.deepEqual(counts(), new Set([3]))
    pass(1_000)
    assert.deepEqual(counts(), new Set([3]))
  })

  it('do not send to one who joins what that one has in its snapshot', async t => {
    const { followers, join, pass, counts } = crowd(t)
    followers.publish('a', 1)
    followers.publish('b', 1)
    const last = join()
    assert.deepEqual(counts(), new Set([2]))
    followers.publish('c', 1)
    pass(1_000)
    assert.equal(last.count, 1)
    assert.equal((await last.stream.next()).value, 'c')
  })

  it('are all gone when the streams are ended', t => {
    const { followers, pass } = crowd(t)
    followers.publish('a', 1)
    followers.publish('b', 1)
    followers.finish()
    assert.equal(followers.size, 0)
    pass(1_000)
  })
})
