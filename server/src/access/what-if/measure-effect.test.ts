import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { rejection } from '../../../../test/support/rejection.ts'
import { createWalkSemaphore } from './measure-effect.ts'

describe('turns', () => {
  it('are taken one after the other, in the order in which they were asked for', async () => {
    const semaphore = createWalkSemaphore(5)
    const seen: string[] = []
    const work = (name: string) => async () => {
      seen.push(`${name} begins`)
      await new Promise(resolve => setImmediate(resolve))
      seen.push(`${name} ends`)
      return name
    }
    assert.deepEqual(await Promise.all([semaphore.run(work('a')), semaphore.run(work('b'))]), ['a', 'b'])
    assert.deepEqual(seen, ['a begins', 'a ends', 'b begins', 'b ends'])
  })

  it('go on after one that failed', async () => {
    const semaphore = createWalkSemaphore(5)
    const failed = semaphore.run(async () => {
      throw new Error('no')
    })
    const next = semaphore.run(async () => 'yes')
    await assert.rejects(failed, /no/)
    assert.equal(await next, 'yes')
  })

  it('are refused to who comes when too many wait, and given again when they have gone', async () => {
    const semaphore = createWalkSemaphore(1)
    const { promise, resolve } = Promise.withResolvers<void>()
    const [first, second] = [semaphore.run(() => promise), semaphore.run(async () => 'second')]
    await assert.rejects(
      semaphore.run(async () => 'third'),
      rejection('too_many_requests'),
    )
    resolve()
    await Promise.all([first, second])
    assert.equal(await semaphore.run(async () => 'fourth'), 'fourth')
  })
})
