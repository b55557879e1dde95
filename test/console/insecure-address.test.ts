import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import { launchBrowser } from '../support/browser.ts'
import { assertAccessible, consoleWorld, openPage } from './support/console-world.ts'

const world = await consoleWorld()

/** The same server under a name that is not loopback: the browser alone resolves it. */
const host = 'auth.example.com'
const plainHttp = `http://${host}:${new URL(world.address).port}`
const browser = await launchBrowser([`--host-resolver-rules=MAP ${host} 127.0.0.1`])
after(() => browser.close())

const openOverPlainHttp = (locale: 'en' | 'ru', at: string) => openPage(browser, plainHttp, { locale, at })

describe('an address without HTTPS', () => {
  for (const [path, title] of [
    ['/account/sign-in', 'Sign in'],
    ['/account/register', 'account'],
  ]) {
    test(`says at ${path} that the browser will not keep the session, and what to do`, async () => {
      const { page } = await openOverPlainHttp('en', path!)
      await page.getByRole('heading', { name: title! }).waitFor()
      assert.equal(await page.evaluate(() => isSecureContext), false)
      await page.getByText('Your browser will not keep the session').waitFor()
      const link = page.getByRole('link', { name: 'https://auth.example.com/' })
      assert.equal(await link.getAttribute('href'), 'https://auth.example.com/')
      await assertAccessible(page, path!)
    })
  }

  test('says so in Russian', async () => {
    const { page } = await openOverPlainHttp('ru', '/account/sign-in')
    await page.getByText('Браузер не сохранит сеанс').waitFor()
  })

  test('is not warned of on loopback, where browsers keep the cookie', async () => {
    const { page } = await world.open({ at: '/account/sign-in' })
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    assert.equal(await page.getByText('Your browser will not keep the session').count(), 0)
  })
})
