import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { chance } from '../../../gate/test/chance.ts'
import { stoppedClock } from '../../../test/support/stopped-clock.ts'
import { claimsOf, totpAt } from '../../../test/support/totp.ts'
import { type Account, goodPassword, testWorld } from '../../../test/support/world.ts'

const rememberedCookieName = '__Host-propusk-remembered'

const fromPage = { 'sec-fetch-site': 'same-origin' } as const

describe('random sequences of enrol, confirm, remove, sign in, refresh and step up, against a model', async () => {
  const clock = stoppedClock()
  const world = await testWorld({
    clock,
    env: {
      PROPUSK_ACCESS_TTL: '30d',
      PROPUSK_SESSION_TTL: '60d',
      PROPUSK_GUESSES_PER_ADDRESS: 'off',
      PROPUSK_GUESSES_PER_PASSWORD: 'off',
      PROPUSK_REMEMBER_DEVICE: '30',
    },
  })

  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    it(`a token has level aal2 only after a factor was used up, and no password alone opens an account with a factor (seed ${seed})`, async () => {
      const next = chance(seed)
      const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)]!
      const person: Account = await world.register()
      /** What the model knows: what is on, and which tokens were given with a factor. */
      const on = new Map<number, { secret: string; usedStep: number }>()
      let pending: { id: number; secret: string; atMs: number } | undefined
      /** `isRaised`: its session has shown a factor since, which its next refresh tells. */
      const tokens: { access: string; refresh: string; byFactor: boolean; isRaised?: boolean }[] = [
        { access: person.access, refresh: person.refresh, byFactor: false },
      ]
      /** Cookies of remembered devices, and whether each still counts: a change of a factor ends all. */
      const devices: { cookie: string; counts: boolean }[] = []
      const endDevices = () => {
        for (const device of devices) device.counts = false
      }
      const step = () => Math.floor(clock.nowMs() / 30_000)
      const call = world.call
      const isFresh = (access: string) => clock.nowMs() / 1000 - claimsOf(access).auth_time <= 600
      const maySensitive = (token: (typeof tokens)[number]) =>
        isFresh(token.access) && (on.size === 0 || token.byFactor)
      const credentials = { email: person.email, password: goodPassword }
      const login = () => call('POST', '/login/', { body: credentials })

      const acts: Record<string, () => Promise<void>> = {
        async enrol() {
          const token = pick(tokens)
          const { status, body } = await call('POST', '/me/factors/totp/', { token: token.access, body: {} })
          assert.equal(status, maySensitive(token) ? 201 : 401)
          if (status === 201) pending = { id: body.id, secret: body.secret, atMs: clock.nowMs() }
        },
        async confirm() {
          const token = pick(tokens)
          const isRight = next() < 0.7
          // An enrolment waits for half an hour.
          if (pending !== undefined && clock.nowMs() - pending.atMs >= 30 * 60_000) pending = undefined
          const { id, secret } = pending ?? { id: 999_999, secret: 'GEZDGNBVGY3TQOJQ' }
          const code = isRight ? totpAt(secret, clock.nowMs()) : '000000'
          const { status } = await call('POST', '/me/factors/totp/confirm/', {
            token: token.access,
            body: { id, code },
          })
          if (!maySensitive(token)) assert.equal(status, 401)
          else if (pending === undefined) assert.equal(status, 404)
          else if (!isRight) assert.ok([400, 429].includes(status))
          else if (status === 200) {
            on.set(id, { secret, usedStep: step() })
            pending = undefined
            token.isRaised = true
            endDevices()
          } else assert.equal(status, 429)
        },
        async remove() {
          const token = pick(tokens)
          const id = pick([...on.keys(), 999_999])
          const { status } = await call('DELETE', `/me/factors/${id}/`, { token: token.access })
          assert.equal(status, maySensitive(token) ? (on.has(id) ? 204 : 404) : 401)
          if (status === 204) {
            on.delete(id)
            endDevices()
          }
        },
        async signIn() {
          const { status, body } = await login()
          assert.equal(status, 200)
          if (on.size === 0) {
            assert.equal(claimsOf(body.access).acr, 'aal1')
            tokens.push({ ...body, byFactor: false })
            return
          }
          assert.equal(body.access, undefined, 'a password alone')
          const [, factor] = pick([...on])
          const isUsed = factor.usedStep >= step()
          const second = await call('POST', '/login/factor/', {
            body: { ticket: body.ticket, totp: totpAt(factor.secret, clock.nowMs()) },
          })
          if (isUsed) assert.ok([401, 429].includes(second.status))
          else if (second.status === 200) {
            factor.usedStep = step()
            tokens.push({ ...second.body, byFactor: true })
          } else assert.equal(second.status, 429)
        },
        async signInAndRemember() {
          if (on.size === 0) return
          const { body } = await login()
          const [, factor] = pick([...on])
          const isUsed = factor.usedStep >= step()
          const answer = await call('POST', '/browser/login/factor/', {
            body: { ticket: body.ticket, totp: totpAt(factor.secret, clock.nowMs()), remember_device: true },
            headers: fromPage,
          })
          if (isUsed) assert.ok([401, 429].includes(answer.status))
          if (answer.status !== 200) return
          assert.equal(isUsed, false, 'a device without a factor that was used up')
          factor.usedStep = step()
          assert.equal(claimsOf(answer.body.access).acr, 'aal2')
          const cookies = [answer.headers['set-cookie'] ?? []].flat()
          const cookie = cookies.find(line => line.startsWith(rememberedCookieName))!.split(';')[0]!
          devices.push({ cookie, counts: true })
        },
        async signInByDevice() {
          if (devices.length === 0) return
          const { cookie, counts } = pick(devices)
          const headers = { ...fromPage, cookie }
          const { status, body } = await call('POST', '/browser/login/', { body: credentials, headers })
          assert.equal(status, 200)
          const isSkipped = on.size > 0 && counts
          if (on.size > 0) assert.equal('access' in body, isSkipped, 'the second step')
          if ('access' in body) assert.equal(claimsOf(body.access).acr, 'aal1')
        },
        async forgetDevices() {
          const { status } = await call('DELETE', '/me/remembered_devices/', { token: pick(tokens).access })
          assert.equal(status, 204)
          endDevices()
        },
        async stepUp() {
          const token = pick(tokens)
          const factor = on.size === 0 ? undefined : pick([...on])[1]
          const body =
            factor === undefined ? { password: goodPassword } : { totp: totpAt(factor.secret, clock.nowMs()) }
          const isUsed = factor !== undefined && factor.usedStep >= step()
          const answer = await call('POST', '/me/step_up/', { token: token.access, body })
          if (isUsed) assert.ok([400, 429].includes(answer.status))
          if (answer.status !== 200) return
          if (factor !== undefined) factor.usedStep = step()
          assert.equal(claimsOf(answer.body.access).acr, factor === undefined ? 'aal1' : 'aal2')
          tokens.splice(tokens.indexOf(token), 1, { ...answer.body, byFactor: factor !== undefined })
        },
        async passwordIsNoStepUp() {
          if (on.size === 0) return
          const { status } = await call('POST', '/me/step_up/', {
            token: pick(tokens).access,
            body: { password: goodPassword },
          })
          assert.equal(status, 400)
        },
        async refresh() {
          const token = pick(tokens)
          const { status, body } = await call('POST', '/token/refresh/', { body: { refresh: token.refresh } })
          assert.equal(status, 200)
          const [before, after] = [claimsOf(token.access), claimsOf(body.access)]
          const byFactor = token.byFactor || token.isRaised === true
          if (token.isRaised) assert.ok(after.auth_time >= before.auth_time)
          else {
            assert.deepEqual(
              [after.acr, after.auth_time, after.amr],
              [before.acr, before.auth_time, before.amr],
            )
          }
          tokens.splice(tokens.indexOf(token), 1, { ...body, byFactor })
        },
      }
      for (let i = 0; i < 90; i++) {
        await pick(Object.values(acts))()
        for (const { access, byFactor } of tokens) {
          assert.equal(claimsOf(access).acr === 'aal2', byFactor, 'aal2 without a factor that was used up')
        }
        clock.advance(pick([0, 1_000, 31_000, 31_000, 120_000, 1_000_000]))
      }
    })
  }
})
