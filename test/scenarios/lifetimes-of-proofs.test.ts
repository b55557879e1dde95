import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createAuthenticator } from '../support/authenticator.ts'
import { engines } from '../support/engines.ts'
import { proveAddress, sentProof, withMuchMail } from '../support/proofs.ts'
import { stoppedClock } from '../support/stopped-clock.ts'
import { unthrottled } from '../support/throttle.ts'
import { enrolTotp, ticketOf, totpAt } from '../support/totp.ts'
import { testWorld } from '../support/world.ts'

const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const newPassword = 'seven quiet lamps at noon'
const twice = { password: newPassword, password2: newPassword }

/** Makes a proof and gives what its bearer does by it; that tells whether it worked. */
type Begin = () => Promise<() => Promise<boolean>>

for (const engine of engines) {
  describe(`every proof works until a second before its end, and not a second after, on ${engine}`, async () => {
    const clock = stoppedClock()
    const env = {
      ...unthrottled,
      ...withMuchMail,
      PROPUSK_ACCESS_TTL: '20d',
      PROPUSK_SESSION_TTL: '60d',
      PROPUSK_GUESSES_PER_ACCOUNT: '1000',
    }
    const open = await testWorld({ engine, clock, env })
    const verified = await testWorld({ engine, clock, env: { ...env, PROPUSK_REGISTRATION: 'verified' } })
    let count = 0
    const fresh = () => `life-${++count}@example.com`
    const works = async (path: string, body: object, token?: string, world = open) => {
      const { status } = await world.call('POST', path, { body, token })
      assert.ok([200, 201, 204, 400, 401].includes(status), `POST ${path}: ${status}`)
      return status < 300
    }
    const post = async (path: string, body: object | undefined, token?: string) => {
      const answer = await open.call('POST', path, { body, token })
      assert.ok(answer.status < 300, `POST ${path}: ${answer.status} ${answer.text}`)
      return answer.body
    }
    /** By the link and by the code, which live as long. */
    const byBoth = (begin: (by: 'link' | 'code') => ReturnType<Begin>): readonly Begin[] => [
      () => begin('link'),
      () => begin('code'),
    ]
    const shown = ({ token, code }: { token: string; code: string }, email: string, by: 'link' | 'code') =>
      by === 'link' ? { token } : { email, code }

    const proofs: Readonly<Record<string, readonly [lifeMs: number, begin: readonly Begin[]]>> = {
      'a registration': [
        dayMs,
        byBoth(async by => {
          const email = fresh()
          await verified.call('POST', '/register/', { body: { email, ...twice } })
          const body = shown(await sentProof(verified, 'registration', email), email, by)
          return () => works('/email/verify/', body, undefined, verified)
        }),
      ],
      'the address of an account': [
        dayMs,
        byBoth(async by => {
          const { email } = await open.register(fresh())
          const body = shown(await sentProof(open, 'email_verify', email), email, by)
          return () => works('/email/verify/', body)
        }),
      ],
      'a new password': [
        hourMs,
        byBoth(async by => {
          const { email } = await open.register(fresh())
          await post('/password/reset/request/', { email })
          const body = { ...shown(await sentProof(open, 'password_reset', email), email, by), ...twice }
          return () => works('/password/reset/', body)
        }),
      ],
      'a new address': [
        hourMs,
        byBoth(async by => {
          const { access } = await open.register(fresh())
          const email = fresh()
          await post('/me/email/', { email }, access)
          const body = shown(await sentProof(open, 'email_change', email), email, by)
          return () => works('/me/email/confirm/', body, access)
        }),
      ],
      'the undo of a new address': [
        7 * dayMs,
        [
          async () => {
            const { access, email: old } = await open.register(fresh())
            await proveAddress(open, old)
            const email = fresh()
            await post('/me/email/', { email }, access)
            const { token } = await sentProof(open, 'email_change', email)
            await post('/me/email/confirm/', { token }, access)
            const undo = await sentProof(open, 'email_undo', old)
            return () => works('/email/undo/', { token: undo.token })
          },
        ],
      ],
      'an invitation': [
        7 * dayMs,
        byBoth(async by => {
          const { access } = await open.superuser()
          const email = fresh()
          await post('/invitations/', { email, roles: [] }, access)
          const body = { ...shown(await sentProof(open, 'invitation', email), email, by), ...twice }
          return () => works('/invitations/accept/', body)
        }),
      ],
      'a code that signs in': [
        10 * minuteMs,
        byBoth(async by => {
          const { email } = await open.register(fresh())
          await post('/login/code/request/', { email })
          const body = shown(await sentProof(open, 'login_code', email), email, by)
          return () => works('/login/code/', body)
        }),
      ],
      'a ticket': [
        10 * minuteMs,
        [
          async () => {
            const person = await open.register(fresh())
            const { secret } = await enrolTotp(open, person)
            clock.advance(minuteMs)
            const { ticket } = await ticketOf(open, person)
            return () => works('/login/factor/', { ticket, totp: totpAt(secret, clock.nowMs()) })
          },
        ],
      ],
      'an app that waits for its first code': [
        30 * minuteMs,
        [
          async () => {
            // In a session whose age is no matter: one that has just been raised.
            const person = await open.register(fresh())
            const { id, secret } = await post('/me/factors/totp/', {}, person.access)
            return async () => {
              const { access } = await open.login(person)
              const code = totpAt(secret, clock.nowMs())
              const { status } = await open.call('POST', '/me/factors/totp/confirm/', {
                token: access,
                body: { id, code },
              })
              assert.ok([200, 404].includes(status), String(status))
              return status === 200
            }
          },
        ],
      ],
      'the challenge of a passkey at its enrolment': [
        5 * minuteMs,
        [
          async () => {
            const { access } = await open.register(fresh())
            const passkey = createAuthenticator().create(
              await post('/me/factors/passkey/options/', undefined, access),
            )
            return () => works('/me/factors/passkey/', { passkey }, access)
          },
        ],
      ],
      'the challenge of a passkey at sign-in, second step and step-up': [
        5 * minuteMs,
        (['alone', 'second', 'step-up'] as const).map(place => async () => {
          const person = await open.register(fresh())
          const authenticator = createAuthenticator()
          const creation = await post('/me/factors/passkey/options/', undefined, person.access)
          await post('/me/factors/passkey/', { passkey: authenticator.create(creation) }, person.access)
          if (place === 'step-up') {
            const options = await post('/me/step_up/options/', undefined, person.access)
            const passkey = authenticator.get(options)
            return () => works('/me/step_up/', { passkey }, person.access)
          }
          const { ticket } = place === 'second' ? await ticketOf(open, person) : {}
          const passkey = authenticator.get(
            await post('/login/passkey/options/', { ...(ticket && { ticket }) }),
          )
          return () =>
            ticket ? works('/login/factor/', { ticket, passkey }) : works('/login/passkey/', { passkey })
        }),
      ],
      'the proof of who is there that a sensitive act asks for': [
        10 * minuteMs + secondMs,
        [
          async () => {
            const { access } = await open.register(fresh())
            return () => works('/me/factors/totp/', {}, access)
          },
        ],
      ],
    }

    for (const [what, [lifeMs, begins]] of Object.entries(proofs)) {
      it(`${what}: ${lifeMs / minuteMs} minutes`, async () => {
        for (const begin of begins) {
          for (const sinceMs of [lifeMs - secondMs, lifeMs + secondMs]) {
            const use = await begin()
            clock.advance(sinceMs)
            assert.equal(await use(), sinceMs < lifeMs, `${sinceMs} ms after it was made`)
          }
        }
      })
    }

    it('a code of an app: its step of 30 seconds, and the one before and after', async () => {
      const person = await open.register(fresh())
      const { secret } = await enrolTotp(open, person)
      const stepMs = 30 * secondMs
      for (const [sinceMs, isGood] of [
        [2 * stepMs - secondMs, true],
        [2 * stepMs + secondMs, false],
      ] as const) {
        clock.advance(10 * minuteMs - (clock.nowMs() % stepMs))
        const totp = totpAt(secret, clock.nowMs())
        const { ticket } = await ticketOf(open, person)
        clock.advance(sinceMs)
        assert.equal(await works('/login/factor/', { ticket, totp }), isGood)
      }
    })
  })
}
