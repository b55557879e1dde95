import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { launchBrowser } from '../support/browser.ts'
import { testWorld } from '../support/world.ts'

const world = await testWorld()
const account = await world.register()
const address = await world.server.app.listen({ host: '127.0.0.1', port: 0 })
const browser = await launchBrowser()
after(() => browser.close())

/** A page that notes what it asked of other hosts and what its console complained about. */
async function openPage(path: string): Promise<{ page: Page; strangers: string[]; complaints: string[] }> {
  const page = await browser.newPage()
  const strangers: string[] = []
  const complaints: string[] = []
  page.on('request', request => {
    const url = request.url()
    if (!url.startsWith(address) && !url.startsWith('data:') && !url.startsWith('blob:')) strangers.push(url)
  })
  page.on('console', entry => {
    if (entry.type() === 'error' || entry.type() === 'warning') complaints.push(entry.text())
  })
  page.on('pageerror', error => complaints.push(error.message))
  await page.goto(`${address}${path}`)
  return { page, strangers, complaints }
}

describe('the documents in a browser, with no network', () => {
  test('Swagger UI signs in by trying the call, and the next call carries the token', async () => {
    const { page, strangers, complaints } = await openPage('/swagger/')
    const answerOf = async (operation: string, body?: object) => {
      const block = page.locator(`[id$="-${operation}"]`)
      // Of a long document Swagger UI draws what comes into view.
      while ((await block.count()) === 0) {
        await page.mouse.wheel(0, 400)
        await page.waitForTimeout(50)
      }
      await block.locator('.opblock-summary').first().click()
      if (body !== undefined) await block.locator('textarea').first().fill(JSON.stringify(body))
      const [response] = await Promise.all([
        page.waitForResponse(answer => answer.url().startsWith(`${address}/api/auth/`)),
        block.getByRole('button', { name: 'Execute' }).click(),
      ])
      return response
    }
    const signedIn = await answerOf('login', { email: account.email, password: account.password })
    assert.equal(signedIn.status(), 200)
    const profile = await answerOf('readProfile')
    assert.equal(profile.status(), 200)
    assert.equal((await profile.json()).email, account.email)
    assert.deepEqual({ strangers, complaints }, { strangers: [], complaints: [] })
    await page.close()
  })

  test('ReDoc shows every tag and asks no other host for anything', async () => {
    const { page, strangers, complaints } = await openPage('/redoc/')
    await page.getByRole('heading', { name: 'Sign-in and tokens' }).first().waitFor()
    const text = await page.locator('body').textContent()
    for (const tag of ['Own account', 'Users', 'Sessions', 'Roles', 'Access'])
      assert.match(text ?? '', new RegExp(tag))
    assert.deepEqual({ strangers, complaints }, { strangers: [], complaints: [] })
    await page.close()
  })
})
