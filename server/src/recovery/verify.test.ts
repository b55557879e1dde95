import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { findSentProof, outboxOf, sentProof, withMail } from '../../../test/support/proofs.ts'
import { unthrottled } from '../../../test/support/throttle.ts'
import { goodPassword, testWorld, type World } from '../../../test/support/world.ts'
import { proofKinds } from '../proofs/index.ts'

const verify = ({ call }: World, body: Record<string, string>) => call('POST', '/email/verify/', { body })
const statusOf = async (answer: Promise<{ status: number }>) => (await answer).status

for (const engine of engines) {
  describe(`an account whose address is not proved, on ${engine}`, async () => {
    const world = await testWorld({ engine, env: { ...withMail, ...unthrottled } })
    const isVerified = async (token: string) =>
      (await world.call('GET', '/me/', { token })).body.email_verified

    it('is signed in at once, gets a mail, and is proved by its link or its code', async () => {
      for (const by of ['token', 'code'] as const) {
        const account = await world.register()
        assert.equal(await isVerified(account.access), false)
        const { token, code } = await sentProof(world, 'email_verify', account.email)
        const proof: Record<string, string> = by === 'token' ? { token } : { email: account.email, code }
        assert.equal(await statusOf(verify(world, proof)), 204)
        assert.equal(await isVerified(account.access), true)
        assert.equal(await statusOf(verify(world, proof)), 400)
      }
    })

    it('is sent another mail when its owner asks for one', async () => {
      const account = await world.register()
      const answer = await world.call('POST', '/me/email/verify/', { token: account.access })
      assert.deepEqual([answer.status, answer.body], [202, { next: 'check_mail' }])
      const kinds = (await outboxOf(world, account.email)).map(({ kind }) => kind)
      assert.deepEqual(kinds, ['email_verify', 'email_verify'])
    })

    it('is not proved by a call with a password, which is about a registration', async () => {
      const account = await world.register()
      const { token } = await sentProof(world, 'email_verify', account.email)
      assert.equal(await statusOf(verify(world, { token, password: goodPassword })), 400)
      assert.equal(await isVerified(account.access), false)
    })

    it('cannot be called proved by its owner', async () => {
      const { access: token } = await world.register()
      const answer = await world.call('PATCH', '/me/', { token, body: { email_verified: true } })
      assert.deepEqual([answer.status, Object.keys(answer.body.errors)], [400, ['email_verified']])
      assert.equal(await isVerified(token), false)
    })

    it('is not proved any more once an administrator gives it another address', async () => {
      const { access: token } = await world.superuser()
      const account = await world.register()
      await verify(world, { token: (await sentProof(world, 'email_verify', account.email)).token })
      const path = `/users/${account.id}/`
      const moved = await world.call('PATCH', path, { token, body: { email: `moved-${account.email}` } })
      assert.equal(moved.body.email_verified, false)
      const named = await world.call('PATCH', path, { token, body: { first_name: 'Anna' } })
      assert.equal(named.body.email_verified, false)
    })
  })

  describe(`registration that waits for its mail, on ${engine}`, async () => {
    const env = { ...withMail, ...unthrottled, PROPUSK_REGISTRATION: 'verified' }
    const world = await testWorld({ engine, env })
    let count = 0
    const fresh = () => `verified-${++count}@example.com`
    const register = (email: string, password = goodPassword) =>
      world.call('POST', '/register/', { body: { email, password, password2: password, first_name: 'Anna' } })
    const login = (email: string, password = goodPassword) =>
      statusOf(world.call('POST', '/login/', { body: { email, password } }))

    it('makes the account by the link or the code of the mail, and not before', async () => {
      for (const by of ['token', 'code'] as const) {
        const email = fresh()
        const answer = await register(email)
        assert.deepEqual([answer.status, answer.body], [202, { next: 'check_mail' }])
        assert.equal(await login(email), 401)
        assert.equal(await world.core.stores.users.findByEmail(email), undefined)
        const { token, code } = await sentProof(world, 'registration', email)
        const proof: Record<string, string> = by === 'token' ? { token } : { email, code }
        assert.equal(await statusOf(verify(world, proof)), 204)
        assert.equal(await login(email), 200)
        const user = (await world.core.stores.users.findByEmail(email))?.user
        assert.deepEqual([user?.emailVerified, user?.firstName], [true, 'Anna'])
        assert.equal(await statusOf(verify(world, proof)), 400)
      }
    })

    it('answers the same for a taken address, whose owner gets a mail that says so', async () => {
      const email = fresh()
      const first = await register(email)
      await verify(world, { token: (await sentProof(world, 'registration', email)).token })
      const second = await register(email, 'seven quiet lamps at noon')
      assert.deepEqual([second.status, second.text], [first.status, first.text])
      assert.equal(await findSentProof(world, 'registration', email), undefined)
      assert.deepEqual(
        (await outboxOf(world, email)).map(({ kind }) => kind),
        ['email_verify', 'address_taken'],
      )
      assert.equal(await login(email), 200)
      assert.equal(await login(email, 'seven quiet lamps at noon'), 401)
    })

    it('repeated with the same password goes on by the newest mail', async () => {
      const email = fresh()
      await register(email)
      const late = await sentProof(world, 'registration', email)
      await register(email)
      const { token } = await sentProof(world, 'registration', email)
      assert.equal(await statusOf(verify(world, { token: late.token })), 400)
      assert.equal(await statusOf(verify(world, { token })), 204)
      assert.equal(await login(email), 200)
    })

    it('gives none of two persons who registered with an address a way in by password, but the reader of its mail by a reset', async () => {
      const email = fresh()
      await register(email, 'the password of the attacker')
      await register(email, 'the password of the owner')
      const { token } = await sentProof(world, 'registration', email)
      assert.equal(await statusOf(verify(world, { token })), 204)
      assert.equal(await login(email, 'the password of the attacker'), 401)
      assert.equal(await login(email, 'the password of the owner'), 401)
      await world.call('POST', '/password/reset/request/', { body: { email } })
      const reset = await sentProof(world, 'password_reset', email)
      const passwords = { password: goodPassword, password2: goodPassword }
      const answer = await world.call('POST', '/password/reset/', {
        body: { token: reset.token, ...passwords },
      })
      assert.equal(answer.status, 204)
      assert.equal(await login(email), 200)
    })

    it('asked with a password, makes the account only by that of the registration, or by a new one', async () => {
      const next = 'seven quiet lamps at noon'
      for (const [shown, fields] of [
        [{ password: 'what the reader never chose' }, ['password']],
        [{ password: next, password2: 'another one at noon' }, ['password2']],
        [{ password: 'short', password2: 'short' }, ['password']],
        [{ password2: next }, ['password']],
      ] as const) {
        const email = fresh()
        await register(email)
        const { token } = await sentProof(world, 'registration', email)
        const refused = await verify(world, { token, ...shown })
        assert.deepEqual([refused.status, Object.keys(refused.body.errors)], [400, fields])
        assert.equal(await world.core.stores.users.findByEmail(email), undefined)
        assert.equal(await statusOf(verify(world, { token, password: goodPassword })), 204)
        assert.equal(await login(email), 200)
      }
    })

    it('asked with a new password, gives the reader of the mail the account that another person registered', async () => {
      const email = fresh()
      await register(email, 'the password of the attacker')
      await register(email, 'one more of the attacker')
      const { code } = await sentProof(world, 'registration', email)
      const chosen = { password: goodPassword, password2: goodPassword }
      assert.equal(await statusOf(verify(world, { email, code, ...chosen })), 204)
      assert.equal(await login(email, 'the password of the attacker'), 401)
      assert.equal(await login(email, 'one more of the attacker'), 401)
      assert.equal(await login(email), 200)
    })

    it('makes one account of fifty uses at the same time on two nodes', async () => {
      const second = await testWorld({ engine, env, databaseUrl: world.core.config.databaseUrl })
      const email = fresh()
      await register(email)
      const { token, code } = await sentProof(world, 'registration', email)
      const statuses = await Promise.all(
        Array.from({ length: 50 }, (_, at) =>
          statusOf(verify(at % 2 ? second : world, at % 4 < 2 ? { token } : { email, code })),
        ),
      )
      assert.equal(statuses.filter(status => status === 204).length, 1)
      assert.equal(await login(email), 200)
      await second.close()
    })

    it('works until a day has passed', async () => {
      for (const [sinceMs, status] of [
        [proofKinds.registration.lifeMs - 1000, 204],
        [proofKinds.registration.lifeMs + 1000, 400],
      ] as const) {
        const email = fresh()
        await register(email)
        const { token } = await sentProof(world, 'registration', email)
        world.clock.advance(sinceMs)
        assert.equal(await statusOf(verify(world, { token })), status)
      }
    })

    it('names a weak password at once, for a taken address as for any other', async () => {
      const taken = fresh()
      await register(taken)
      await verify(world, { token: (await sentProof(world, 'registration', taken)).token })
      for (const email of [taken, fresh()]) {
        const answer = await register(email, 'short')
        assert.deepEqual([answer.status, Object.keys(answer.body.errors)], [400, ['password']])
      }
    })

    it('answers a page of this server in the same way, without a cookie', async () => {
      const headers = { 'sec-fetch-site': 'same-origin' }
      const body = { email: fresh(), password: goodPassword, password2: goodPassword }
      const answer = await world.call('POST', '/browser/register/', { body, headers })
      assert.deepEqual([answer.status, answer.headers['set-cookie']], [202, undefined])
    })
  })
}
