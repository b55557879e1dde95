import assert from 'node:assert/strict'
import { before, it } from 'node:test'
import { eachEngine } from '../../../test/support/engines.ts'
import { origin, type People, peopleOn } from '../../../test/support/people.ts'
import { rejection } from '../../../test/support/rejection.ts'
import { testDeviceTokens, throttleOf } from '../../../test/support/throttle.ts'
import { loadConfig } from '../config/index.ts'
import type { User } from './account-fields.ts'
import { type ChangePasswordDeps, changePassword, type PasswordChange } from './change-password.ts'
import { loadLeakedPasswords } from './leaked-passwords.ts'

const current = 'correct horse battery staple'
const next = 'seven quiet lamps at noon'

eachEngine('changing the own password', open => {
  let people: People
  let deps: ChangePasswordDeps

  before(async () => {
    people = peopleOn(await open())
    deps = {
      ...people,
      users: people.stores.users,
      throttle: throttleOf({ ...people, config: loadConfig({}) }),
      deviceTokens: testDeviceTokens(),
      passwordMinLength: 8,
      leakedPasswords: loadLeakedPasswords(),
    }
  })

  /** A person on two devices; the change is asked for from the first. */
  const someone = async () => {
    const user = await people.addUser({ passwordHash: await people.hasher.hash(current) })
    const here = await people.startSession(user)
    const elsewhere = await people.startSession(user)
    const change = (fields: Partial<PasswordChange> = {}) =>
      changePassword(deps, {
        principal: people.as(user, here),
        origin,
        currentPassword: current,
        password: next,
        password2: next,
        deviceToken: undefined,
        ...fields,
      })
    return { user, here, elsewhere, change }
  }
  const opens = async (user: User, password: string) =>
    (await people.hasher.verify(password, (await people.stores.users.findAccount(user.id))!.passwordHash))
      .matches
  const liveIds = async (user: User) =>
    (await people.stores.sessions.listLive(user.id, people.clock.nowMs())).map(session => session.id)

  it('sets the new one, ends every other session and lets this one go on', async () => {
    const { user, here, elsewhere, change } = await someone()
    await change()
    assert.deepEqual([await opens(user, next), await opens(user, current)], [true, false])
    assert.deepEqual(await liveIds(user), [here.id])
    const ended = await people.stores.sessions.findById(elsewhere.id)
    assert.equal(ended?.endReason, 'password_change')
    assert.ok(
      people.committed.some(
        change => change.kind === 'session_ended' && change.sessionUuid === elsewhere.uuid,
      ),
    )
    const [event] = await people.audit(`users/${user.id}`)
    assert.deepEqual([event?.action, event?.details], ['user.password_change', { sessions_ended: 1 }])
  })

  it('says that the current one is wrong, and changes nothing', async () => {
    const { user, change } = await someone()
    await assert.rejects(
      change({ currentPassword: `${current} ` }),
      rejection('invalid_request', 'password.current_wrong', 'current_password'),
    )
    assert.ok(await opens(user, current))
    assert.equal((await liveIds(user)).length, 2)
  })

  it('judges the new one like registration, and names every field', async () => {
    const { user, change } = await someone()
    await assert.rejects(
      change({ currentPassword: 'wrong', password: 'short', password2: 'other' }),
      error => {
        rejection('invalid_request', 'password.current_wrong', 'current_password')(error)
        rejection('invalid_request', 'password.too_short', 'password')(error)
        return rejection('invalid_request', 'password.mismatch', 'password2')(error)
      },
    )
    await assert.rejects(
      change({ password: user.email.toUpperCase(), password2: user.email.toUpperCase() }),
      rejection('invalid_request', 'password.personal', 'password'),
    )
    assert.ok(await opens(user, current))
  })

  it('has one winner when two changes prove the same current password at once', async () => {
    const { user, change } = await someone()
    const wished = Array.from({ length: 6 }, (_, index) => `${next} ${index}`)
    const outcomes = await Promise.allSettled(
      wished.map(password => change({ password, password2: password })),
    )
    const won = outcomes.flatMap((outcome, index) => (outcome.status === 'fulfilled' ? [index] : []))
    assert.equal(won.length, 1)
    assert.ok(await opens(user, wished[won[0]!]!))
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') {
        rejection('invalid_request', 'password.current_wrong', 'current_password')(outcome.reason)
      }
    }
  })
})
