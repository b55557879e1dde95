import assert from 'node:assert/strict'
import { after, afterEach, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { call } from '../commands/support/api.ts'
import { type Propusk, workplace } from '../commands/support/propusk.ts'
import { launchBrowser } from '../support/browser.ts'
import { goodPassword } from '../support/world.ts'
import { assertAccessible, openPage, settled } from './support/console-world.ts'

const browser = await launchBrowser()
afterEach(() => Promise.all(browser.contexts().map(context => context.close())))
after(() => browser.close())

/** The link of a start, from what it prints. */
async function printedLink(server: Propusk): Promise<URL> {
  await server.says(/or with this command/)
  const link = /^ {2}(http:\/\/\S+#token=\S+)$/m.exec(server.out())?.[1]
  assert.ok(link !== undefined, server.out())
  return new URL(link)
}

/** A server in a process of its own on an empty database, and the link that it has printed. */
async function firstStart() {
  const place = workplace()
  const server = await place.start()
  return { place, server, link: await printedLink(server) }
}

const words = {
  en: {
    heading: 'The first superuser',
    email: 'Email',
    first: 'First name',
    again: 'Password again',
    submit: 'Create the superuser',
    useless: 'This link no longer works',
    absent: 'Open this page with the link that the server prints',
    signIn: 'Sign in',
  },
  ru: {
    heading: 'Первый суперпользователь',
    email: 'Эл. почта',
    first: 'Имя',
    again: 'Пароль ещё раз',
    submit: 'Создать суперпользователя',
    useless: 'Эта ссылка больше не действует',
    absent: 'Откройте эту страницу по ссылке, которую сервер печатает',
    signIn: 'Войти',
  },
} as const

const assertFits = async (page: Page) => {
  const isWider = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
  assert.equal(isWider, false)
}

describe('the first start', () => {
  for (const look of [
    { locale: 'en', scheme: 'light', width: 1440 },
    { locale: 'ru', scheme: 'dark', width: 360 },
  ] as const) {
    test(`leads from the printed link to the overview, and the link is used up then (${look.locale})`, async () => {
      const said = words[look.locale]
      const { server, link } = await firstStart()
      const { page, complaints } = await openPage(browser, link.origin, look)
      const token = link.hash.slice('#token='.length)
      const sent: string[] = []
      page.on('request', request => sent.push(`${request.url()} ${JSON.stringify(request.headers())}`))

      await page.goto(link.href)
      await page.getByRole('heading', { name: said.heading }).waitFor()
      await page.getByLabel(said.email).waitFor()
      await settled(page)
      assert.equal(page.url(), `${link.origin}/console/setup/`)
      await assertAccessible(page, 'the form')
      await assertFits(page)

      // By keyboard alone; mistakes are told at their fields.
      assert.equal(
        await page.evaluate(() => (document.activeElement as HTMLInputElement).autocomplete),
        'username',
      )
      await page.keyboard.type('root@example.com')
      await page.getByLabel(said.first).focus()
      await page.keyboard.type('Анна')
      await page.locator('input[autocomplete=new-password]').first().focus()
      await page.keyboard.type('password')
      await page.getByLabel(said.again).focus()
      await page.keyboard.type('passwort')
      await page.keyboard.press('Enter')
      await page.locator('.mantine-InputWrapper-error').nth(1).waitFor()
      await assertAccessible(page, 'the form with mistakes')
      await assertFits(page)

      for (const field of await page.locator('input[autocomplete=new-password]').all())
        await field.fill(goodPassword)
      await page.keyboard.press('Enter')
      await page.waitForURL(url => url.pathname === '/console')
      await page.getByRole('heading', { level: 1 }).waitFor()
      await settled(page)
      await page.reload()
      await page.getByRole('heading', { level: 1 }).waitFor()
      assert.equal(new URL(page.url()).pathname, '/console')

      const { body } = await call(server.url, 'POST', '/login/', {
        body: { email: 'root@example.com', password: goodPassword },
      })
      const me = await call(server.url, 'GET', '/me/', { token: body.access })
      assert.deepEqual([me.body.is_superuser, me.body.first_name], [true, 'Анна'])

      // The same browser, which is signed in, and another one.
      const other = await openPage(browser, link.origin, look)
      for (const each of [page, other.page]) {
        await each.goto('about:blank')
        await each.goto(link.href)
        await each.getByRole('status').getByText(said.useless).waitFor()
        await settled(each)
        await assertAccessible(each, 'the used link')
        await assertFits(each)
        assert.equal(await each.locator('input').count(), 0)
      }
      await other.page.getByRole('link', { name: said.signIn }).click()
      await other.page.locator('input[autocomplete=current-password]').waitFor()

      assert.ok(sent.length > 5)
      assert.deepEqual(
        sent.filter(request => request.includes(token)),
        [],
      )
      assert.deepEqual([...complaints, ...other.complaints], [])
      assert.equal((await server.stop()).code, 0)
    })
  }

  test('says what the page is for when it is opened without a link, and takes the link of a newer start in the same tab', async () => {
    const { server, link } = await firstStart()
    const { page, go, complaints } = await openPage(browser, link.origin)
    await go('/console/setup/')
    await page.getByText(words.en.absent).waitFor()
    await assertAccessible(page, 'no link')
    // Only the fragment changes: nothing is loaded.
    await page.evaluate(hash => {
      window.location.hash = hash
    }, '#token=wrong')
    await page.getByText(words.en.useless).waitFor()
    await page.evaluate(hash => {
      window.location.hash = hash
    }, link.hash)
    await page.getByLabel(words.en.email).waitFor()
    assert.equal(page.url(), `${link.origin}/console/setup/`)
    assert.deepEqual(complaints, [])
    await server.stop()
  })

  test('the form says that the setup link was used while it was filled in', async () => {
    const { place, link } = await firstStart()
    const { page } = await openPage(browser, link.origin)
    await page.goto(link.href)
    await page.getByLabel(words.en.email).fill('root@example.com')
    for (const field of await page.locator('input[autocomplete=new-password]').all())
      await field.fill(goodPassword)
    assert.equal((await place.run('user create boss@example.org --superuser', goodPassword)).code, 0)
    await page.getByRole('button', { name: words.en.submit }).click()
    await page.getByRole('status').getByText(words.en.useless).waitFor()
  })
})
