import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as nextTurn } from 'node:timers/promises'
import fc from 'fast-check'
import { KeyedSemaphore, type Permit, Semaphore } from './semaphore.ts'

const full = () => new Error('full')
const release = (permit: Permit): void => permit[Symbol.dispose]()

describe('a semaphore', () => {
  it('gives as many permits as it has, and the next one when one comes back', () => {
    const semaphore = new Semaphore({ permits: 2, maxWaiting: 0, full })
    const [one, two] = [semaphore.tryAcquire(), semaphore.tryAcquire()]
    assert.ok(one && two)
    assert.equal(semaphore.tryAcquire(), undefined)
    release(one)
    assert.equal(semaphore.running, 1)
    assert.ok(semaphore.tryAcquire())
  })

  it('takes a permit back once, however often it is given back', () => {
    const semaphore = new Semaphore({ permits: 1, maxWaiting: 0, full })
    const first = semaphore.tryAcquire()!
    release(first)
    const second = semaphore.tryAcquire()
    release(first)
    assert.ok(second)
    assert.equal(semaphore.tryAcquire(), undefined)
  })

  it('takes a permit back at the end of a block, also when the block throws', () => {
    const semaphore = new Semaphore({ permits: 1, maxWaiting: 0, full })
    assert.throws(() => {
      using _permit = semaphore.tryAcquire()
      throw new Error('broken')
    }, /broken/)
    assert.equal(semaphore.running, 0)
  })

  it('lets those wait that come too soon, in their order, and lets no caller overtake them', async () => {
    const semaphore = new Semaphore({ permits: 1, maxWaiting: 10, full })
    const first = await semaphore.acquire()
    const got: string[] = []
    const waiting = ['a', 'b', 'c'].map(async name => {
      using _permit = await semaphore.acquire()
      got.push(name)
      await nextTurn()
    })
    assert.deepEqual([semaphore.running, semaphore.waiting], [1, 3])
    release(first)
    assert.equal(semaphore.tryAcquire(), undefined, 'the permit belongs to the one that waits')
    await Promise.all(waiting)
    assert.deepEqual(got, ['a', 'b', 'c'])
    assert.deepEqual([semaphore.running, semaphore.waiting], [0, 0])
  })

  it('refuses at once when too many wait', async () => {
    const semaphore = new Semaphore({ permits: 1, maxWaiting: 1, full })
    const first = await semaphore.acquire()
    const second = semaphore.acquire()
    await assert.rejects(semaphore.acquire(), /full/)
    release(first)
    release(await second)
    assert.equal(semaphore.running, 0)
  })

  it('lets go of one that stops waiting, wherever it stands', async () => {
    const semaphore = new Semaphore({ permits: 1, maxWaiting: 10, full })
    const first = await semaphore.acquire()
    const leaving = new AbortController()
    const [gone, next] = [semaphore.acquire(leaving.signal), semaphore.acquire()]
    leaving.abort(new Error('the caller has left'))
    await assert.rejects(gone, /the caller has left/)
    assert.equal(semaphore.waiting, 1)
    release(first)
    release(await next)
    await assert.rejects(semaphore.acquire(leaving.signal), /the caller has left/)
    assert.equal(semaphore.running, 0)
  })

  it('loses no permit when the wait is given up in the moment in which it ends', async () => {
    const semaphore = new Semaphore({ permits: 1, maxWaiting: 10, full })
    const first = await semaphore.acquire()
    const leaving = new AbortController()
    const second = semaphore.acquire(leaving.signal)
    release(first)
    leaving.abort()
    release(await second)
    assert.equal(semaphore.running, 0)
  })

  it('gives up after a time that a signal sets', async () => {
    const semaphore = new Semaphore({ permits: 1, maxWaiting: 10, full })
    using _held = await semaphore.acquire()
    // A signal's timer alone does not keep a process alive.
    const alive = setTimeout(() => {}, 10_000)
    await assert.rejects(semaphore.acquire(AbortSignal.timeout(5)), { name: 'TimeoutError' })
    clearTimeout(alive)
    assert.equal(semaphore.waiting, 0)
  })

  it('runs work with a permit, and takes it back when the work fails', async () => {
    const semaphore = new Semaphore({ permits: 1, maxWaiting: 1, full })
    const failed = semaphore.run(async () => {
      throw new Error('broken')
    })
    const after = semaphore.run(async () => semaphore.running)
    await assert.rejects(failed, /broken/)
    assert.equal(await after, 1)
    assert.equal(semaphore.running, 0)
  })

  it('holds its bounds and its order in every history of acquiring, giving back and giving up', async () => {
    const act = fc.constantFrom('acquire', 'acquire', 'try', 'release', 'abort')
    await fc.assert(
      fc.asyncProperty(
        fc.array(act, { maxLength: 60 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 0, max: 4 }),
        async (acts, permits, maxWaiting) => {
          const semaphore = new Semaphore({ permits, maxWaiting, full })
          const held: Permit[] = []
          // The model: who waits, by number.
          let queue: { number: number; controller: AbortController }[] = []
          const arrived: number[] = []
          let number = 0
          for (const what of acts) {
            if (what === 'try') {
              const permit = semaphore.tryAcquire()
              assert.equal(permit !== undefined, held.length < permits)
              if (permit) held.push(permit)
            } else if (what === 'acquire') {
              const [own, controller] = [number++, new AbortController()]
              const isFull = held.length >= permits && queue.length >= maxWaiting
              if (held.length >= permits && !isFull) queue.push({ number: own, controller })
              const asked = semaphore.acquire(controller.signal).then(
                permit => {
                  held.push(permit)
                  arrived.push(own)
                },
                error => assert.ok(isFull ? error.message === 'full' : controller.signal.aborted),
              )
              if (isFull || held.length < permits) await asked
            } else if (what === 'release' && held.length > 0) {
              const next = queue.shift()
              release(held.shift()!)
              await nextTurn()
              if (next) assert.equal(arrived.at(-1), next.number)
            } else if (what === 'abort' && queue.length > 0) {
              const index = Math.floor(queue.length / 2)
              queue[index]!.controller.abort()
              queue = queue.filter((_, at) => at !== index)
              await nextTurn()
            }
            assert.deepEqual([semaphore.running, semaphore.waiting], [held.length, queue.length])
          }
        },
      ),
      { numRuns: 200 },
    )
  })
})

describe('semaphores by key', () => {
  it('have permits of their own', async () => {
    const semaphores = new KeyedSemaphore<string>({ maxWaiting: 0, full })
    assert.ok(semaphores.tryAcquire('a', 1))
    assert.equal(semaphores.tryAcquire('a', 1), undefined)
    assert.ok(semaphores.tryAcquire('b', 1))
    await assert.rejects(semaphores.acquire('a', 1), /full/)
  })

  it('share the limit of those that wait', async () => {
    const semaphores = new KeyedSemaphore<string>({ maxWaiting: 2, full })
    const held = [await semaphores.acquire('a', 1), await semaphores.acquire('b', 1)]
    const waiting = [semaphores.acquire('a', 1), semaphores.acquire('b', 1)]
    await assert.rejects(semaphores.acquire('a', 1), /full/)
    held.forEach(release)
    for (const permit of await Promise.all(waiting)) release(permit)
    release(await semaphores.acquire('a', 1))
  })

  it('are forgotten when they are no longer in use, and not before', async () => {
    const semaphores = new KeyedSemaphore<number>({ maxWaiting: 10, full })
    const first = await semaphores.acquire(1, 1)
    const second = semaphores.acquire(1, 1)
    release(first)
    assert.equal(semaphores.size, 1)
    release(first)
    assert.equal(semaphores.tryAcquire(1, 1), undefined, 'it belongs to the second')
    release(await second)
    assert.equal(semaphores.size, 0)
    for (let key = 0; key < 1_000; key++) release(semaphores.tryAcquire(key, 1)!)
    assert.equal(semaphores.size, 0)
  })
})
