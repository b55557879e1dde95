import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { claimsOf, enrolTotp, ticketOf, totpAt } from '../../../test/support/totp.ts'
import { goodPassword, testWorld } from '../../../test/support/world.ts'

for (const engine of engines) {
  describe(`a sign-in in two steps on ${engine}`, async () => {
    const world = await testWorld({ engine })
    const factor = (ticket: string, shown: Record<string, unknown>) =>
      world.call('POST', '/login/factor/', { body: { ticket, ...shown } })

    it('gives no token for the password of an account with a second factor, only a ticket', async () => {
      const person = await world.register()
      await enrolTotp(world, person)
      const { status, body } = await world.call('POST', '/login/', {
        body: { email: person.email, password: goodPassword },
      })
      assert.equal(status, 200)
      assert.deepEqual(Object.keys(body).sort(), ['methods', 'next', 'ticket'])
      assert.deepEqual(body.methods, ['totp', 'recovery'])
      const asBearer = await world.call('GET', '/me/', { token: body.ticket })
      assert.equal(asBearer.status, 401)
    })

    it('gives a session of level aal2 for the ticket and a code', async () => {
      const person = await world.register()
      const app = await enrolTotp(world, person)
      const { ticket } = await ticketOf(world, person)
      const answer = await factor(ticket, { totp: app.next() })
      assert.equal(answer.status, 200, answer.text)
      assert.deepEqual(Object.keys(answer.body).sort(), ['access', 'refresh', 'user'])
      const { acr, amr, auth_time } = claimsOf(answer.body.access)
      assert.deepEqual([acr, amr], ['aal2', ['pwd', 'otp', 'mfa']])
      assert.equal(auth_time, Math.floor(world.clock.nowMs() / 1000))
    })

    it('takes a code once, and a ticket once', async () => {
      const person = await world.register()
      const app = await enrolTotp(world, person)
      const [first, second] = [await ticketOf(world, person), await ticketOf(world, person)]
      const code = app.next()
      assert.equal((await factor(first.ticket, { totp: code })).status, 200)
      const again = await factor(second.ticket, { totp: code })
      assert.deepEqual(
        [again.status, again.body.code, Object.keys(again.body.errors)],
        [401, 'invalid_credentials', ['totp']],
      )
      const used = await factor(first.ticket, { totp: app.next() })
      assert.deepEqual([used.status, Object.keys(used.body.errors)], [401, ['ticket']])
    })

    it('does not take the code of the enrolment, which is used up by it', async () => {
      const person = await world.register()
      const app = await enrolTotp(world, person)
      const { ticket } = await ticketOf(world, person)
      assert.equal((await factor(ticket, { totp: app.used })).status, 401)
    })

    it('takes a code of the step before and after, and none of two steps away', async () => {
      const person = await world.register()
      const app = await enrolTotp(world, person)
      // To the middle of a step: the real time that passes meanwhile leads into no other.
      world.clock.advance(300_000 + 15_000 - (world.clock.nowMs() % 30_000))
      const { ticket } = await ticketOf(world, person)
      for (const [steps, status] of [
        [-2, 401],
        [2, 401],
        [-1, 200],
      ] as const) {
        const totp = totpAt(app.secret, world.clock.nowMs() + steps * 30_000)
        assert.equal((await factor(ticket, { totp })).status, status, String(steps))
      }
    })

    it('takes a recovery code once, however it is typed', async () => {
      const person = await world.register()
      const { recoveryCodes } = await enrolTotp(world, person)
      assert.equal(recoveryCodes.length, 10)
      const typed = recoveryCodes[0]!.toUpperCase().replaceAll('-', ' ')
      const first = await factor((await ticketOf(world, person)).ticket, { recovery: typed })
      assert.equal(first.status, 200, first.text)
      const again = await factor((await ticketOf(world, person)).ticket, { recovery: recoveryCodes[0] })
      assert.equal(again.status, 401)
      const list = await world.call('GET', '/me/factors/', { token: first.body.access })
      assert.equal(list.body.recovery_codes, 9)
    })

    it('burns a ticket after five wrong codes, also for the right one', async () => {
      const person = await world.register()
      const app = await enrolTotp(world, person)
      const { ticket } = await ticketOf(world, person)
      for (let i = 0; i < 5; i++) assert.equal((await factor(ticket, { totp: '000000' })).status, 401)
      const right = await factor(ticket, { totp: app.next() })
      assert.deepEqual([right.status, Object.keys(right.body.errors ?? {})], [401, ['ticket']])
    })

    it('counts wrong codes for the account, over many tickets, and then answers 429 also to the right one', async () => {
      const person = await world.register()
      const app = await enrolTotp(world, person)
      let status = 401
      for (let i = 0; i < 20 && status === 401; i++) {
        const { ticket } = await ticketOf(world, person)
        status = (await factor(ticket, { totp: '000000' })).status
      }
      assert.equal(status, 429)
      const { ticket } = await ticketOf(world, person)
      const right = await factor(ticket, { totp: totpAt(app.secret, world.clock.nowMs()) })
      assert.equal(right.status, 429)
      assert.ok(Number(right.headers['retry-after']) > 0)
    })

    it('refuses a ticket of a password that was changed, of an account that was signed out, and one that is too old', async () => {
      const person = await world.register()
      const app = await enrolTotp(world, person)
      const signedIn = await factor((await ticketOf(world, person)).ticket, { totp: app.next() })
      const token = signedIn.body.access
      const old = await ticketOf(world, person)
      world.clock.advance(10 * 60_000 + 1)
      assert.equal((await factor(old.ticket, { totp: app.next() })).status, 401)

      const before = await ticketOf(world, person)
      world.clock.advance(5)
      const fresh = await factor((await ticketOf(world, person)).ticket, { totp: app.next() })
      assert.equal((await world.call('POST', '/token/revoke_all/', { token: fresh.body.access })).status, 200)
      const refused = await factor(before.ticket, { totp: app.next() })
      assert.deepEqual([refused.status, Object.keys(refused.body.errors)], [401, ['ticket']])
      assert.ok(token)
    })

    it('refuses two factors at once, none, and one that is no code', async () => {
      const person = await world.register()
      const app = await enrolTotp(world, person)
      const { ticket } = await ticketOf(world, person)
      for (const shown of [
        {},
        { totp: app.next(), recovery: app.recoveryCodes[0] },
        { totp: '12345' },
        { totp: 123456 },
      ]) {
        assert.equal((await factor(ticket, shown)).status, 400)
      }
    })
  })
}
