import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createAuthenticator } from '../../../test/support/authenticator.ts'
import { engines } from '../../../test/support/engines.ts'
import { claimsOf, ticketOf } from '../../../test/support/totp.ts'
import { type Account, testWorld } from '../../../test/support/world.ts'

for (const engine of engines) {
  describe(`passkeys on ${engine}`, async () => {
    const world = await testWorld({ engine })
    const { call } = world
    const enrol = async (account: Account, authenticator = createAuthenticator()) => {
      const token = account.access
      const options = await call('POST', '/me/factors/passkey/options/', { token, body: undefined })
      assert.equal(options.status, 200, options.text)
      const body = { name: 'Laptop', passkey: authenticator.create(options.body) }
      const made = await call('POST', '/me/factors/passkey/', { token, body })
      assert.equal(made.status, 201, made.text)
      return { authenticator, id: made.body.id, recoveryCodes: made.body.recovery_codes }
    }
    const ask = async (ticket?: string) => {
      const options = await call('POST', '/login/passkey/options/', { body: { ...(ticket && { ticket }) } })
      assert.equal(options.status, 200, options.text)
      return options.body
    }
    const signIn = (passkey: unknown) => call('POST', '/login/passkey/', { body: { passkey } })

    it('asks for a resident key, user verification and no attestation', async () => {
      const { access: token } = await world.register()
      const { body } = await call('POST', '/me/factors/passkey/options/', { token })
      assert.equal(body.authenticatorSelection.residentKey, 'required')
      assert.equal(body.authenticatorSelection.userVerification, 'required')
      assert.equal(body.attestation, 'none')
      assert.equal((await ask()).userVerification, 'required')
    })

    it('signs in by a passkey alone, with level aal2, and the password alone no more', async () => {
      const person = await world.register()
      const { authenticator, recoveryCodes } = await enrol(person)
      assert.equal(recoveryCodes.length, 10)
      const answer = await signIn(authenticator.get(await ask()))
      assert.equal(answer.status, 200, answer.text)
      assert.equal(answer.body.user.id, person.id)
      const { acr, amr } = claimsOf(answer.body.access)
      assert.deepEqual([acr, amr], ['aal2', ['pop', 'user', 'mfa']])
      assert.deepEqual((await ticketOf(world, person)).methods, ['passkey', 'recovery'])
    })

    it('is the second step of a password, asked for this ticket', async () => {
      const person = await world.register()
      const { authenticator } = await enrol(person)
      const { ticket } = await ticketOf(world, person)
      const options = await ask(ticket)
      assert.deepEqual(
        options.allowCredentials.map((each: { id: string }) => each.id),
        [authenticator.id],
      )
      const factor = (shown: unknown) => call('POST', '/login/factor/', { body: { ticket, passkey: shown } })
      const ofNoTicket = await factor(authenticator.get(await ask()))
      assert.deepEqual([ofNoTicket.status, Object.keys(ofNoTicket.body.errors)], [401, ['passkey']])
      const ofAnother = await factor(authenticator.get(await ask((await ticketOf(world, person)).ticket)))
      assert.equal(ofAnother.status, 401)
      const answer = await factor(authenticator.get(options))
      assert.equal(answer.status, 200, answer.text)
      assert.deepEqual(claimsOf(answer.body.access).amr, ['pwd', 'pop', 'mfa'])
    })

    it('takes each challenge once, at sign-in and at enrolment', async () => {
      const person = await world.register()
      const { authenticator } = await enrol(person)
      const signed = authenticator.get(await ask())
      assert.equal((await signIn(signed)).status, 200)
      assert.equal((await signIn(signed)).status, 401, 'the same answer')
      const options = await ask()
      assert.equal((await signIn(authenticator.get(options))).status, 200)
      assert.equal((await signIn(authenticator.get(options))).status, 401, 'another answer to it')

      const other = await world.register()
      const token = other.access
      const creation = await call('POST', '/me/factors/passkey/options/', { token })
      const made = (passkey: unknown) => call('POST', '/me/factors/passkey/', { token, body: { passkey } })
      assert.equal((await made(createAuthenticator().create(creation.body))).status, 201)
      const elsewhere = await call('POST', '/login/passkey/', {
        body: {
          passkey: createAuthenticator().get({ challenge: creation.body.challenge }, { userHandle: 'x' }),
        },
      })
      assert.equal(elsewhere.status, 401)
    })

    for (const [title, twist] of [
      ['of another origin', { origin: 'http://localhost:8000.evil.example' }],
      ['of another host', { rpId: 'evil.example' }],
      ['without user verification', { isUserVerified: false }],
      ['with a challenge that is not ours', { challenge: Buffer.alloc(54, 7).toString('base64url') }],
      ['with the handle of another account', { userHandle: Buffer.alloc(32, 7).toString('base64url') }],
    ] as const) {
      it(`refuses a signature ${title}`, async () => {
        const person = await world.register()
        const { authenticator } = await enrol(person)
        const answer = await signIn(authenticator.get(await ask(), twist))
        assert.deepEqual([answer.status, answer.body.code], [401, 'invalid_credentials'])
        assert.equal((await signIn(authenticator.get(await ask()))).status, 200)
      })
    }

    it('refuses to enrol without user verification, of another origin, and for the challenge of another account', async () => {
      const [person, other] = [await world.register(), await world.register()]
      const optionsOf = async ({ access }: Account) =>
        (await call('POST', '/me/factors/passkey/options/', { token: access })).body
      const made = (passkey: unknown) =>
        call('POST', '/me/factors/passkey/', { token: person.access, body: { passkey } })
      const own = await optionsOf(person)
      assert.equal((await made(createAuthenticator().create(own, { isUserVerified: false }))).status, 400)
      assert.equal(
        (await made(createAuthenticator().create(own, { origin: 'https://evil.example' }))).status,
        400,
      )
      assert.equal((await made(createAuthenticator().create(await optionsOf(other)))).status, 400)
      assert.equal((await made(createAuthenticator().create(own))).status, 201)
    })

    it('takes a challenge for five minutes', async () => {
      const person = await world.register()
      const { authenticator } = await enrol(person)
      const signed = authenticator.get(await ask())
      world.clock.advance(5 * 60_000 - 1_000)
      assert.equal((await signIn(signed)).status, 200)
      const late = authenticator.get(await ask())
      world.clock.advance(5 * 60_000 + 1)
      assert.equal((await signIn(late)).status, 401)
    })

    it('names the id of a passkey that it does not know, so that browsers forget that one, and of no other', async () => {
      const person = await world.register()
      const { authenticator } = await enrol(person)
      const fields = async (shown: unknown) => Object.keys((await signIn(shown)).body.errors)
      const stranger = createAuthenticator()
      assert.deepEqual(await fields(stranger.get(await ask(), { userHandle: 'x' })), ['passkey.id'])
      const late = authenticator.get(await ask())
      world.clock.advance(6 * 60_000)
      assert.deepEqual(await fields(late), ['passkey'])
      assert.deepEqual(await fields(authenticator.get(await ask(), { isUserVerified: false })), ['passkey'])
      const boss = await world.superuser()
      await world.call('DELETE', `/users/${person.id}/`, { token: boss.access })
      assert.deepEqual(await fields(authenticator.get(await ask())), ['passkey'], 'a closed account')
    })

    it('a counter that falls is refused, an event of the audit and a notice', async () => {
      const person = await world.register()
      const { authenticator } = await enrol(person)
      authenticator.setCounter(10)
      assert.equal((await signIn(authenticator.get(await ask()))).status, 200)
      authenticator.setCounter(4)
      assert.equal((await signIn(authenticator.get(await ask()))).status, 401)
      const events = await world.core.database.read
        .selectFrom('audit_events')
        .select(['outcome', 'details'])
        .where('action', '=', 'factor.cloned')
        .where('target', '=', `users/${person.id}`)
        .execute()
      assert.equal(events.length, 1)
      const { sign_count, was } = JSON.parse(events[0]!.details)
      assert.deepEqual([sign_count, was], [5, 11])
    })

    it('raises a session, asked for this session', async () => {
      const person = await world.register()
      const { authenticator } = await enrol(person)
      const elsewhere = await world.call('POST', '/me/step_up/options/', { token: person.access })
      const refused = await call('POST', '/me/step_up/', {
        token: person.access,
        body: { passkey: authenticator.get(await ask()) },
      })
      assert.deepEqual([refused.status, Object.keys(refused.body.errors)], [400, ['passkey']])
      const raised = await call('POST', '/me/step_up/', {
        token: person.access,
        body: { passkey: authenticator.get(elsewhere.body) },
      })
      assert.equal(raised.status, 200, raised.text)
      assert.equal(claimsOf(raised.body.access).acr, 'aal2')
    })

    it('is of one account', async () => {
      const [person, other] = [await world.register(), await world.register()]
      const { authenticator } = await enrol(person)
      const { body } = await call('POST', '/me/factors/passkey/options/', { token: other.access })
      const again = await call('POST', '/me/factors/passkey/', {
        token: other.access,
        body: { passkey: authenticator.create(body) },
      })
      assert.equal(again.status, 409)
    })

    it('gives 1,000 different challenges of 16 random bytes or more', async () => {
      const seen = new Set<string>()
      for (let i = 0; i < 1_000; i++) {
        const { challenge } = await ask()
        seen.add(Buffer.from(challenge, 'base64url').subarray(0, 16).toString('hex'))
      }
      assert.equal(seen.size, 1_000)
      const { count } = await world.core.database.read
        .selectFrom('used_challenges')
        .select(({ fn }) => fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      assert.ok(Number(count) < 100, 'asking alone writes nothing')
    })
  })
}
