import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { mailEnv, type SmtpServer, smtpServer } from '../mail/support/smtp.ts'
import { engines, freshDatabaseUrl } from '../support/engines.ts'
import { eventually } from '../support/eventually.ts'
import { totpAt } from '../support/totp.ts'
import { call, login, password, refusedWithinASecond, register } from './support/api.ts'
import { type Propusk, workplace } from './support/propusk.ts'

const newPassword = 'seven quiet lamps at noon'
const reset = (url: string, token: string, factor: object = {}) =>
  call(url, 'POST', '/password/reset/', {
    body: { token, password: newPassword, password2: newPassword, ...factor },
  })

async function enrol(url: string, token: string) {
  const begun = await call(url, 'POST', '/me/factors/totp/', { token, body: {} })
  const body = { id: begun.body.id, code: totpAt(begun.body.secret, Date.now()) }
  const confirmed = await call(url, 'POST', '/me/factors/totp/confirm/', { token, body })
  assert.equal(confirmed.status, 200, JSON.stringify(confirmed.body))
  return confirmed.body.recovery_codes as string[]
}

for (const engine of engines) {
  describe(`who is locked out is helped at the command line, on ${engine}`, async () => {
    const smtp: SmtpServer = await smtpServer()
    const place = workplace({
      PROPUSK_DATABASE_URL: await freshDatabaseUrl(engine),
      PROPUSK_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
      PROPUSK_REGISTRATION: 'open',
    })
    const withMail = mailEnv(smtp)
    let server: Propusk
    let boss: string
    before(async () => {
      server = await place.start('serve', withMail)
      await place.run('user create boss@example.org --superuser', password)
      boss = (await login(server.url, 'boss@example.org')).access
    })
    const events = async (action: string, id: number) => {
      const { body } = await call(server.url, 'GET', `/audit/?action=${action}&target=users/${id}`, {
        token: boss,
      })
      return body.results as { actor: unknown; ip_address: unknown; details: Record<string, unknown> }[]
    }
    const mailsTo = (email: string) => smtp.taken.filter(({ to }) => to.includes(email))

    it('user promote makes a superuser of an account that is signed in, with an event and no actor', async () => {
      const { access, user } = await register(server.url, 'heir@example.org')
      assert.equal((await call(server.url, 'GET', '/users/', { token: access })).status, 403)
      const { code, out, err } = await place.run('user promote Heir@example.org --staff')
      assert.deepEqual([code, err], [0, ''])
      assert.match(out, /^heir@example\.org is a superuser and staff\..+\n$/)
      const { body } = await call(server.url, 'GET', '/me/', { token: access })
      assert.deepEqual([body.is_superuser, body.is_staff], [true, true])
      const again = await login(server.url, 'heir@example.org')
      assert.equal((await call(server.url, 'GET', '/users/', { token: again.access })).status, 200)
      assert.equal((await place.run('user promote heir@example.org')).code, 0)
      const recorded = await events('user.update', user.id)
      assert.equal(recorded.length, 1, 'what changes nothing has no event')
      assert.deepEqual(
        [recorded[0]!.actor, recorded[0]!.ip_address, recorded[0]!.details.is_superuser],
        [null, null, { from: false, to: true }],
      )
    })

    it('user reset-password sends a mail whose link sets a new password, and the old one is dead at once', async () => {
      const { access, user } = await register(server.url, 'lost@example.org')
      const { code, out, err } = await place.run('user reset-password lost@example.org', '', withMail)
      assert.deepEqual([code, err], [0, ''])
      assert.match(out, /no longer works.+\nan email to lost@example\.org is on its way/)
      assert.doesNotMatch(out, /#t=/)
      await refusedWithinASecond(server.url, access)
      const old = await call(server.url, 'POST', '/login/', { body: { email: 'lost@example.org', password } })
      assert.equal(old.status, 401)
      const tokenIn = () =>
        mailsTo('lost@example.org')
          .map(({ mail }) => /\/account\/reset#t=(\S+)/.exec(mail.text ?? '')?.[1])
          .find(token => token !== undefined)
      assert.ok(await eventually(() => tokenIn() !== undefined), 'the mail did not come')
      const token = tokenIn()
      assert.equal((await reset(server.url, token!)).status, 204)
      assert.equal((await reset(server.url, token!)).status, 400)
      await login(server.url, 'lost@example.org', newPassword)
      const [event] = await events('user.reset_start', user.id)
      assert.deepEqual([event!.actor, event!.ip_address, event!.details.by], [null, null, 'mail'])
    })

    it('user reset-password --link, or without mail, prints a link that works once, and the factor stays', async () => {
      for (const [email, args, settings] of [
        ['linked@example.org', ' --link', withMail],
        ['silent@example.org', '', {}],
      ] as const) {
        const { access, user } = await register(server.url, email)
        const [recovery] = await enrol(server.url, access)
        const { code, out, err } = await place.run(`user reset-password ${email}${args}`, '', settings)
        assert.deepEqual([code, err], [0, ''])
        const token = /\/account\/reset#t=(\d+\.[\w-]{43})\n/.exec(out)?.[1]
        assert.ok(token, out)
        assert.match(out, new RegExp(`user reset-factors ${email}\\n$`))
        assert.equal((await reset(server.url, token)).body.code, 'insufficient_user_authentication')
        assert.equal((await reset(server.url, token, { recovery })).status, 204)
        const next = await call(server.url, 'POST', '/login/', { body: { email, password: newPassword } })
        assert.equal(next.body.next, 'second_factor')
        const [event] = await events('user.reset_start', user.id)
        assert.deepEqual([event!.actor, event!.details.by], [null, 'link'])
        assert.equal(JSON.stringify(event).includes(token.split('.')[1]!), false)
        const notices = mailsTo(email).filter(({ raw }) => raw.includes('#t=') && raw.includes('/reset'))
        assert.equal(notices.length, 0, 'the link went to a terminal alone')
      }
    })

    it('user reset-factors takes all of them, the password signs in, and its owner gets a notice', async () => {
      const email = 'phoneless@example.org'
      const { access, user } = await register(server.url, email)
      // Notices go to an address that its owner has proved.
      assert.ok(await eventually(() => mailsTo(email).length > 0), 'the mail did not come')
      const verify = /\/account\/confirm#t=(\S+)/.exec(mailsTo(email)[0]!.mail.text!)![1]
      const proved = await call(server.url, 'POST', '/email/verify/', { body: { token: verify } })
      assert.equal(proved.status, 204)
      await enrol(server.url, access)
      const first = await call(server.url, 'POST', '/login/', { body: { email, password } })
      assert.equal(first.body.next, 'second_factor')
      const { code, out, err } = await place.run(`user reset-factors ${email}`, '', withMail)
      assert.deepEqual([code, err], [0, ''])
      assert.match(out, new RegExp(`^removed the second factor of account ${user.id}: .+\n$`))
      await login(server.url, email)
      const [event] = await events('factor.reset', user.id)
      assert.deepEqual(
        [event!.actor, event!.ip_address, event!.details.reason],
        [null, null, 'by the command line'],
      )
      assert.match(
        (await place.run(`user reset-factors ${email}`)).out,
        /^account \d+ has no second factor\n$/,
      )
      const isNotified = () => mailsTo(email).some(({ mail }) => mail.text?.includes('second factor'))
      assert.ok(await eventually(isNotified), 'the owner got no notice')
    })

    it('user erase leaves no way in by a link, a ticket or a factor that was handed out', async () => {
      const email = 'erased@example.org'
      const { access } = await register(server.url, email)
      const [recovery] = await enrol(server.url, access)
      const { body } = await call(server.url, 'POST', '/login/', { body: { email, password } })
      const link = await place.run(`user reset-password ${email} --link`)
      const token = /#t=(\S+)/.exec(link.out)?.[1]
      assert.ok(token)
      assert.equal((await place.run(`user erase ${email}`)).code, 0)
      assert.equal((await reset(server.url, token, { recovery })).status, 400)
      const second = { ticket: body.ticket, recovery }
      assert.equal((await call(server.url, 'POST', '/login/factor/', { body: second })).status, 401)
    })

    for (const command of ['promote', 'reset-password', 'reset-factors']) {
      it(`user ${command} says that there is no such account`, async () => {
        const { code, out, err } = await place.run(`user ${command} nobody@example.org`)
        assert.deepEqual([code, out], [1, ''])
        assert.match(err, /^propusk: There is no account nobody@example\.org\..+user list\n$/)
      })
    }

    it('a closed account is neither promoted nor given a link', async () => {
      await register(server.url, 'closed@example.org')
      assert.equal((await place.run('user deactivate closed@example.org')).code, 0)
      for (const command of ['promote', 'reset-password']) {
        const { code, out, err } = await place.run(`user ${command} closed@example.org`)
        assert.deepEqual([code, out], [1, ''])
        assert.match(err, /^propusk: The account closed@example\.org is deactivated: .+\n$/)
      }
    })
  })
}
