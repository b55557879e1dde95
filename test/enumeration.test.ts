import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { PasswordHasher } from '../server/src/identity/index.ts'
import { unthrottled } from './support/throttle.ts'
import { cheapHasher, testWorld } from './support/world.ts'

/** The real hasher, which tells how often each of its kinds of work was asked for. */
function countingHasher() {
  const hasher = cheapHasher()
  const count = { hash: 0, check: 0 }
  const counting: PasswordHasher = {
    load: { waiting: 0, running: 0 },
    evenOut: stored => hasher.evenOut(stored),
    hash: presented => {
      count.hash += 1
      return hasher.hash(presented)
    },
    verify: (presented, stored, isOpen) => {
      count.check += 1
      return hasher.verify(presented, stored, isOpen)
    },
    verifyNothing: presented => {
      count.check += 1
      return hasher.verifyNothing(presented)
    },
  }
  return { hasher: counting, count }
}

describe('a sign-in that fails', async () => {
  const { hasher, count } = countingHasher()
  const world = await testWorld({ hasher, env: unthrottled })
  const administrator = await world.superuser()
  const living = await world.register('living@example.com')
  const closed = await world.register('closed@example.com')
  const switchedOff = await world.register('switched-off@example.com')
  assert.equal((await world.call('DELETE', '/me/', { token: closed.access })).status, 204)
  await world.call('PATCH', `/users/${switchedOff.id}/`, {
    token: administrator.access,
    body: { is_active: false },
  })

  /** Everything that a caller can see, but for what differs from request to request anyway, and the work behind it. */
  const attempt = async (email: string, password: string, headers: Record<string, string> = {}) => {
    Object.assign(count, { hash: 0, check: 0 })
    const answer = await world.call('POST', '/login/', { body: { email, password }, headers })
    const { instance, ...body } = answer.body
    assert.match(instance, /^urn:uuid:[0-9a-f-]{36}$/)
    const { date: _, ...seen } = answer.headers
    return { status: answer.status, body, seen: Object.entries(seen), work: { ...count } }
  }

  const wrong = 'not the password at all'
  const attempts: readonly (readonly [string, string, string])[] = [
    ['an unknown address', 'nobody@example.com', wrong],
    ['an address that nobody could have', 'no address', wrong],
    ['a wrong password', living.email, wrong],
    ['an empty password', living.email, ''],
    ['a password in another case', living.email, living.password.toUpperCase()],
    ['a password with a space after it', living.email, `${living.password} `],
    ['a password as long as can be', living.email, 'x'.repeat(1024)],
    ['an unknown address and a long password', 'nobody@example.com', 'x'.repeat(1024)],
    ['a closed account, right password', closed.email, closed.password],
    ['a closed account, wrong password', closed.email, wrong],
    ['a deactivated account, right password', switchedOff.email, switchedOff.password],
    ['a deactivated account, wrong password', switchedOff.email, wrong],
    ['a deactivated account in capitals', switchedOff.email.toUpperCase(), switchedOff.password],
  ]

  for (const language of ['en', 'ru']) {
    it(`answers the same for the same work, whatever the reason (${language})`, async () => {
      const headers = { 'accept-language': language }
      const expected = await attempt('stranger@example.com', wrong, headers)
      assert.equal(expected.status, 401)
      assert.equal(expected.body.code, 'invalid_credentials')
      assert.deepEqual(expected.work, { hash: 0, check: 1 })
      for (const [what, email, password] of attempts) {
        assert.deepEqual(await attempt(email, password, headers), expected, what)
      }
    })
  }

  it('leaves the account as it was', async () => {
    const user = await world.call('GET', `/users/${living.id}/`, { token: administrator.access })
    await attempt(living.email, wrong)
    const after = await world.call('GET', `/users/${living.id}/`, { token: administrator.access })
    assert.deepEqual(after.body, user.body)
    await world.login(living)
  })

  it('the list of users reveals nothing to callers who may not read it', async () => {
    for (const email of [living.email, 'nobody@example.com']) {
      const answer = await world.call('GET', `/users/?search=${email}`, { token: living.access })
      assert.equal(answer.status, 403)
    }
  })

  it('sessions and rights of other users reveal nothing either', async () => {
    const { access } = await world.login(living)
    for (const path of [
      '/me/get_sessions/ID/',
      '/access/explain/?user_id=ID&resource=users&action=read',
      '/access/effective/?user_id=ID',
    ]) {
      const about = async (id: number) => {
        const { status, body } = await world.call('GET', path.replace('ID', String(id)), { token: access })
        return { ...body, status, instance: '' }
      }
      assert.deepEqual(await about(closed.id), await about(999_999), path)
      assert.equal((await about(closed.id)).status, 403)
    }
  })
})
