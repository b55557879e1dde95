import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { FeedHeld } from './feed-faults.ts'
import { followFeed } from './follow-feed.ts'
import type { OpenFeed } from './open-feed.ts'

const bytes = new TextEncoder()

const beatOf = (asOfMs: number, count = 0) =>
  `event: now\ndata: ${JSON.stringify({ time: '2026-11-30T08:00:00.000Z', cursor: 'c', as_of_ms: asOfMs, count, hash: '' })}\n\n`

/** Follows a stream of these texts; `onText` runs before each. */
function follow(
  texts: readonly string[],
  onText: () => Promise<void> | void,
  { renews = true, cursor = undefined as string | undefined } = {},
) {
  const seen: string[] = []
  const open: OpenFeed = async (_url, _headers, signal) => ({
    status: 200,
    contentType: 'text/event-stream',
    location: undefined,
    body: (async function* () {
      for (const text of texts) {
        await onText()
        signal.throwIfAborted()
        yield bytes.encode(text)
      }
    })(),
    unref() {},
  })
  const following = followFeed(
    {
      open,
      url: 'the feed',
      key: 'k',
      cursor,
      signal: new AbortController().signal,
      keepsAlive: () => false,
      renews,
    },
    {
      snapshot: async () => void seen.push('snapshot'),
      change: () => void seen.push('change'),
      synced: () => void seen.push('now'),
    },
  ).catch((error: Error) => error)
  return { seen, following }
}

describe('a stream of the feed', () => {
  it('may take longer for its snapshot than beats may be late, while pieces of it come', async t => {
    t.mock.timers.enable({ apis: ['setTimeout'] })
    const pieces = ['event: snapshot\ndata: a', 'b', 'c', 'd', 'e\n\n', beatOf(0, 1)]
    const { seen, following } = follow(pieces, async () => {
      t.mock.timers.tick(3_000)
      await nextTurn()
    })
    assert.match((await following)!.message, /ended the stream/)
    assert.deepEqual(seen, ['snapshot', 'now'])
  })

  it('is ended where nothing comes for so long, before the first beat and after it', async t => {
    for (const texts of [
      ['event: snapshot\ndata: a', 'b\n\n'],
      [beatOf(0), beatOf(0)],
    ]) {
      t.mock.timers.enable({ apis: ['setTimeout'] })
      let came = 0
      const { following } = follow(
        texts,
        async () => {
          if (came++ === 1) t.mock.timers.tick(4_001)
          await nextTurn()
        },
        { cursor: 'c' },
      )
      assert.match((await following)!.message, /no beat for/)
      t.mock.timers.reset()
    }
  })

  it('has no beat that counts before the snapshot that it vouches for', async () => {
    const gone = 'event: gone\ndata: {}\n\n'
    for (const [texts, cursor] of [
      [[beatOf(0)], undefined],
      [[gone, beatOf(0, 1)], 'c'],
    ] as const) {
      const { seen, following } = follow(texts, () => {}, { cursor })
      assert.match((await following)!.message, /a beat came before a snapshot/)
      assert.deepEqual(seen, [])
    }
    const { seen } = follow([gone, 'event: snapshot\ndata: a\n\n', beatOf(0, 2)], () => {}, { cursor: 'c' })
    await nextTurn()
    assert.deepEqual(seen, ['snapshot', 'now'])
  })

  it('is given up once where its request was held: all that it says looks older by as long', async () => {
    // In this order: how old each beat looks, how many are received, whether the stream is given up.
    const cases = [
      [[0, -1_200], 2, true],
      [[-1_200, 0, 0, 0, 0], 5, false],
      [[0, -600, -600, -600, -600], 4, true],
      [[-600, -600, -300, -600, -600], 5, false],
    ] as const
    for (const [ages, received, isGivenUp] of cases) {
      const texts = ages.map(age => beatOf(age))
      const { seen, following } = follow(texts, () => {}, { cursor: 'c' })
      assert.equal((await following) instanceof FeedHeld, isGivenUp, JSON.stringify(ages))
      assert.equal(seen.length, received)
      const kept = follow(texts, () => {}, { cursor: 'c', renews: false })
      assert.ok(!((await kept.following) instanceof FeedHeld))
      assert.equal(kept.seen.length, ages.length)
    }
  })
})
