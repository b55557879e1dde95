import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { findSentProof, sentProof, withMail } from '../../../test/support/proofs.ts'
import { unthrottled } from '../../../test/support/throttle.ts'
import { claimsOf, enrolTotp } from '../../../test/support/totp.ts'
import { testWorld } from '../../../test/support/world.ts'
import { proofKinds } from '../proofs/index.ts'

const env = { ...withMail, ...unthrottled }

for (const engine of engines) {
  describe(`a sign-in by a code of the mail, on ${engine}`, async () => {
    const world = await testWorld({ engine, env: { ...env, PROPUSK_LOGIN_CODE: 'on' } })
    const { call } = world
    const ask = async (email: string) => {
      const answer = await call('POST', '/login/code/request/', { body: { email } })
      assert.deepEqual([answer.status, answer.body], [202, { next: 'check_mail' }])
    }
    const codeFor = async (email: string) => {
      await ask(email)
      return (await sentProof(world, 'login_code', email)).code
    }
    const enter = (email: string, code: string) => call('POST', '/login/code/', { body: { email, code } })
    const proved = async () => {
      const account = await world.register()
      const { token } = await sentProof(world, 'email_verify', account.email)
      assert.equal((await call('POST', '/email/verify/', { body: { token } })).status, 204)
      return account
    }

    it('begins a session of the lowest level, once, beside those that are there', async () => {
      const account = await proved()
      const code = await codeFor(account.email)
      const answer = await enter(account.email, code)
      assert.equal(answer.status, 200, answer.text)
      const { acr, amr } = claimsOf(answer.body.access)
      assert.deepEqual([acr, amr], ['aal1', ['otp']])
      for (const token of [answer.body.access, account.access])
        assert.equal((await call('GET', '/me/', { token })).status, 200)
      assert.equal((await enter(account.email, code)).status, 400)
      await world.login(account)
    })

    it('is no second factor: an account that has one is asked for it', async () => {
      const account = await proved()
      const app = await enrolTotp(world, account)
      const answer = await enter(account.email, await codeFor(account.email))
      assert.deepEqual(
        [answer.status, answer.body.next, answer.body.access],
        [200, 'second_factor', undefined],
      )
      const { ticket } = answer.body
      const code = await codeFor(account.email)
      assert.equal(
        (await call('POST', '/login/factor/', { body: { ticket, totp: code.slice(0, 6) } })).status,
        401,
      )
      const signedIn = await call('POST', '/login/factor/', { body: { ticket, totp: app.next() } })
      const { acr, amr } = claimsOf(signedIn.body.access)
      assert.deepEqual([acr, amr], ['aal2', ['otp', 'mfa']], 'no password was shown')
      const stepUp = await call('POST', '/me/step_up/', {
        token: signedIn.body.access,
        body: { totp: app.next() },
      })
      assert.deepEqual(claimsOf(stepUp.body.access).amr, ['otp', 'mfa'])
    })

    it('ends the password and the sessions of an account whose address was not proved: its maker may be another person', async () => {
      const attacker = await world.register('victim@example.com')
      const answer = await enter(attacker.email, await codeFor(attacker.email))
      assert.equal(answer.status, 200)
      assert.equal((await call('GET', '/me/', { token: attacker.access })).status, 401)
      assert.equal(
        (await call('POST', '/token/refresh/', { body: { refresh: attacker.refresh } })).status,
        401,
      )
      const { email, password } = attacker
      assert.equal((await call('POST', '/login/', { body: { email, password } })).status, 401)
      const { body } = await call('GET', '/me/', { token: answer.body.access })
      assert.equal(body.email_verified, true)
    })

    it('is for the account that it was sent to, for ten minutes', async () => {
      const [one, other] = [await proved(), await proved()]
      const code = await codeFor(one.email)
      assert.equal((await enter(other.email, code)).status, 400)
      const lifeMs = proofKinds.login_code.lifeMs
      world.clock.advance(lifeMs - 1000)
      assert.equal((await enter(one.email, code)).status, 200)
      const late = await codeFor(one.email)
      world.clock.advance(lifeMs + 1000)
      assert.equal((await enter(one.email, late)).status, 400)
    })

    it('is sent to no unknown address and no closed account', async () => {
      const closed = await world.register()
      await call('DELETE', '/me/', { token: closed.access })
      for (const email of ['unknown@example.com', closed.email]) {
        await ask(email)
        assert.equal(await findSentProof(world, 'login_code', email), undefined)
      }
    })

    it('keeps the refresh token in the cookie for a page of this server', async () => {
      const account = await proved()
      const body = { email: account.email, code: await codeFor(account.email) }
      const headers = { 'sec-fetch-site': 'same-origin' }
      const answer = await call('POST', '/browser/login/code/', { body, headers })
      assert.deepEqual([answer.status, answer.body.refresh], [200, undefined])
      assert.match(String(answer.headers['set-cookie']), /__Host-propusk=/)
    })

    it('begins one session of fifty at the same time', async () => {
      const account = await proved()
      const code = await codeFor(account.email)
      const answers = await Promise.all(Array.from({ length: 50 }, () => enter(account.email, code)))
      assert.equal(answers.filter(({ status }) => status === 200).length, 1)
    })
  })
}

describe('a sign-in by a code of the mail', async () => {
  const world = await testWorld({ env })
  it('is not there unless it is set', async () => {
    for (const path of ['/login/code/request/', '/login/code/'])
      assert.equal((await world.call('POST', path, { body: {} })).status, 404)
  })
})
