import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { eachEngine } from '../../../test/support/engines.ts'
import { origin, peopleOn } from '../../../test/support/people.ts'
import { recognise } from './known-devices.ts'

const home = { ipAddress: '2001:db8:1:2::7', userAgent: 'a browser' }

describe('an account that signed in before', () => {
  const from = (ipAddress: string, userAgent = home.userAgent) =>
    recognise([home, { ...home, ipAddress: '192.0.2.1' }], { ipAddress, userAgent })

  it('knows a browser in its network, and a network without the browser', () => {
    assert.equal(from('2001:db8:1:2::7'), 'device')
    assert.equal(from('2001:db8:1:2:aaaa::1'), 'device')
    assert.equal(from('2001:db8:1:2::7', 'another'), 'network')
    assert.equal(from('192.0.2.1'), 'device')
  })

  it('knows nobody elsewhere, whatever the browser', () => {
    assert.equal(from('2001:db8:1:3::7'), undefined)
    assert.equal(from('192.0.2.2'), undefined)
    assert.equal(recognise([], home), undefined)
  })

  it('knows nobody whose address is not known', () => {
    const nowhere = { ...home, ipAddress: '' }
    assert.equal(recognise([nowhere], nowhere), undefined)
  })
})

eachEngine('where sessions began', open => {
  it('is told of this account only, ended sessions too, each place once, and not from before', async () => {
    const people = peopleOn(await open())
    const user = await people.addUser()
    const beforeMs = people.clock.nowMs()
    const session = await people.startSession(user)
    people.advance(1_000)
    await people.startSession(user)
    await people.transaction(({ sessions }) => sessions.endById(session.id, 'logout', people.clock.nowMs()))
    const other = await people.addUser()
    const { devices } = people.stores
    assert.deepEqual(await devices.listOrigins(user.id, beforeMs), [origin])
    assert.deepEqual(await devices.listOrigins(user.id, beforeMs + 1_001), [])
    assert.deepEqual(await devices.listOrigins(other.id, 0), [])
    assert.deepEqual(await devices.listOrigins(undefined, 0), [])
  })
})
