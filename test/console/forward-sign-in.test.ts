import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { forwardCookieName } from '../forward-auth/support/forward-cookie.ts'
import { rawGet } from '../forward-auth/support/raw-request.ts'
import { launchBrowser } from '../support/browser.ts'
import { lacksNginx, nginxSite, ordinary, reader } from '../support/nginx-site.ts'
import { assertAccessible, settled } from './support/console-world.ts'

describe('a browser before a site behind nginx, on https', { skip: lacksNginx }, () => {
  const site = nginxSite()
  let browser: Browser
  before(async () => {
    browser = await launchBrowser()
  })
  after(() => browser?.close())

  const open = async (): Promise<{ context: BrowserContext; page: Page }> => {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en-GB' })
    const page = await context.newPage()
    page.setDefaultTimeout(30_000)
    return { context, page }
  }
  const signInOn = async (page: Page, { email, password }: typeof ordinary) => {
    await page.locator('input[autocomplete~=username]').fill(email)
    await page.locator('input[autocomplete=current-password]').fill(password)
    await page.locator('button[type=submit]').click()
  }
  const isAt = (path: string) => (url: URL) => url.href === `${site.url}${path}`
  const ask = (path: string, cookie: string) =>
    rawGet(site.port, path, { host: 'site.propusk.localhost', headers: [cookie], isTls: true })

  it('leads a browser to the sign-in and back to the very address, and lets it go on from there', async () => {
    const { context, page } = await open()
    await page.goto(`${site.url}/open/`)
    await page.getByRole('heading', { name: 'Open' }).waitFor()
    assert.deepEqual(await context.cookies(), [])

    await page.goto(`${site.url}/reports/2026.html?of=%D1%8F&x=1#part`)
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    assert.equal(new URL(page.url()).origin, site.publicUrl)
    await signInOn(page, reader)
    await page.waitForURL(isAt('/reports/2026.html?of=%D1%8F&x=1#part'))
    await page.getByRole('heading', { name: 'Report of 2026' }).waitFor()
    await page.getByRole('link', { name: 'Home' }).click()
    await page.getByText('Whoever is signed in sees this page.').waitFor()

    const cookies = await context.cookies(site.url)
    assert.deepEqual(
      cookies.map(({ name, domain, path, httpOnly, secure, sameSite }) => [
        name,
        domain,
        path,
        httpOnly,
        secure,
        sameSite,
      ]),
      [[forwardCookieName, '.propusk.localhost', '/', true, true, 'Lax']],
    )
    await context.close()
  })

  it('leads one that is signed in already there and back without a question', async () => {
    const { context, page } = await open()
    await page.goto(`${site.publicUrl}/account/sign-in`)
    await signInOn(page, ordinary)
    await page.waitForURL(url => /^\/account\/?$/.test(url.pathname))
    await page.goto(`${site.url}/`)
    await page.waitForURL(isAt('/'))
    await page.getByText('Whoever is signed in sees this page.').waitFor()

    // What it may not see is a 403, and no way to the sign-in.
    const refused = await page.goto(`${site.url}/reports/2026.html`)
    assert.deepEqual([refused?.status(), page.url()], [403, `${site.url}/reports/2026.html`])
    await context.close()
  })

  it('is closed to it with the next request after a sign-out', async () => {
    const { context, page } = await open()
    await page.goto(`${site.url}/`)
    await signInOn(page, ordinary)
    await page.waitForURL(isAt('/'))
    const kept = (await context.cookies(site.url)).find(({ name }) => name === forwardCookieName)!
    const cookie = `Cookie: ${kept.name}=${kept.value}`
    assert.equal((await ask('/', cookie)).status, 200)

    const other = await context.newPage()
    await other.goto(`${site.publicUrl}/account/`)
    await settled(other)
    await other.getByRole('button', { name: new RegExp(ordinary.email) }).click()
    await other.getByRole('menuitem', { name: 'Sign out' }).click()
    await other.getByText('You have signed out.').waitFor()
    assert.deepEqual(await context.cookies(site.url), [])
    assert.equal((await ask('/', cookie)).status, 401)
    await page.reload()
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await context.close()
  })

  it('leads nobody around in circles when another host of the domain has set the cookie, too', async () => {
    const { context, page } = await open()
    await page.goto(`${site.url}/`)
    await signInOn(page, ordinary)
    await page.waitForURL(isAt('/'))
    const planted = { name: forwardCookieName, value: 'planted', secure: true, path: '/reports' } as const
    await context.addCookies([{ ...planted, domain: 'site.propusk.localhost' }])
    await page.goto(`${site.url}/reports/2026.html`)
    const note = page.getByText('sent you back at once')
    await note.waitFor()
    await assertAccessible(page, 'the page that stops a circle')
    await page.getByRole('button', { name: 'Try again' }).click()
    await note.waitFor()
    await context.clearCookies({ name: forwardCookieName, path: '/reports' })
    await page.goto(`${site.url}/`)
    await page.waitForURL(isAt('/'))
    await context.close()
  })

  it('leads to no other address than one of the domain that has a rule', async () => {
    const { context, page } = await open()
    await page.goto(`${site.publicUrl}/account/sign-in`)
    await signInOn(page, ordinary)
    await page.waitForURL(url => /^\/account\/?$/.test(url.pathname))
    for (const to of [
      'https://example.com/',
      'javascript:alert(1)',
      site.publicUrl,
      `${site.url}@example.com/`,
      '',
    ]) {
      await page.goto(`${site.publicUrl}/account/forward?to=${encodeURIComponent(to)}`)
      await page.getByRole('alert').waitFor()
      await settled(page)
      assert.equal(new URL(page.url()).pathname, '/account/forward', to)
    }
    await assertAccessible(page, 'the page that leads nowhere')
    await context.close()
  })
})
