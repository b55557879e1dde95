import assert from 'node:assert/strict'
import { it } from 'node:test'
import { eachEngine } from '../../../test/support/engines.ts'
import { testClock } from '../../../test/support/world.ts'
import { systemRandom } from '../kernel/index.ts'
import type { Database } from '../store/index.ts'
import { LeaderLease, lockRow, sqlLeaseStore } from './index.ts'

const lengthMs = 180_000

/** One database and as many nodes on it as a test asks for, each with a clock of its own. */
const nodesOn = (database: Database) => (clock: ReturnType<typeof testClock>) =>
  new LeaderLease('housekeeping', lengthMs, {
    transaction: work => database.transaction(trx => work({ leases: sqlLeaseStore(trx) })),
    clock,
    random: systemRandom,
  })

eachEngine('a lease', open => {
  it('has one holder, who may renew it', async () => {
    const node = nodesOn(await open())
    const clock = testClock()
    const [one, two] = [node(clock), node(clock)]
    assert.equal(await one.hold(), true)
    assert.equal(await two.hold(), false)
    assert.equal(one.isHeld(), true)
    assert.equal(two.isHeld(), false)
    clock.advance(lengthMs - 60_000)
    assert.equal(await one.hold(), true)
    clock.advance(lengthMs - 60_000)
    assert.equal(await two.hold(), false)
  })

  it('is won by one of sixteen who ask at once', async () => {
    const node = nodesOn(await open())
    const clock = testClock()
    const racers = Array.from({ length: 16 }, () => node(clock))
    for (let round = 0; round < 3; round++) {
      const won = await Promise.all(racers.map(racer => racer.hold()))
      assert.equal(won.filter(Boolean).length, 1)
      clock.advance(lengthMs)
    }
  })

  it('goes to the next at once when it is given back', async () => {
    const node = nodesOn(await open())
    const clock = testClock()
    const [one, two] = [node(clock), node(clock)]
    await one.hold()
    await one.release()
    assert.equal(one.isHeld(), false)
    assert.equal(await two.hold(), true)
  })

  it('goes to the next when it has run out, and not back to the one who lost it', async () => {
    const node = nodesOn(await open())
    const clock = testClock()
    const [one, two] = [node(clock), node(clock)]
    await one.hold()
    clock.advance(lengthMs)
    assert.equal(one.isHeld(), false)
    assert.equal(await two.hold(), true)
    assert.equal(await one.hold(), false)
  })

  it('cannot be given back by one who has lost it', async () => {
    const node = nodesOn(await open())
    const clock = testClock()
    const [one, two, three] = [node(clock), node(clock), node(clock)]
    await one.hold()
    clock.advance(lengthMs)
    await two.hold()
    await one.release()
    assert.equal(await three.hold(), false)
    assert.equal(await two.hold(), true)
  })

  it('is not taken by a node whose clock is ahead by less than the holder has left', async () => {
    const node = nodesOn(await open())
    const [clock, ahead, behind] = [testClock(), testClock(), testClock()]
    ahead.advance(119_000)
    behind.advance(-119_000)
    const holder = node(clock)
    await holder.hold()
    clock.advance(60_000)
    ahead.advance(60_000)
    assert.equal(await node(ahead).hold(), false)
    assert.equal(await node(behind).hold(), false)
    assert.equal(await holder.hold(), true)
  })

  it('a lease that was taken by a clock hours ahead is free after its usual life', async () => {
    const node = nodesOn(await open())
    const glitched = testClock()
    glitched.advance(14 * 3_600_000)
    await node(glitched).hold()
    assert.equal(await node(testClock()).hold(), true)
  })
})

eachEngine('a turn', open => {
  it('locking a row that is gone is refused, as nothing would be locked', async () => {
    const database = await open()
    await database.transaction(trx => trx.deleteFrom('leases').where('name', '=', 'signing_keys').execute())
    await assert.rejects(
      database.transaction(trx => lockRow(trx, 'signing_keys')),
      /row signing_keys/,
    )
    await database.transaction(trx => lockRow(trx, 'permissions'))
  })
})
