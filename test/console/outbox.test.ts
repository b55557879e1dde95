import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { createMailCatcher, MailFailure } from '../../server/src/mail/index.ts'
import { assertAccessible, consoleWorld } from './support/console-world.ts'

const catcher = createMailCatcher()
let isRefused = true
const world = await consoleWorld(
  {
    PROPUSK_BRAND_NAME: 'Acme & Söhne',
    PROPUSK_BRAND_COLOR: 'ffdd00',
    PROPUSK_BRAND_LOGO: 'console/src/app/mark.svg',
  },
  {
    ...catcher,
    async send(mail, signal) {
      if (isRefused) throw new MailFailure('550 5.1.1 EENVELOPE RCPT TO', true)
      await catcher.send(mail, signal)
    },
  },
)

describe('the page of mails', () => {
  test('a mail that failed is found with its reason, and sent when it is tried again', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go('/console/outbox')
    await page.getByText('No emails').waitFor()
    const mail = { kind: 'address_taken', locale: 'en', userId: null, proofId: null, details: {} } as const
    await world.core.transaction(({ outbox }) =>
      outbox.add({ ...mail, toEmail: 'gone@example.com' }, world.core.clock.nowMs()),
    )
    await world.server.mail!.sendDue()
    await page.getByText('550 5.1.1 EENVELOPE RCPT TO').waitFor()
    await page.getByText('Account exists already').waitFor()
    await assertAccessible(page, 'the page of mails')
    isRefused = false
    await page.getByRole('button', { name: 'Send again' }).click()
    await page.getByText('The email to gone@example.com is being sent again.').waitFor()
    await world.server.mail!.sendDue()
    await page.reload()
    await page.getByRole('grid').getByText('Sent', { exact: true }).waitFor()
    assert.deepEqual(
      catcher.mails.map(({ toEmail }) => toEmail),
      ['gone@example.com'],
    )
    assert.deepEqual(complaints, [])
  })

  for (const locale of ['en', 'ru'] as const) {
    test(`fits a phone and is accessible, in ${locale}`, async () => {
      const { page, go, complaints } = await world.open({ as: 'superuser', locale, width: 360 })
      await go('/console/outbox')
      await page.getByRole('heading', { level: 1 }).waitFor()
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      assert.ok(width <= 360, String(width))
      await assertAccessible(page, 'the page of mails on a phone')
      assert.deepEqual(complaints, [])
    })
  }
})

describe('the sign-in pages', () => {
  test('show name, logo and colour of the product, and buttons that can be read', async () => {
    const { page, go, complaints } = await world.open()
    await go('/account/sign-in')
    await page.getByText('Acme & Söhne').waitFor()
    const logo = await page.locator('header img').getAttribute('src')
    assert.ok(logo?.startsWith('data:image/svg+xml;base64,'), String(logo))
    const button = page.getByRole('button', { name: 'Sign in', exact: true })
    const colors = await button.evaluate(element => {
      const { backgroundColor, color } = getComputedStyle(element)
      return [backgroundColor, color]
    })
    assert.deepEqual(colors, ['rgb(255, 221, 0)', 'rgb(0, 0, 0)'])
    await assertAccessible(page, 'the sign-in page with a brand')
    assert.deepEqual(complaints, [])
  })

  for (const scheme of ['light', 'dark'] as const) {
    test(`is on the own pages, too, and can be read (${scheme})`, async () => {
      const { page } = await world.open({ as: 'user', scheme, at: '/account' })
      await page.getByRole('banner').getByText('Acme & Söhne').waitFor()
      await page.waitForFunction(() => document.title.endsWith(' · Acme & Söhne'))
      await page.getByLabel('First name').fill('Anna')
      const save = page.getByRole('button', { name: 'Save' })
      await page.waitForFunction(() => document.querySelector('button[type=submit]:not([data-disabled])'))
      assert.equal(
        await save.evaluate(button => getComputedStyle(button).backgroundColor),
        'rgb(255, 221, 0)',
      )
      await assertAccessible(page, `the own pages with a brand (${scheme})`)
    })
  }
})
