import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { Rejection } from '../kernel/index.ts'
import { HashingQueue } from './password-hasher.ts'

/** Work that ends when it is told to. */
function work() {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const state = { started: false }
  const run = () => {
    state.started = true
    return promise
  }
  return { state, run, resolve, reject }
}

describe('the hashing queue', () => {
  it('runs no more than its concurrency at a time, first come first served', async () => {
    const queue = new HashingQueue({ concurrency: 2, limit: 10 })
    const works = Array.from({ length: 4 }, work)
    const results = works.map(({ run }) => queue.run(run))
    await nextTurn()
    assert.deepEqual(
      works.map(one => one.state.started),
      [true, true, false, false],
    )

    works[1]!.resolve('second')
    await nextTurn()
    assert.deepEqual(
      works.map(one => one.state.started),
      [true, true, true, false],
    )

    works[2]!.resolve('third')
    works[0]!.resolve('first')
    await nextTurn()
    works[3]!.resolve('fourth')
    assert.deepEqual(await Promise.all(results), ['first', 'second', 'third', 'fourth'])
  })

  it('refuses at once when it is full, and says when to come back', async () => {
    const queue = new HashingQueue({ concurrency: 1, limit: 2 })
    const works = Array.from({ length: 3 }, work)
    const results = works.map(({ run }) => queue.run(run))
    const late = work()
    await assert.rejects(queue.run(late.run), (rejection: unknown) => {
      assert.ok(rejection instanceof Rejection)
      assert.equal(rejection.code, 'unavailable')
      assert.ok(Number.isInteger(rejection.retryAfterSeconds) && rejection.retryAfterSeconds! >= 1)
      return true
    })
    assert.equal(late.state.started, false)
    for (const one of works) one.resolve('done')
    await Promise.all(results)
  })

  it('takes new work again once it has room', async () => {
    const queue = new HashingQueue({ concurrency: 1, limit: 0 })
    assert.equal(await queue.run(async () => 'one'), 'one')
    assert.equal(await queue.run(async () => 'two'), 'two')
  })

  it('is not blocked by work that fails', async () => {
    const queue = new HashingQueue({ concurrency: 1, limit: 1 })
    const failing = work()
    const failed = queue.run(failing.run)
    const after = queue.run(async () => 'after')
    failing.reject(new Error('broken'))
    await assert.rejects(failed, /broken/)
    assert.equal(await after, 'after')
  })

  it('never runs more than its concurrency under a flood', async () => {
    const queue = new HashingQueue({ concurrency: 3, limit: 1000 })
    let running = 0
    let most = 0
    await Promise.all(
      Array.from({ length: 500 }, (_, n) =>
        queue.run(async () => {
          running += 1
          most = Math.max(most, running)
          if (n % 3 === 0) await nextTurn()
          running -= 1
        }),
      ),
    )
    assert.equal(most, 3)
  })
})
