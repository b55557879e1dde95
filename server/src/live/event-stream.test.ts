import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { EventStream, eventText } from './event-stream.ts'

const gap = eventText({ name: 'gap', data: { missed: true } })

/** Everything that waits, as one text; the stream must have ended. */
async function drain(stream: EventStream): Promise<string> {
  let text = ''
  for await (const piece of stream) text += piece
  return text
}

describe('the stream of one client', () => {
  it('gives what comes in its order, several events as one piece', async () => {
    const stream = new EventStream(() => {})
    stream.send('a')
    stream.sendDroppable('b')
    assert.deepEqual(await stream.next(), { done: false, value: 'ab' })
    const later = stream.next()
    stream.sendDroppable('c')
    assert.deepEqual(await later, { done: false, value: 'c' })
  })

  it('the stream keeps a bounded number of events for a client that does not read, then reports the gap', async () => {
    const stream = new EventStream(() => {})
    stream.send('must know')
    for (let index = 0; index < 100_000; index++) stream.sendDroppable(`n${index},`)
    const pieces: string[] = []
    for (let index = 0; index < 20; index++) {
      stream.beat()
      pieces.push((await stream.next()).value ?? '')
    }
    const text = pieces.join('')
    assert.ok(text.startsWith(`must know${gap}n`), text.slice(0, 100))
    const seen = [...text.matchAll(/n(\d+),/g)].map(([, number]) => Number(number))
    assert.ok(seen.length <= 512)
    assert.equal(seen.at(-1), 99_999)
    assert.deepEqual(
      seen,
      seen.map((_, index) => seen[0]! + index),
    )
    assert.equal(text.split(gap).length, 2)
  })

  it('the stream sends an urgent event once, however often it occurs before it is read', async () => {
    const stream = new EventStream(() => {})
    for (let times = 0; times < 1_000; times++) stream.send('rights')
    assert.equal((await stream.next()).value, 'rights')
  })

  it('takes back the news that has not gone out', async () => {
    const stream = new EventStream(() => {})
    stream.sendDroppable('secret')
    stream.send('rights')
    stream.dropUnsentEvents()
    assert.equal((await stream.next()).value, 'rights')
  })

  it('ends with its last words and nothing else', async () => {
    let ends = 0
    const stream = new EventStream(() => {
      ends += 1
    })
    stream.sendDroppable('a')
    stream.finish('bye')
    stream.finish('again')
    stream.sendDroppable('b')
    stream.send('c')
    stream.beat()
    assert.equal(await drain(stream), 'bye')
    assert.equal(ends, 1)
  })

  it('lets go of a reader that waits when it ends, and when its client goes', async () => {
    const finished = new EventStream(() => {})
    const waiting = finished.next()
    finished.finish()
    assert.deepEqual(await waiting, { done: true, value: undefined })
    let ends = 0
    const left = new EventStream(() => {
      ends += 1
    })
    const other = left.next()
    await left.return()
    await left.return()
    assert.deepEqual(await other, { done: true, value: undefined })
    assert.equal(ends, 1)
  })

  it('beats only where nothing else waits', async () => {
    const stream = new EventStream(() => {})
    stream.beat()
    stream.beat()
    assert.equal((await stream.next()).value, ':\n\n')
    stream.sendDroppable('a')
    stream.beat()
    assert.equal((await stream.next()).value, 'a')
  })
})
