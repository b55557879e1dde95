import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { Outbox } from './outbox.ts'

describe('the outbox', () => {
  it('lets what was posted in one turn go out at its end, in the order of posting', async () => {
    const outbox = new Outbox()
    const out: number[] = []
    for (const number of [1, 2, 3]) outbox.post(() => out.push(number))
    await Promise.resolve()
    assert.equal(out.length, 0)
    await setImmediate()
    assert.deepEqual(out, [1, 2, 3])
    outbox.post(() => out.push(4))
    await setImmediate()
    assert.deepEqual(out, [1, 2, 3, 4])
  })

  it('keeps nobody waiting for more than thirty-one others', async () => {
    const outbox = new Outbox()
    let out = 0
    for (let number = 1; number <= 70; number++) {
      outbox.post(() => {
        out += 1
      })
      assert.equal(out, number - (number % 32))
    }
    await setImmediate()
    assert.equal(out, 70)
  })

  it('takes what is posted while it goes out', async () => {
    const outbox = new Outbox()
    const out: string[] = []
    outbox.post(() => outbox.post(() => out.push('second')))
    outbox.post(() => out.push('first'))
    await setImmediate()
    await setImmediate()
    assert.deepEqual(out, ['first', 'second'])
  })
})
