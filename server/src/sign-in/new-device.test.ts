import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createAuthenticator } from '../../../test/support/authenticator.ts'
import { engines } from '../../../test/support/engines.ts'
import { findSentProof, outboxOf, sentProof, withMail } from '../../../test/support/proofs.ts'
import { unthrottled } from '../../../test/support/throttle.ts'
import { claimsOf, enrolTotp } from '../../../test/support/totp.ts'
import { type Account, goodPassword, testWorld, type World } from '../../../test/support/world.ts'
import type { UserId } from '../kernel/index.ts'

const env = { ...withMail, ...unthrottled, PROPUSK_LOGIN_CODE: 'on', PROPUSK_REMEMBER_DEVICE: '30' }
const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0'
const newerFirefox = firefox.replaceAll('145.0', '146.0')
const safari =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 Version/19.1 Mobile/15E148 Safari/604.1'

const noticesTo = async (world: World, { email }: Pick<Account, 'email'>) =>
  (await outboxOf(world, email))
    .filter(({ kind }) => kind === 'security_notice')
    .map(mail => ({ ...mail, details: JSON.parse(mail.details) }))
    .filter(({ details }) => details.event === 'new_device')

async function proved(world: World): Promise<Account> {
  const account = await world.register()
  const { token } = await sentProof(world, 'email_verify', account.email)
  assert.equal((await world.call('POST', '/email/verify/', { body: { token } })).status, 204)
  return account
}

const from = (userAgent: string, more: Record<string, string> = {}) => ({ 'user-agent': userAgent, ...more })

async function signIn(
  world: World,
  { email, password }: Pick<Account, 'email' | 'password'>,
  headers: Record<string, string>,
) {
  const answer = await world.call('POST', '/login/', { body: { email, password }, headers })
  assert.equal(answer.status, 200, answer.text)
  return answer
}

for (const engine of engines) {
  describe(`the notice of a new device, on ${engine}`, async () => {
    const world = await testWorld({ engine, env })
    const { call } = world

    it('has its time, device and network and «this was not me», once for each device', async () => {
      const account = await proved(world)
      assert.deepEqual(await noticesTo(world, account), [], 'the first session is told of to no one')
      world.clock.advance(60_000)
      const answer = await signIn(world, account, from(firefox))
      const [notice, ...others] = await noticesTo(world, account)
      assert.deepEqual(others, [])
      const { sid } = claimsOf(answer.body.access)
      const session = await world.core.database.read
        .selectFrom('sessions')
        .select(['ip_address', 'created_at'])
        .where('uuid', '=', sid)
        .executeTakeFirstOrThrow()
      assert.deepEqual(notice!.details, {
        event: 'new_device',
        device: 'Firefox, Windows',
        network: session.ip_address,
        at: session.created_at,
      })
      await signIn(world, account, from(newerFirefox))
      assert.equal((await noticesTo(world, account)).length, 1, 'an update makes no new device')
      await signIn(world, account, from(safari))
      assert.equal((await noticesTo(world, account)).length, 2)

      const { token } = await sentProof(world, 'not_me', account.email)
      assert.equal((await call('POST', '/security/not_me/', { body: { token } })).status, 204)
      assert.equal((await call('GET', '/me/', { token: answer.body.access })).status, 401)
    })

    it('is not sent where the device shows the token of an earlier sign-in, whatever it calls itself', async () => {
      const account = await proved(world)
      const first = await signIn(world, account, {})
      const device = first.headers['propusk-device'] as string
      assert.ok(device)
      await signIn(world, account, from(safari, { 'propusk-device': device }))
      assert.deepEqual(await noticesTo(world, account), [])
      const other = await proved(world)
      await signIn(world, other, from(safari, { 'propusk-device': device }))
      assert.equal((await noticesTo(world, other)).length, 1, 'the token of another account says nothing')
    })

    it('is sent once by a sign-in in two steps, at its end, and by none of a remembered browser', async () => {
      const account = await proved(world)
      const app = await enrolTotp(world, account)
      const headers = from(firefox, { 'sec-fetch-site': 'same-origin' })
      const { email, password } = account
      const enter = (path: string, body: object, more = {}) =>
        call('POST', `/browser/login/${path}`, { body: body as never, headers: { ...headers, ...more } })
      const first = await enter('', { email, password })
      assert.deepEqual(await noticesTo(world, account), [])
      const { ticket } = first.body
      const second = await enter('factor/', { ticket, totp: app.next(), remember_device: true })
      assert.equal(second.status, 200, second.text)
      assert.equal((await noticesTo(world, account)).length, 1)
      const cookie = [second.headers['set-cookie'] ?? []]
        .flat()
        .find(line => line.startsWith('__Host-propusk-remembered='))!
        .split(';')[0]!
      const third = await enter('', { email, password }, { cookie, 'user-agent': safari })
      assert.ok(third.body.access, third.text)
      assert.equal((await noticesTo(world, account)).length, 1)
    })

    it('is sent by a sign-in by a passkey alone', async () => {
      const account = await proved(world)
      const { access: token } = account
      const authenticator = createAuthenticator()
      const made = await call('POST', '/me/factors/passkey/options/', { token })
      const passkey = authenticator.create(made.body)
      assert.equal((await call('POST', '/me/factors/passkey/', { token, body: { passkey } })).status, 201)
      const asked = await call('POST', '/login/passkey/options/', { body: {} })
      const body = { passkey: authenticator.get(asked.body) }
      const answer = await call('POST', '/login/passkey/', { body, headers: from(safari) })
      assert.equal(answer.status, 200, answer.text)
      assert.equal((await noticesTo(world, account)).length, 1)
    })

    it('is sent by a sign-in by the code of a mail', async () => {
      const account = await proved(world)
      const { email } = account
      await call('POST', '/login/code/request/', { body: { email } })
      const { code } = await sentProof(world, 'login_code', email)
      const answer = await call('POST', '/login/code/', { body: { email, code }, headers: from(safari) })
      assert.equal(answer.status, 200, answer.text)
      assert.deepEqual(
        (await noticesTo(world, account)).map(({ details }) => details.device),
        ['Safari, iPhone'],
      )
    })

    it('is not sent for a refused sign-in, a refresh, or to an address that was never proved', async () => {
      const account = await proved(world)
      const { email } = account
      const body = { email, password: 'not the password' }
      const refused = await call('POST', '/login/', { body, headers: from(safari) })
      assert.equal(refused.status, 401)
      const refresh = { body: { refresh: account.refresh }, headers: from(safari) }
      const refreshed = await call('POST', '/token/refresh/', refresh)
      assert.equal(refreshed.status, 200, refreshed.text)
      assert.deepEqual(await noticesTo(world, account), [])
      const unproved = await world.register()
      await signIn(world, unproved, from(safari))
      assert.deepEqual(await noticesTo(world, unproved), [])
      assert.equal(await findSentProof(world, 'not_me', unproved.email), undefined)
    })

    it('is sent of a program that is no browser, without the words that it says of itself, and not of each again', async () => {
      const email = 'browser-first@example.com'
      const passwords = { password: goodPassword, password2: goodPassword }
      const body = { email, ...passwords }
      assert.equal((await call('POST', '/register/', { body, headers: from(firefox) })).status, 201)
      const { token } = await sentProof(world, 'email_verify', email)
      assert.equal((await call('POST', '/email/verify/', { body: { token } })).status, 204)
      for (const program of [newerFirefox, 'one/1.0', 'two/2.0', firefox]) {
        await signIn(world, { email, password: goodPassword }, from(program))
      }
      assert.deepEqual(
        (await noticesTo(world, { email })).map(({ details }) => details.device),
        [null],
      )
    })

    it('is sent where the origin of every earlier session is no longer kept', async () => {
      const account = await proved(world)
      await world.core.transaction(({ sessions }) => sessions.eraseOrigins(account.id as UserId))
      await signIn(world, account, from(''))
      assert.equal((await noticesTo(world, account)).length, 1)
    })
  })

  describe(`the notice of a new device where mail is off, on ${engine}`, async () => {
    const world = await testWorld({ engine, env: unthrottled })
    it('is none', async () => {
      const account = await world.register()
      await signIn(world, account, from(firefox))
      assert.deepEqual(await outboxOf(world, account.email), [])
    })
  })
}
