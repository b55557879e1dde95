import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { chance, pick as pickBy } from '../../gate/test/chance.ts'
import { createAuthenticator } from '../support/authenticator.ts'
import { proveAddress, sentProof, withMuchMail } from '../support/proofs.ts'
import { stoppedClock } from '../support/stopped-clock.ts'
import { unthrottled } from '../support/throttle.ts'
import { claimsOf, totpAt } from '../support/totp.ts'
import { goodPassword, testWorld } from '../support/world.ts'

interface Token {
  access: string
  refresh: string
  /** Whether a factor was used up for it. */
  byFactor: boolean
  /** Its session has shown a factor since, which its next refresh tells. */
  isRaised?: boolean
}
type Authenticator = ReturnType<typeof createAuthenticator>
/** What is sent in the place of a factor, and what to note once it was taken. */
interface Shown {
  readonly body: Record<string, unknown>
  readonly isGood: boolean
  consume(): void
}

describe('random ways into an account by password, mail, app, recovery code and passkey, against a model', async () => {
  const clock = stoppedClock()
  const world = await testWorld({
    clock,
    env: {
      ...unthrottled,
      ...withMuchMail,
      PROPUSK_ACCESS_TTL: '30d',
      PROPUSK_SESSION_TTL: '60d',
    },
  })
  const { call } = world
  const post = (path: string, body?: object, token?: string) => call('POST', path, { body, token })

  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    it(`give level aal2 only for a factor that was used up, and nothing for a mail alone once one is on (seed ${seed})`, async () => {
      const next = chance(seed)
      const pick = <T>(from: readonly T[]): T => pickBy(next, from)
      const person = await world.register()
      const { email } = person
      await proveAddress(world, email)
      let password = goodPassword
      let passwords = 0
      const apps = new Map<number, { secret: string; usedStep: number }>()
      const keys = new Map<number, Authenticator>()
      const gone: Authenticator[] = [createAuthenticator()]
      let recovery: string[] = []
      let tokens: Token[] = [{ access: person.access, refresh: person.refresh, byFactor: false }]
      const done: Record<string, number> = {}

      const step = () => Math.floor(clock.nowMs() / 30_000)
      const isOn = () => apps.size + keys.size > 0
      const isFresh = (access: string) => clock.nowMs() / 1000 - claimsOf(access).auth_time <= 600
      const maySensitive = (token: Token) => isFresh(token.access) && (!isOn() || token.byFactor)
      const count = (what: string) => {
        done[what] = (done[what] ?? 0) + 1
      }
      const enter = ({ access, refresh }: Token, byFactor: boolean) => {
        assert.equal(claimsOf(access).acr, byFactor ? 'aal2' : 'aal1')
        tokens.push({ access, refresh, byFactor })
      }
      const turnedOn = (token: Token, codes: string[] | undefined) => {
        if (apps.size + keys.size === 1) recovery = [...codes!]
        token.isRaised = true
      }

      /** Some factor of the account, or what was one, for options that were asked for there. */
      const show = async (optionsAt: { path: string; body?: object; token?: string }): Promise<Shown> => {
        const kind = pick(['app', 'recovery', 'passkey', 'passkey', 'gone', 'wrong'])
        if (kind === 'app' && apps.size > 0) {
          const app = pick([...apps.values()])
          const isGood = app.usedStep < step()
          const consume = () => {
            app.usedStep = step()
          }
          return { body: { totp: totpAt(app.secret, clock.nowMs()) }, isGood, consume }
        }
        if (kind === 'recovery' && recovery.length > 0) {
          const code = pick(recovery)
          const consume = () => {
            recovery = recovery.filter(each => each !== code)
          }
          return { body: { recovery: code }, isGood: true, consume }
        }
        if (kind === 'wrong' || kind === 'app' || kind === 'recovery') {
          return { body: { recovery: '0000-0000-0000-0000' }, isGood: false, consume() {} }
        }
        const { path, body, token } = optionsAt
        const options = await post(path, body, token)
        assert.equal(options.status, 200, options.text)
        const isGood = kind === 'passkey' && keys.size > 0
        const authenticator = isGood ? pick([...keys.values()]) : pick(gone)
        const signed = authenticator.get(options.body, isGood ? {} : { userHandle: 'x' })
        return { body: { passkey: signed }, isGood, consume() {} }
      }

      const acts: Record<string, () => Promise<void>> = {
        async addApp() {
          const token = pick(tokens)
          const begun = await post('/me/factors/totp/', {}, token.access)
          assert.equal(begun.status, maySensitive(token) ? 201 : 401)
          if (begun.status !== 201) return
          const { id, secret } = begun.body
          const code = totpAt(secret, clock.nowMs())
          const { status, body } = await post('/me/factors/totp/confirm/', { id, code }, token.access)
          if (status === 429) return
          assert.equal(status, 200)
          apps.set(id, { secret, usedStep: step() })
          turnedOn(token, body.recovery_codes)
        },
        async addPasskey() {
          const token = pick(tokens)
          const options = await post('/me/factors/passkey/options/', undefined, token.access)
          assert.equal(options.status, maySensitive(token) ? 200 : 401)
          if (options.status !== 200) return
          const authenticator = createAuthenticator()
          const passkey = authenticator.create(options.body)
          const made = await post('/me/factors/passkey/', { passkey }, token.access)
          assert.equal(made.status, 201, made.text)
          keys.set(made.body.id, authenticator)
          turnedOn(token, made.body.recovery_codes)
        },
        async remove() {
          const token = pick(tokens)
          const id = pick([...apps.keys(), ...keys.keys(), 999_999])
          const { status } = await call('DELETE', `/me/factors/${id}/`, { token: token.access })
          const isThere = apps.has(id) || keys.has(id)
          assert.equal(status, maySensitive(token) ? (isThere ? 204 : 404) : 401)
          if (status !== 204) return
          gone.push(...(keys.has(id) ? [keys.get(id)!] : []))
          apps.delete(id)
          keys.delete(id)
          if (!isOn()) recovery = []
        },
        async signIn() {
          // By the password, or by the code of a mail: neither is a factor.
          const byMail = next() < 0.4
          if (byMail) await post('/login/code/request/', { email })
          const first = byMail
            ? await post('/login/code/', { email, code: (await sentProof(world, 'login_code', email)).code })
            : await post('/login/', { email, password })
          assert.equal(first.status, 200, first.text)
          if (!isOn()) return enter(first.body, false)
          assert.deepEqual([first.body.next, first.body.access], ['second_factor', undefined])
          const { ticket } = first.body
          const shown = await show({ path: '/login/passkey/options/', body: { ticket } })
          const { status, body } = await post('/login/factor/', { ticket, ...shown.body })
          if (status === 429) return
          assert.equal(status, shown.isGood ? 200 : 401)
          if (status !== 200) return
          shown.consume()
          count('second step')
          enter(body, true)
        },
        async passkeyAlone() {
          const options = await post('/login/passkey/options/', {})
          const isGood = keys.size > 0 && next() < 0.7
          const authenticator = isGood ? pick([...keys.values()]) : pick(gone)
          const passkey = authenticator.get(options.body, isGood ? {} : { userHandle: 'x' })
          const { status, body } = await post('/login/passkey/', { passkey })
          if (status === 429) return
          assert.equal(status, isGood ? 200 : 401)
          if (status !== 200) return
          count('passkey alone')
          enter(body, true)
          assert.equal((await post('/login/passkey/', { passkey })).status, 401, 'shown twice')
        },
        async reset() {
          await post('/password/reset/request/', { email })
          const { token, code } = await sentProof(world, 'password_reset', email)
          const proof = next() < 0.5 ? { token } : { email, code }
          const chosen = `seven quiet lamps at noon, ${++passwords}`
          const twice = { password: chosen, password2: chosen }
          if (isOn()) {
            const alone = await post('/password/reset/', { ...proof, ...twice })
            assert.deepEqual([alone.status, alone.body.code], [401, 'insufficient_user_authentication'])
            const stillIn = await post('/login/', { email, password: chosen })
            assert.equal(stillIn.status, 401, 'a mail alone has changed the password')
          }
          const shown = isOn() ? await show({ path: '/password/reset/options/', body: proof }) : undefined
          const { status } = await post('/password/reset/', { ...proof, ...twice, ...shown?.body })
          if (status === 429) return
          assert.equal(status, shown === undefined || shown.isGood ? 204 : 401)
          if (status !== 204) return
          shown?.consume()
          count(shown ? 'reset by a factor' : 'reset')
          for (const { access } of tokens) {
            assert.equal((await call('GET', '/me/', { token: access })).status, 401)
          }
          tokens = []
          password = chosen
          // A ticket of the very millisecond in which everything ended is one of before.
          clock.advance(1)
        },
        async stepUp() {
          const token = pick(tokens)
          const shown = isOn()
            ? await show({ path: '/me/step_up/options/', token: token.access })
            : { body: { password }, isGood: true, consume() {} }
          const byFactor = isOn()
          const { status, body } = await post('/me/step_up/', shown.body, token.access)
          if (status === 429) return
          assert.equal(status, shown.isGood ? 200 : 400)
          if (status !== 200) return
          shown.consume()
          count('step-up')
          tokens.splice(tokens.indexOf(token), 1)
          enter(body, byFactor)
        },
        async refresh() {
          const token = pick(tokens)
          const { status, body } = await post('/token/refresh/', { refresh: token.refresh })
          assert.equal(status, 200)
          tokens.splice(tokens.indexOf(token), 1)
          enter(body, token.byFactor || token.isRaised === true)
        },
      }
      const withoutSession = [acts.signIn!, acts.passkeyAlone!, acts.reset!]
      for (let i = 0; i < 100; i++) {
        await pick(tokens.length === 0 ? withoutSession : Object.values(acts))()
        clock.advance(pick([0, 1_000, 31_000, 31_000, 120_000, 1_000_000]))
      }
      assert.ok(Object.keys(done).length >= 3, JSON.stringify(done))
    })
  }
})
