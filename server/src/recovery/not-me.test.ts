import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { mailEnv, smtpServer } from '../../../test/mail/support/smtp.ts'
import { engines } from '../../../test/support/engines.ts'
import { findSentProof, outboxOf, sentProof, withMail } from '../../../test/support/proofs.ts'
import { unthrottled } from '../../../test/support/throttle.ts'
import { enrolTotp } from '../../../test/support/totp.ts'
import { type Account, goodPassword, testWorld, type World } from '../../../test/support/world.ts'
import type { UserId } from '../kernel/index.ts'
import { addNotice } from '../mail/index.ts'

const newPassword = 'seven quiet lamps at noon'
const dayMs = 86_400_000

const notMe = ({ call }: World, token: string) => call('POST', '/security/not_me/', { body: { token } })
const statusOfMe = async ({ call }: World, token: string) => (await call('GET', '/me/', { token })).status
const fieldsOf = ({ body }: { body: { errors?: object } }) => Object.keys(body.errors ?? {})

async function proved(world: World): Promise<Account> {
  const account = await world.register()
  const { token } = await sentProof(world, 'email_verify', account.email)
  assert.equal((await world.call('POST', '/email/verify/', { body: { token } })).status, 204)
  return account
}

/** What somebody does who has the password: changes it. */
async function takeOver(world: World, account: Account): Promise<Account> {
  const thief = await world.login(account)
  const body = { current_password: goodPassword, password: newPassword, password2: newPassword }
  const changed = await world.call('POST', '/me/password/', { token: thief.access, body })
  assert.equal(changed.status, 204, changed.text)
  return { ...thief, password: newPassword }
}

async function setPassword(world: World, email: string, more: object = {}) {
  const { token } = await sentProof(world, 'password_reset', email)
  const body = { token, password: goodPassword, password2: goodPassword, ...more }
  return world.call('POST', '/password/reset/', { body })
}

for (const engine of engines) {
  describe(`«this was not me», on ${engine}`, async () => {
    const env = { ...withMail, ...unthrottled }
    const world = await testWorld({ engine, env })

    it('ends every session and the password, and a mail for a new one is on its way', async () => {
      const account = await proved(world)
      const thief = await takeOver(world, account)
      const { token } = await sentProof(world, 'not_me', account.email)
      const answer = await notMe(world, token)
      assert.deepEqual([answer.status, answer.text], [204, ''])
      assert.equal(await statusOfMe(world, thief.access), 401)
      const again = await world.call('POST', '/login/', {
        body: { email: account.email, password: newPassword },
      })
      assert.equal(again.status, 401)
      assert.equal((await setPassword(world, account.email)).status, 204)
      await world.login(account)
    })

    it('works once, and for seven days', async () => {
      const account = await proved(world)
      await takeOver(world, account)
      const { token } = await sentProof(world, 'not_me', account.email)
      assert.equal((await notMe(world, token)).status, 204)
      const second = await notMe(world, token)
      assert.deepEqual([second.status, fieldsOf(second)], [400, ['token']])

      const late = await proved(world)
      await takeOver(world, late)
      const sent = await sentProof(world, 'not_me', late.email)
      world.clock.advance(7 * dayMs + 1)
      assert.equal((await notMe(world, sent.token)).status, 400)
    })

    it('works also after hundreds of notices of another kind', async () => {
      const account = await proved(world)
      await takeOver(world, account)
      const { token } = await sentProof(world, 'not_me', account.email)
      const { core } = world
      const notice = {
        userId: account.id as UserId,
        event: 'new_device',
        origin: null,
        locale: null,
      } as const
      for (let count = 0; count < 150; count++)
        await core.transaction(stores => addNotice(stores, notice, core.clock.nowMs()))
      const live = await core.stores.proofs.listLive('not_me', account.email, core.clock.nowMs())
      assert.equal(live.filter(({ details }) => details.event === 'new_device').length, 100)
      assert.equal((await notMe(world, token)).status, 204)
    })

    it('takes no other link, and its own opens nothing else', async () => {
      const account = await proved(world)
      await takeOver(world, account)
      const { token } = await sentProof(world, 'not_me', account.email)
      await world.call('POST', '/password/reset/request/', { body: { email: account.email } })
      const reset = await sentProof(world, 'password_reset', account.email)
      assert.equal((await notMe(world, reset.token)).status, 400)
      const body = { token, password: goodPassword, password2: goodPassword }
      assert.equal((await world.call('POST', '/password/reset/', { body })).status, 400)
      for (const path of ['/email/verify/', '/email/undo/', '/login/code/']) {
        assert.notEqual((await world.call('POST', path, { body: { token } })).status, 204, path)
      }
      assert.equal((await notMe(world, `${token}x`)).status, 400)
      assert.equal((await notMe(world, token)).status, 204)
      assert.equal(
        await findSentProof(world, 'password_reset', account.email).then(sent => sent?.token !== reset.token),
        true,
      )
      assert.equal(
        (await world.call('POST', '/password/reset/', { body: { ...body, token: reset.token } })).status,
        400,
        'the link of a reset that was asked for before is useless',
      )
    })

    it('leaves the second factor on, and the reset asks for it', async () => {
      const account = await proved(world)
      const app = await enrolTotp(world, account)
      const { token } = await sentProof(world, 'not_me', account.email)
      assert.equal((await notMe(world, token)).status, 204)
      const without = await setPassword(world, account.email)
      assert.deepEqual([without.status, without.body.code], [401, 'insufficient_user_authentication'])
      assert.equal((await setPassword(world, account.email, { totp: app.next() })).status, 204)
    })

    it('ends the API keys that were made or got a new secret since, and no other', async () => {
      const account = await world.withPermissions('users:read', 'api_keys:all')
      const { token: proof } = await sentProof(world, 'email_verify', account.email)
      await world.call('POST', '/email/verify/', { body: { token: proof } })
      const make = async (name: string, access: string) => {
        const body = { name, permissions: ['users:read'] }
        const made = await world.call('POST', '/api_keys/', { token: access, body })
        assert.equal(made.status, 201, made.text)
        return made.body as { id: number; key: string }
      }
      const kept = await make('kept', account.access)
      const turned = await make('turned', account.access)
      world.clock.advance(60_000)
      const thief = await takeOver(world, account)
      const { token } = await sentProof(world, 'not_me', account.email)
      world.clock.advance(60_000)
      const made = await make('of the thief', thief.access)
      const rotated = await world.call('POST', `/api_keys/${turned.id}/rotate/`, {
        token: thief.access,
        body: { overlap: '0s' },
      })
      assert.equal(rotated.status, 200, rotated.text)
      assert.equal((await notMe(world, token)).status, 204)
      const works = async (key: string) => (await world.call('GET', '/users/', { token: key })).status
      assert.deepEqual(
        [await works(kept.key), await works(rotated.body.key), await works(made.key)],
        [200, 401, 401],
      )
      const [event] = await world.core.database.read
        .selectFrom('audit_events')
        .select(['actor', 'details'])
        .where('action', '=', 'user.disown')
        .where('target', '=', `users/${account.id}`)
        .execute()
      assert.equal(event!.actor, null)
      const details = JSON.parse(event!.details)
      assert.deepEqual(details.api_keys.toSorted(), ['of the thief', 'turned'])
      assert.equal(details.sessions_ended >= 1, true)
    })

    it('is refused where the address was changed since: the undo at the old address does it', async () => {
      const account = await proved(world)
      const thief = await takeOver(world, account)
      const { token } = await sentProof(world, 'not_me', account.email)
      const moved = `moved-${account.id}@example.com`
      const asked = await world.call('POST', '/me/email/', { token: thief.access, body: { email: moved } })
      assert.equal(asked.status, 202, asked.text)
      const change = await sentProof(world, 'email_change', moved)
      await world.call('POST', '/me/email/confirm/', { token: thief.access, body: { token: change.token } })
      assert.equal((await notMe(world, token)).status, 400)
      const undo = await sentProof(world, 'email_undo', account.email)
      assert.equal((await world.call('POST', '/email/undo/', { body: { token: undo.token } })).status, 204)
      assert.equal(await statusOfMe(world, thief.access), 401)
      assert.equal(
        await findSentProof(world, 'not_me', moved),
        undefined,
        'the address of the thief gets no such link',
      )
    })

    it('is not taken away by a reset: who reads the mail for a moment could do one', async () => {
      const account = await proved(world)
      await takeOver(world, account)
      const { token } = await sentProof(world, 'not_me', account.email)
      await world.call('POST', '/password/reset/request/', { body: { email: account.email } })
      assert.equal((await setPassword(world, account.email)).status, 204)
      const { access } = await world.login(account)
      assert.equal((await notMe(world, token)).status, 204)
      assert.equal(await statusOfMe(world, access), 401)
    })

    it('is used by one of fifty at the same time, on two nodes', async () => {
      const second = await testWorld({ engine, env, databaseUrl: world.core.config.databaseUrl })
      const account = await proved(world)
      await takeOver(world, account)
      const { token } = await sentProof(world, 'not_me', account.email)
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, at) => notMe(at % 2 ? second : world, token)),
      )
      assert.equal(answers.filter(({ status }) => status === 204).length, 1)
      assert.equal(answers.filter(({ status }) => status === 400).length, 49)
      const resets = (await outboxOf(world, account.email)).filter(({ kind }) => kind === 'password_reset')
      assert.equal(resets.length, 1)
      await second.close()
    })

    it('is done by reading the mails alone', async () => {
      const smtp = await smtpServer()
      const mailing = await testWorld({ engine, env: { ...mailEnv(smtp), ...unthrottled } })
      const account = await proved(mailing)
      await takeOver(mailing, account)
      const linkIn = async (page: string) => {
        await mailing.server.mail!.sendDue()
        const texts = smtp.taken.map(({ mail }) => mail.text!).reverse()
        const links = texts.flatMap(
          text =>
            new RegExp(`^https://auth\\.example\\.org/account/${page}#t=(\\S+)$`, 'm').exec(text)?.[1] ?? [],
        )
        assert.ok(links[0], `no link to ${page}`)
        return links[0]
      }
      assert.equal((await notMe(mailing, await linkIn('not_me'))).status, 204)
      const token = await linkIn('reset')
      const body = { token, password: goodPassword, password2: goodPassword }
      assert.equal((await mailing.call('POST', '/password/reset/', { body })).status, 204)
      await mailing.login(account)
    })
  })
}

describe('a security notice', async () => {
  const world = await testWorld({ env: { ...withMail, ...unthrottled } })
  const eventsOf = async (email: string) =>
    (await outboxOf(world, email))
      .filter(({ kind }) => kind === 'security_notice')
      .map(({ details }) => JSON.parse(details).event)

  it('tells of a changed password, an API key, and sessions that an administrator ended', async () => {
    const account = await world.withPermissions('users:read', 'api_keys:create')
    const proof = await sentProof(world, 'email_verify', account.email)
    await world.call('POST', '/email/verify/', { body: { token: proof.token } })
    const body = { name: 'k', permissions: ['users:read'] }
    assert.equal((await world.call('POST', '/api_keys/', { token: account.access, body })).status, 201)
    const chief = await world.superuser()
    await world.call('POST', `/token/revoke_all/${account.id}/`, { token: chief.access })
    await takeOver(world, account)
    const { results } = (
      await world.call('GET', `/sessions/?user_id=${account.id}&is_active=true`, { token: chief.access })
    ).body
    await world.call('PATCH', `/sessions/${results[0].id}/`, {
      token: chief.access,
      body: { is_active: false },
    })
    assert.deepEqual(await eventsOf(account.email), [
      'api_key_made',
      'sessions_ended_by_admin',
      'password_changed',
      'sessions_ended_by_admin',
    ])
  })

  it('tells of all sessions but one that an administrator ended, and of none that the owner ended', async () => {
    const account = await world.register()
    const proof = await sentProof(world, 'email_verify', account.email)
    await world.call('POST', '/email/verify/', { body: { token: proof.token } })
    const { access: token } = await world.login(account)
    await world.call('POST', '/me/sessions/end_others/', { token })
    assert.deepEqual(await eventsOf(account.email), [])
    await world.login(account)
    const chief = await world.superuser()
    const live = await world.call('GET', `/sessions/?user_id=${account.id}&is_active=true`, {
      token: chief.access,
    })
    const kept = live.body.results[0].id
    const ended = await world.call('POST', `/sessions/${kept}/end_others/`, { token: chief.access })
    assert.equal(ended.status, 200, ended.text)
    assert.deepEqual(await eventsOf(account.email), ['sessions_ended_by_admin'])
    await world.call('POST', `/sessions/${kept}/end_others/`, { token: chief.access })
    assert.deepEqual(await eventsOf(account.email), ['sessions_ended_by_admin'])
  })

  it('is not sent to an address that was never proved, and leaves no proof there', async () => {
    const account = await world.register()
    await takeOver(world, account)
    assert.deepEqual(await eventsOf(account.email), [])
    assert.equal(await findSentProof(world, 'not_me', account.email), undefined)
  })
})

describe('«this was not me» without mail', async () => {
  const world = await testWorld()
  it('is refused: its owner would have no way back', async () => {
    const answer = await notMe(world, '1.x')
    assert.deepEqual([answer.status, answer.body.code], [404, 'mail_not_configured'])
  })
})
