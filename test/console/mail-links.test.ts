import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { newestMail, type ReadMail } from '../mail/support/mails-of.ts'
import { mailEnv, smtpServer } from '../mail/support/smtp.ts'
import { launchBrowser } from '../support/browser.ts'
import { freePort } from '../support/free-port.ts'
import { unthrottled } from '../support/throttle.ts'
import { type Account, goodPassword, testWorld, type World } from '../support/world.ts'
import { openPage, settled } from './support/console-world.ts'

/** How often a scanner of mails asks for each address. */
const times = 20
const newPassword = 'seven quiet lamps at noon'
const passwords = { password: newPassword, password2: newPassword }

const smtp = await smtpServer()
const browser = await launchBrowser()
after(() => browser.close())

/** A server that listens where the links of its mails lead to. */
async function reachable(env: Record<string, string>) {
  const port = await freePort()
  const address = `http://localhost:${port}`
  const world = await testWorld({
    env: { ...unthrottled, ...mailEnv(smtp), PROPUSK_LOGIN_CODE: 'on', ...env, PROPUSK_PUBLIC_URL: address },
  })
  await world.server.app.listen({ host: '127.0.0.1', port })
  return { ...world, address }
}
type Reachable = World & { readonly address: string }

interface Case {
  readonly title: string
  /** Sends the mail, and gives it with what its reader does by it in the end. */
  send(world: Reachable, language: string): Promise<Sent>
}
interface Sent {
  readonly read: ReadMail
  /** The status of the call that its link or its code is for; 200 or 204 the first time, once. */
  readonly use?: () => Promise<number>
  /** Who is signed in in the browser that opens the link. */
  readonly as?: Account
}

describe('the links of mails, each asked for by scanners and opened without a press', async () => {
  const verified = await reachable({ PROPUSK_REGISTRATION: 'verified' })
  const open = await reachable({})
  let count = 0
  const fresh = () => `reader-${++count}@example.com`
  const post = async (world: World, path: string, body: object, language: string, token?: string) =>
    (await world.call('POST', path, { body, token, headers: { 'accept-language': language } })).status

  /** An account whose address is proved. */
  const proved = async (world: World, language = 'en') => {
    const account = await world.register(fresh())
    const { token } = await newestMail(world, smtp, account.email)
    assert.equal(await post(world, '/email/verify/', { token }, language), 204)
    return account
  }

  const cases: readonly (Case & { readonly world: Reachable })[] = [
    {
      title: 'a registration',
      world: verified,
      async send(world, language) {
        const email = fresh()
        const body = { email, password: goodPassword, password2: goodPassword }
        assert.equal(await post(world, '/register/', body, language), 202)
        const read = await newestMail(world, smtp, email)
        return { read, use: () => post(world, '/email/verify/', { token: read.token }, language) }
      },
    },
    {
      title: 'an address that has an account already',
      world: verified,
      async send(world, language) {
        const email = fresh()
        const body = { email, password: goodPassword, password2: goodPassword }
        await post(world, '/register/', body, language)
        const { token } = await newestMail(world, smtp, email)
        assert.equal(await post(world, '/email/verify/', { token }, language), 204)
        assert.equal(await post(world, '/register/', body, language), 202)
        return { read: await newestMail(world, smtp, email) }
      },
    },
    {
      title: 'the address of an account',
      world: open,
      async send(world, language) {
        const account = await world.register(fresh())
        assert.equal(
          (
            await world.call('POST', '/me/email/verify/', {
              token: account.access,
              headers: { 'accept-language': language },
            })
          ).status,
          202,
        )
        const read = await newestMail(world, smtp, account.email)
        return {
          read,
          as: account,
          use: () => post(world, '/email/verify/', { token: read.token }, language),
        }
      },
    },
    {
      title: 'a new password',
      world: open,
      async send(world, language) {
        const { email } = await proved(world)
        assert.equal(await post(world, '/password/reset/request/', { email }, language), 202)
        const read = await newestMail(world, smtp, email)
        const body = { token: read.token, ...passwords }
        return { read, use: () => post(world, '/password/reset/', body, language) }
      },
    },
    {
      title: 'a new address',
      world: open,
      async send(world, language) {
        const account = await proved(world)
        const email = fresh()
        assert.equal(await post(world, '/me/email/', { email }, language, account.access), 202)
        const read = await newestMail(world, smtp, email)
        const use = () => post(world, '/me/email/confirm/', { token: read.token }, language, account.access)
        return { read, as: account, use }
      },
    },
    {
      title: 'the undo of a new address',
      world: open,
      async send(world, language) {
        const account = await proved(world)
        const email = fresh()
        await post(world, '/me/email/', { email }, language, account.access)
        const { token } = await newestMail(world, smtp, email)
        assert.equal(await post(world, '/me/email/confirm/', { token }, language, account.access), 204)
        const read = await newestMail(world, smtp, account.email)
        return {
          read,
          as: { ...account, email },
          use: () => post(world, '/email/undo/', { token: read.token }, language),
        }
      },
    },
    {
      title: 'an invitation',
      world: open,
      async send(world, language) {
        const { access: token } = await world.superuser()
        const email = fresh()
        const made = await world.call('POST', '/invitations/', {
          token,
          body: { email, roles: [], locale: language },
        })
        assert.equal(made.status, 201, made.text)
        const read = await newestMail(world, smtp, email)
        const body = { token: read.token, ...passwords }
        return { read, use: () => post(world, '/invitations/accept/', body, language) }
      },
    },
    {
      title: 'a notice',
      world: open,
      async send(world, language) {
        const { email } = await proved(world)
        await post(world, '/password/reset/request/', { email }, language)
        const { token } = await newestMail(world, smtp, email)
        assert.equal(await post(world, '/password/reset/', { token, ...passwords }, language), 204)
        const read = await newestMail(world, smtp, email)
        return { read, use: () => post(world, '/security/not_me/', { token: read.token }, language) }
      },
    },
    {
      title: 'a code that signs in',
      world: open,
      async send(world, language) {
        const { email } = await proved(world)
        assert.equal(await post(world, '/login/code/request/', { email }, language), 202)
        const read = await newestMail(world, smtp, email)
        return { read, use: () => post(world, '/login/code/', { email, code: read.code }, language) }
      },
    },
  ]

  for (const { title, world, send } of cases) {
    for (const locale of ['en', 'ru'] as const) {
      it(`about ${title} (${locale}) are still good after ${times} GET, ${times} HEAD and their page`, async () => {
        const { read, use, as } = await send(world, locale)
        const { text = '', html = '' } = read.mail.mail
        assert.equal(/[а-я]/i.test(text), locale === 'ru', text)
        assert.doesNotMatch(html, /<img|<script|src=/i)
        if (use === undefined || read.code === undefined) assert.ok(read.urls.length > 0)
        for (const url of read.urls) {
          assert.ok(url.startsWith(`${world.address}/`), url)
          assert.doesNotMatch(url.replace(/#.*/, ''), /\d{8}|[?&]/, 'a secret before the fragment')
          for (let asked = 0; asked < times; asked++) {
            for (const method of ['GET', 'HEAD']) {
              const answer = await fetch(url, { method })
              await answer.arrayBuffer()
              assert.equal(answer.status, 200, `${method} ${url}`)
            }
          }
          for (const person of as === undefined ? [undefined] : [undefined, as]) {
            const { page, complaints } = await openPage(browser, world.address, {
              locale,
              ...(person && { as: person }),
            })
            await page.goto(url)
            await settled(page)
            // What a page might do by itself, a moment later.
            await page.waitForTimeout(500)
            await page.reload()
            await settled(page)
            assert.deepEqual(complaints, [])
            await page.context().close()
          }
        }
        if (use === undefined) return
        assert.ok([200, 201, 204].includes(await use()), 'it was used up')
        assert.ok([400, 409].includes(await use()), 'and works twice')
      })
    }
  }
})
