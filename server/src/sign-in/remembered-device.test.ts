import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { sentProof, withMail } from '../../../test/support/proofs.ts'
import { unthrottled } from '../../../test/support/throttle.ts'
import { claimsOf, type Enrolled, enrolTotp } from '../../../test/support/totp.ts'
import {
  type Account,
  type Answer,
  goodPassword,
  testWorld,
  type World,
} from '../../../test/support/world.ts'

const rememberedCookieName = '__Host-propusk-remembered'

const env = {
  ...withMail,
  PROPUSK_ACCESS_TTL: '1h',
  ...unthrottled,
  PROPUSK_REMEMBER_DEVICE: '30',
  PROPUSK_LOGIN_CODE: 'on',
}
const dayMs = 86_400_000

const cookieOf = ({ headers }: Answer): string | undefined =>
  [headers['set-cookie'] ?? []].flat().find(line => line.startsWith(`${rememberedCookieName}=`))

const keptBy = (answer: Answer): string => cookieOf(answer)!.split(';')[0]!

/** A browser that keeps the cookie of a remembered device, and calls what a page of ours calls. */
const pageOf = ({ call }: World) => {
  const post = (path: string, body: object, cookie = '') =>
    call('POST', `/browser${path}`, {
      body: body as never,
      headers: { 'sec-fetch-site': 'same-origin', ...(cookie && { cookie }) },
    })
  return {
    post,
    login: ({ email, password }: Pick<Account, 'email' | 'password'>, cookie = '') =>
      post('/login/', { email, password }, cookie),
    async remember({ email, password }: Account, app: Enrolled, cookie = '') {
      const { body } = await post('/login/', { email, password })
      const shown = { ticket: body.ticket, totp: app.next(), remember_device: true }
      const answer = await post('/login/factor/', shown, cookie)
      assert.equal(answer.status, 200, answer.text)
      return answer
    },
  }
}

for (const engine of engines) {
  describe(`a remembered device, on ${engine}`, async () => {
    const world = await testWorld({ engine, env })
    const { call } = world
    const page = pageOf(world)
    const withDevice = async () => {
      const account = await world.register()
      const app = await enrolTotp(world, account)
      const answer = await page.remember(account, app)
      return { account, app, cookie: keptBy(answer), access: answer.body.access as string }
    }
    const isAsked = async (account: Pick<Account, 'email' | 'password'>, cookie: string) => {
      const { status, body, text } = await page.login(account, cookie)
      assert.equal(status, 200, text)
      return 'next' in body
    }

    it('is a cookie of its own for thirty days, whose secret is nowhere in the database', async () => {
      const account = await world.register()
      const app = await enrolTotp(world, account)
      const answer = await page.remember(account, app)
      assert.match(
        cookieOf(answer)!,
        /^__Host-propusk-remembered=\d+\.[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
      )
      const [, secret] = keptBy(answer).split('.')
      const rows = await world.core.database.read.selectFrom('remembered_devices').selectAll().execute()
      assert.doesNotMatch(JSON.stringify(rows), new RegExp(secret!))
    })

    it('signs in by the password alone, at the lowest level, and is asked by what asks again', async () => {
      const { account, app, cookie } = await withDevice()
      const signedIn = await page.login(account, cookie)
      const token = signedIn.body.access
      const { acr, amr } = claimsOf(token)
      assert.deepEqual([acr, amr], ['aal1', ['pwd']])
      const refused = await call('POST', '/me/factors/recovery/', { token })
      assert.deepEqual([refused.status, refused.body.acr_values], [401, 'aal2'])
      const stepUp = await call('POST', '/me/step_up/', { token, body: { totp: app.next() } })
      assert.deepEqual(claimsOf(stepUp.body.access).amr, ['pwd', 'otp', 'mfa'])
    })

    it('is remembered only where its person asks, and never takes the place of the password', async () => {
      const account = await world.register()
      const app = await enrolTotp(world, account)
      const { body } = await page.login(account)
      const unasked = await page.post('/login/factor/', { ticket: body.ticket, totp: app.next() })
      assert.equal(cookieOf(unasked), undefined)
      const { cookie } = await withDevice()
      const wrong = await page.login({ email: account.email, password: 'not the password' }, cookie)
      assert.equal(wrong.status, 401)
    })

    it('is nothing to another account, with another secret, twice in a request, or to a client that is no page', async () => {
      const { account, cookie } = await withDevice()
      const other = await withDevice()
      assert.equal(await isAsked(other.account, cookie), true)
      assert.equal(await isAsked(account, `${cookie.slice(0, -2)}AA`), true)
      assert.equal(await isAsked(account, `${cookie}; ${cookie}`), true)
      assert.equal(await isAsked(account, `${rememberedCookieName}=1e3.${'a'.repeat(43)}`), true)
      const { email, password } = account
      const api = await call('POST', '/login/', { body: { email, password }, headers: { cookie } })
      assert.equal(api.body.next, 'second_factor')
      assert.equal(await isAsked(account, cookie), false)
    })

    it('leaves the second step of a sign-in by mail where it is', async () => {
      const { account, cookie } = await withDevice()
      const { token } = await sentProof(world, 'email_verify', account.email)
      assert.equal((await call('POST', '/email/verify/', { body: { token } })).status, 204)
      await call('POST', '/login/code/request/', { body: { email: account.email } })
      const { code } = await sentProof(world, 'login_code', account.email)
      const answer = await page.post('/login/code/', { email: account.email, code }, cookie)
      assert.deepEqual([answer.status, answer.body.next], [200, 'second_factor'])
    })

    const password = 'seven quiet lamps at noon'
    const ends: Record<
      string,
      (of: Awaited<ReturnType<typeof withDevice>>) => Promise<Partial<Account> | undefined>
    > = {
      'a change of the password': async ({ access: token }) => {
        const body = { current_password: goodPassword, password, password2: password }
        assert.equal((await call('POST', '/me/password/', { token, body })).status, 204)
        return { password }
      },
      'another factor': async ({ access }) => void (await enrolTotp(world, { access }, 'Tablet')),
      'the removal of a factor': async ({ app, access: token }) => {
        await enrolTotp(world, { access: token }, 'Tablet')
        assert.equal((await call('DELETE', `/me/factors/${app.id}/`, { token })).status, 204)
      },
      'a reset of the password': async ({ account, app }) => {
        await call('POST', '/password/reset/request/', { body: { email: account.email } })
        const { token } = await sentProof(world, 'password_reset', account.email)
        const body = { token, password, password2: password, totp: app.next() }
        assert.equal((await call('POST', '/password/reset/', { body })).status, 204)
        return { password }
      },
      'a sign-out everywhere': async ({ access: token }) =>
        void assert.equal((await call('POST', '/token/revoke_all/', { token })).status, 200),
      'a deactivation': async ({ account }) => {
        const { access: token } = await world.superuser()
        for (const is_active of [false, true]) {
          const changed = await call('PATCH', `/users/${account.id}/`, { token, body: { is_active } })
          assert.equal(changed.status, 200, changed.text)
        }
      },
      'its own life': async () => void world.clock.advance(30 * dayMs),
      'its owner': async ({ access: token }) => {
        const { body } = await call('GET', '/me/remembered_devices/', { token })
        const path = `/me/remembered_devices/${body[0].id}/`
        assert.equal((await call('DELETE', path, { token })).status, 204)
        assert.equal((await call('DELETE', path, { token })).status, 404)
      },
      'its owner, with all others': async ({ access: token }) =>
        void assert.equal((await call('DELETE', '/me/remembered_devices/', { token })).status, 204),
    }
    for (const [title, end] of Object.entries(ends)) {
      it(`is ended by ${title}`, async () => {
        const device = await withDevice()
        assert.equal(await isAsked(device.account, device.cookie), false)
        const changed = await end(device)
        assert.equal(await isAsked({ ...device.account, ...changed }, device.cookie), true)
      })
    }

    it('is ended by an administrator with the factors, and says nothing once they are on again', async () => {
      const { account, cookie } = await withDevice()
      const { access: token } = await world.superuser()
      const path = `/users/${account.id}/factors/`
      assert.equal((await call('GET', path, { token })).body.remembered_devices, 1)
      assert.equal((await call('DELETE', `${path}?reason=lost`, { token })).status, 204)
      assert.equal((await call('GET', path, { token })).body.remembered_devices, 0)
      await enrolTotp(world, await world.login(account))
      assert.equal(await isAsked(account, cookie), true)
    })

    it('is listed with its device and its last use, and told by an event and a notice', async () => {
      const { account, cookie, access: token } = await withDevice()
      world.clock.advance(60_000)
      await page.login(account, cookie)
      const { body } = await call('GET', '/me/remembered_devices/', { token })
      assert.deepEqual(Object.keys(body[0]).sort(), [
        'created_at',
        'expires_at',
        'id',
        'ip_address',
        'last_used_at',
        'user_agent',
      ])
      assert.ok(Date.parse(body[0].last_used_at) - Date.parse(body[0].created_at) >= 60_000)
      const { access } = await world.superuser()
      const events = await call('GET', '/audit/?action=device.remember&ordering=-id', { token: access })
      assert.deepEqual(events.body.results[0].actor.id, account.id)
    })

    it('takes the place of the one that this browser had, and an account has twenty at the most', async () => {
      const { account, app, cookie, access: token } = await withDevice()
      await page.remember(account, app, cookie)
      const count = async () => (await call('GET', '/me/remembered_devices/', { token })).body.length
      assert.equal(await count(), 1)
      for (let more = 0; more < 21; more++) await page.remember(account, app)
      assert.equal(await count(), 20)
    })
  })
}

describe('a remembered device', async () => {
  const world = await testWorld({ env: { ...unthrottled } })

  it('is not there unless it is set, whatever a page asks for', async () => {
    const account = await world.register()
    const app = await enrolTotp(world, account)
    const answer = await pageOf(world).remember(account, app)
    assert.equal(cookieOf(answer), undefined)
    assert.equal((await world.call('GET', '/sign_in/options/')).body.remember_device_days, null)
  })

  it('proves nothing any more once the setting is off', async () => {
    const first = await testWorld({ env: { ...env } })
    const account = await first.register()
    const app = await enrolTotp(first, account)
    const cookie = keptBy(await pageOf(first).remember(account, app))
    const second = await testWorld({ env: unthrottled, databaseUrl: first.core.config.databaseUrl })
    assert.equal((await pageOf(second).login(account, cookie)).body.next, 'second_factor')
    await second.close()
    await first.close()
  })
})
