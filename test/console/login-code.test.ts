import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { mailEnv, smtpServer } from '../mail/support/smtp.ts'
import { eventually } from '../support/eventually.ts'
import { sentProof } from '../support/proofs.ts'
import { unthrottled } from '../support/throttle.ts'
import { enrolTotp } from '../support/totp.ts'
import { assertAccessible, consoleWorld, settled } from './support/console-world.ts'

const smtp = await smtpServer()
const world = await consoleWorld({
  ...mailEnv(smtp),
  ...unthrottled,
  PROPUSK_LOGIN_CODE: 'on',
  PROPUSK_LIMIT_MAIL: 'off',
  PROPUSK_LIMIT_MAIL_NETWORK: 'off',
  PROPUSK_LIMIT_MAIL_TOTAL: 'off',
})

const words = {
  en: {
    byCode: 'Sign in with a code from an email',
    email: 'Email',
    send: 'Send email',
    code: 'Eight-digit code',
    signIn: 'Sign in',
    app: 'Code from your authenticator app',
    subject: /sign-in code/i,
  },
  ru: {
    byCode: 'Войти по коду из письма',
    email: 'Эл. почта',
    send: 'Отправить письмо',
    code: 'Код из письма',
    signIn: 'Войти',
    app: 'Код из приложения',
    subject: /код/i,
  },
} as const

const proved = async () => {
  const account = await world.register()
  const { token } = await sentProof(world, 'email_verify', account.email)
  assert.equal((await world.call('POST', '/email/verify/', { body: { token } })).status, 204)
  return account
}

/** The link and the code, as a person reads them in the newest mail of a sign-in. */
async function mailTo(address: string) {
  await world.server.mail!.sendDue()
  const mails = () =>
    smtp.taken.filter(({ to, mail }) => to.includes(address) && mail.text?.includes('/account/code#'))
  assert.ok(await eventually(() => mails().length > 0, 10_000), 'no mail')
  const text = mails().at(-1)!.mail.text!
  const link = /^\s*(https?:\S+\/account\/code#t=\S+)/m.exec(text)![1]!
  return { path: link.replace(/^https?:\/\/[^/]+/, ''), code: /^\s*(\d{4} ?\d{4})\s*$/m.exec(text)![1]! }
}

const isIn = (page: Page) => page.waitForURL(url => url.pathname === '/account')

describe('a sign-in by a code of the mail, in the browser', () => {
  for (const look of [
    { locale: 'en', scheme: 'light', width: 1440 },
    { locale: 'ru', scheme: 'dark', width: 360 },
  ] as const) {
    const word = words[look.locale]

    test(`types the code of the mail, by the keyboard alone, in ${look.locale}`, async () => {
      const account = await proved()
      const { page, go, complaints } = await world.open(look)
      await go('/account/sign-in')
      await page.getByRole('link', { name: word.byCode }).click()
      await page.getByRole('button', { name: word.send }).waitFor()
      await assertAccessible(page, 'asking for the mail')
      await page.getByLabel(word.email).fill(account.email)
      await page.keyboard.press('Enter')
      const field = page.getByLabel(word.code)
      await field.waitFor()
      await assertAccessible(page, 'typing the code')
      const isWider = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
      assert.equal(isWider, false)
      await field.fill((await mailTo(account.email)).code)
      await page.keyboard.press('Enter')
      await isIn(page)
      assert.deepEqual(complaints, [])
    })

    test(`opens the link, presses the button, and shows the second factor, in ${look.locale}`, async () => {
      const account = await proved()
      const app = await enrolTotp(world, account)
      const ask = { email: account.email }
      assert.equal((await world.call('POST', '/login/code/request/', { body: ask })).status, 202)
      const { path } = await mailTo(account.email)
      const { page, go, complaints } = await world.open(look)
      // A scanner of mails opens the page as well: that uses nothing up.
      for (let opened = 0; opened < 3; opened++) await go(path)
      assert.equal(new URL(page.url()).hash, '')
      await assertAccessible(page, 'the page of the link')
      await page.getByRole('button', { name: word.signIn, exact: true }).click()
      const field = page.getByLabel(word.app)
      await field.waitFor()
      await assertAccessible(page, 'the second step')
      await field.fill(app.next())
      await page.keyboard.press('Enter')
      await isIn(page)
      const [session] = await world.core.stores.sessions.listLive(account.id as never, world.clock.nowMs())
      assert.equal(session?.acr, 'aal2')
      assert.deepEqual(complaints, [])
    })
  }

  test('is refused by a link that was used, and says so', async () => {
    const account = await proved()
    await world.call('POST', '/login/code/request/', { body: { email: account.email } })
    const { path, code } = await mailTo(account.email)
    const used = await world.call('POST', '/login/code/', { body: { email: account.email, code } })
    assert.equal(used.status, 200)
    const { page, go } = await world.open()
    await go(path)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByText(/This link does not work/).waitFor()
  })

  test('is not shown where the server does not offer it', async () => {
    const silent = await consoleWorld()
    const { page, go } = await silent.open()
    await go('/account/sign-in')
    await settled(page)
    assert.equal(await page.getByRole('link', { name: words.en.byCode }).count(), 0)
  })
})
