import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createAuthenticator } from '../../../test/support/authenticator.ts'
import { engines } from '../../../test/support/engines.ts'
import { claimsOf, enrolTotp, ticketOf } from '../../../test/support/totp.ts'
import { goodPassword, testWorld } from '../../../test/support/world.ts'
import type { UserId } from '../kernel/index.ts'

const tenMinutes = 10 * 60_000

for (const engine of engines) {
  describe(`POST /me/step_up/ on ${engine}`, async () => {
    // Access tokens that outlive the ten minutes, so that their age alone refuses.
    const world = await testWorld({ engine, env: { PROPUSK_ACCESS_TTL: '1h' } })
    const stepUp = (token: string, body: Record<string, unknown>) =>
      world.call('POST', '/me/step_up/', { token, body })
    const enrol = (token: string) => world.call('POST', '/me/factors/totp/', { token, body: {} })

    it('a session that has just begun needs none; after ten minutes it does, and says what would be enough', async () => {
      const person = await world.register()
      assert.equal((await enrol(person.access)).status, 201)
      world.clock.advance(tenMinutes + 1_000)
      const { status, body, headers } = await enrol(person.access)
      assert.deepEqual([status, body.code], [401, 'insufficient_user_authentication'])
      assert.deepEqual([body.acr_values, body.max_age], ['aal1', 600])
      const challenge = String(headers['www-authenticate'])
      assert.match(challenge, /error="insufficient_user_authentication".*acr_values="aal1", max_age="600"/)
    })

    it('a refresh moves neither time nor level', async () => {
      const person = await world.register()
      world.clock.advance(tenMinutes + 1_000)
      const refreshed = await world.call('POST', '/token/refresh/', { body: { refresh: person.refresh } })
      assert.equal(claimsOf(refreshed.body.access).auth_time, claimsOf(person.access).auth_time)
      assert.equal((await enrol(refreshed.body.access)).status, 401)
    })

    it('a password is enough where no factor is on, and gives tokens of the same session', async () => {
      const person = await world.register()
      world.clock.advance(tenMinutes + 1_000)
      const { status, body } = await stepUp(person.access, { password: goodPassword })
      assert.equal(status, 200)
      const [before, after] = [claimsOf(person.access), claimsOf(body.access)]
      assert.equal(after.sid, before.sid)
      assert.deepEqual([after.acr, after.amr], ['aal1', ['pwd']])
      assert.ok(after.auth_time > before.auth_time)
      assert.equal((await enrol(body.access)).status, 201)
    })

    it('ends the refresh token before it: that one gives no token of the new level', async () => {
      const person = await world.register()
      const { body } = await stepUp(person.access, { password: goodPassword })
      const next = await world.call('POST', '/token/refresh/', { body: { refresh: body.refresh } })
      assert.equal(next.status, 200)
      const stolen = await world.call('POST', '/token/refresh/', { body: { refresh: person.refresh } })
      assert.equal(stolen.status, 401)
    })

    it('refuses a wrong password, which counts, and the password where a factor is on', async () => {
      const person = await world.register()
      const wrong = await stepUp(person.access, { password: 'wrong horse battery staple' })
      assert.deepEqual([wrong.status, Object.keys(wrong.body.errors)], [400, ['password']])
      await enrolTotp(world, person)
      const right = await stepUp(person.access, { password: goodPassword })
      assert.deepEqual([right.status, Object.keys(right.body.errors)], [400, ['password']])
    })

    it('a session that has just turned a factor on has shown it: its next tokens have the level, and others do not', async () => {
      const person = await world.register()
      const elsewhere = await world.login(person)
      world.clock.advance(5 * 60_000)
      const beganAtMs = world.clock.nowMs()
      await enrolTotp(world, person)
      const refresh = async ({ refresh }: { refresh: string }) =>
        (await world.call('POST', '/token/refresh/', { body: { refresh } })).body.access
      const access = await refresh(person)
      const { acr, amr, auth_time } = claimsOf(access)
      assert.deepEqual([acr, amr], ['aal2', ['pwd', 'otp', 'mfa']])
      const [earliest, latest] = [beganAtMs, world.clock.nowMs()].map(atMs => Math.floor(atMs / 1000))
      assert.ok(auth_time >= earliest! && auth_time <= latest!, 'the time of the enrolment')
      assert.equal((await enrol(access)).status, 201)
      const other = await refresh(elsewhere)
      assert.equal(claimsOf(other).acr, 'aal1')
      assert.equal((await enrol(other)).status, 401)
      assert.equal((await enrol(person.access)).status, 401, 'the token of before')
    })

    it('a passkey that was just made has shown its user, too', async () => {
      const person = await world.register()
      const token = person.access
      const { body: options } = await world.call('POST', '/me/factors/passkey/options/', { token })
      const body = { passkey: createAuthenticator().create(options) }
      assert.equal((await world.call('POST', '/me/factors/passkey/', { token, body })).status, 201)
      const next = await world.call('POST', '/token/refresh/', { body: { refresh: person.refresh } })
      const { acr, amr } = claimsOf(next.body.access)
      assert.deepEqual([acr, amr], ['aal2', ['pwd', 'pop', 'user', 'mfa']])
    })

    it('a session from before a factor was on must show it: the age alone is not enough', async () => {
      const person = await world.register()
      const elsewhere = await world.login(person)
      const app = await enrolTotp(world, person)
      const refused = await enrol(elsewhere.access)
      assert.deepEqual([refused.status, refused.body.acr_values], [401, 'aal2'])
      const removal = await world.call('DELETE', `/me/factors/${app.id}/`, { token: elsewhere.access })
      assert.deepEqual([removal.status, removal.body.code], [401, 'insufficient_user_authentication'])

      const raised = await stepUp(elsewhere.access, { totp: app.next() })
      assert.equal(raised.status, 200, raised.text)
      assert.equal(claimsOf(raised.body.access).acr, 'aal2')
      const removed = await world.call('DELETE', `/me/factors/${app.id}/`, { token: raised.body.access })
      assert.equal(removed.status, 204, removed.text)
      await world.login(person)
    })

    it('takes no code that signed in, and counts wrong codes with those of sign-ins', async () => {
      const person = await world.register()
      const app = await enrolTotp(world, person)
      const code = app.next()
      const { ticket } = await ticketOf(world, person)
      const signedIn = await world.call('POST', '/login/factor/', { body: { ticket, totp: code } })
      assert.equal((await stepUp(signedIn.body.access, { totp: code })).status, 400)
      let status = 400
      for (let i = 0; i < 20 && status === 400; i++) {
        status = (await stepUp(signedIn.body.access, { totp: '000000' })).status
      }
      assert.equal(status, 429)
      const again = await ticketOf(world, person)
      const right = { ticket: again.ticket, recovery: app.recoveryCodes[0] }
      const blocked = await world.call('POST', '/login/factor/', { body: right })
      assert.equal(blocked.status, 429)
    })

    it('is asked for by all that is sensitive, and by nothing else of the same calls', async () => {
      const chief = await world.superuser()
      const other = await world.register()
      const superuser = await world.superuser()
      world.clock.advance(tenMinutes + 1_000)
      const passwords = { password: 'x', password2: 'x', current_password: goodPassword }
      for (const [method, path, body] of [
        ['POST', '/me/password/', passwords],
        ['DELETE', '/me/', undefined],
        ['POST', '/api_keys/', { name: 'a service' }],
        ['GET', '/users/export/', undefined],
        ['GET', '/sessions/export/', undefined],
        ['GET', '/audit/export/', undefined],
        ['POST', '/server/keys/rotate/', {}],
        ['POST', '/sessions/end_all/', {}],
        ['PATCH', `/users/${other.id}/`, { is_superuser: true }],
        ['PATCH', `/users/${other.id}/`, { is_staff: true }],
        ['PATCH', `/users/${superuser.id}/`, { is_active: false }],
        ['PUT', `/users/${superuser.id}/`, { email: superuser.email, roles: [] }],
        ['DELETE', `/users/${superuser.id}/`, undefined],
        ['PATCH', `/users/${other.id}/`, { email: 'another@example.com' }],
        ['PATCH', `/users/${chief.id}/`, { email: 'another@example.com' }],
        ['PUT', `/users/${other.id}/`, { email: 'another@example.com', roles: [] }],
        ['POST', '/me/factors/totp/', {}],
        ['DELETE', `/users/${other.id}/factors/?reason=x`, undefined],
      ] as const) {
        const answer = await world.call(method, path, { token: chief.access, body })
        assert.deepEqual([answer.status, answer.body.code], [401, 'insufficient_user_authentication'], path)
      }
      const names = await world.call('PATCH', `/users/${other.id}/`, {
        token: chief.access,
        body: { first_name: 'Anna', email: other.email },
      })
      assert.equal(names.status, 200)
      const closed = await world.call('DELETE', `/users/${other.id}/`, { token: chief.access })
      assert.equal(closed.status, 204)
    })

    for (const [enrolled, level, methods] of [
      ['nothing', 'aal1', undefined],
      ['an enrolment that waits', 'aal1', undefined],
      ['an app', 'aal2', ['totp', 'recovery']],
      ['a passkey', 'aal2', ['passkey', 'recovery']],
      ['an app and a passkey', 'aal2', ['passkey', 'totp', 'recovery']],
      ['an app that was removed', 'aal1', undefined],
    ] as const) {
      it(`with ${enrolled} the level that is asked for is ${level}`, async () => {
        const person = await world.register()
        const { clock, transaction } = world.core
        const userId = person.id as UserId
        await transaction(async ({ factors, passkeys, recoveryCodes }) => {
          const nowMs = clock.nowMs()
          if (/app|waits/.test(enrolled)) {
            const id = await factors.addTotp({ userId, name: 'x', encryptedSecret: 'x' }, nowMs)
            if (enrolled.includes('app')) await factors.confirmTotp(userId, { id, step: 1 }, nowMs)
            if (enrolled.includes('removed')) await factors.delete(userId, id)
          }
          const passkey = { userId, name: 'x', publicKey: 'x', signCount: 0, transports: [] }
          if (enrolled.includes('passkey'))
            await passkeys.add({ ...passkey, credentialId: enrolled + engine }, nowMs)
          if (methods) await recoveryCodes.replaceAll(userId, [{ selector: '0000', hash: 'x' }], nowMs)
        })
        world.clock.advance(tenMinutes + 1_000)
        assert.equal((await enrol(person.access)).body.acr_values, level)
        const { body } = await world.call('POST', '/login/', {
          body: { email: person.email, password: goodPassword },
        })
        assert.deepEqual([body.methods, body.access === undefined], [methods, methods !== undefined])
      })
    }
  })
}
