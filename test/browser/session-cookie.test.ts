import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, describe, test } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import { launchBrowser } from '../support/browser.ts'
import { testWorld } from '../support/world.ts'

const world = await testWorld()
const account = await world.register()
const credentials = { email: account.email, password: account.password }
const { port } = new URL(await world.server.app.listen({ host: '127.0.0.1', port: 0 }))

/** Another site on this machine: another port is the same site to a browser, and another origin. */
const stranger = createServer((_request, response) => response.end('<!doctype html>'))
await new Promise<void>(resolve => stranger.listen(0, '127.0.0.1', resolve))
const strangerPort = (stranger.address() as AddressInfo).port

const browser = await launchBrowser()
after(async () => {
  await browser.close()
  stranger.close()
})

/** A page of the server's own origin. What it would show does not matter here, so its scripts are left out. */
async function ownPage(context: BrowserContext, origin: string): Promise<Page> {
  const page = await context.newPage()
  await page.route('**/*.js', route => route.abort())
  await page.goto(`${origin}/redoc/`)
  return page
}

interface Init {
  readonly method?: 'POST'
  readonly headers?: Record<string, string>
  readonly body?: string
  readonly mode?: 'no-cors'
  readonly credentials?: 'include'
}

/** Calls from within the page, as its own scripts would. */
const callFrom = (page: Page, url: string, init: Init) =>
  page.evaluate(
    async ([url, init]) => {
      const answer = await fetch(url, init).catch(() => undefined)
      return answer && { status: answer.status, body: await answer.json().catch(() => undefined) }
    },
    [url, init] as const,
  )

const json = (body: unknown): Init => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

for (const host of ['localhost', '127.0.0.1']) {
  describe(`a page of the server in a browser, at ${host}`, () => {
    const origin = `http://${host}:${port}`
    const api = `${origin}/api/auth`

    test('signs in, outlives a reload, and no script can read what it lives by', async () => {
      const context = await browser.newContext()
      const page = await ownPage(context, origin)
      assert.equal((await callFrom(page, `${api}/browser/login/`, json(credentials)))?.status, 200)
      assert.equal(await page.evaluate('document.cookie'), '')
      await page.reload()
      const refreshed = await callFrom(page, `${api}/browser/refresh/`, json({}))
      assert.equal(refreshed?.status, 200)
      const headers = { authorization: `Bearer ${refreshed?.body.access}` }
      assert.equal((await callFrom(page, `${api}/me/`, { headers }))?.body.email, account.email)
      assert.equal((await callFrom(page, `${api}/me/`, {}))?.status, 401)
      const cookies = await context.cookies()
      assert.deepEqual(cookies.map(({ name }) => name).sort(), ['__Host-propusk', '__Host-propusk-device'])
      const cookie = cookies.find(({ name }) => name === '__Host-propusk')
      assert.deepEqual(
        { ...cookie, value: '', expires: 0 },
        {
          name: '__Host-propusk',
          value: '',
          domain: host,
          path: '/',
          expires: 0,
          httpOnly: true,
          secure: true,
          sameSite: 'Strict',
        },
      )
      assert.equal((await callFrom(page, `${api}/browser/logout/`, json({})))?.status, 204)
      // The device is known beyond the session.
      assert.deepEqual(
        (await context.cookies()).map(({ name }) => name),
        ['__Host-propusk-device'],
      )
      assert.equal((await callFrom(page, `${api}/browser/refresh/`, json({})))?.status, 401)
      await context.close()
    })

    test('keeps its session whatever a page of another origin sends', async () => {
      const context = await browser.newContext()
      const page = await ownPage(context, origin)
      await callFrom(page, `${api}/browser/login/`, json(credentials))
      const foreign = await context.newPage()
      await foreign.goto(`http://${host}:${strangerPort}/`)
      world.log.length = 0
      const credentialsOf = { credentials: 'include' } as const
      for (const path of ['/browser/logout/', '/browser/refresh/']) {
        await callFrom(foreign, `${api}${path}`, { ...json({}), ...credentialsOf })
        await callFrom(foreign, `${api}${path}`, {
          method: 'POST',
          body: '{}',
          mode: 'no-cors',
          ...credentialsOf,
        })
      }
      await foreign.setContent(
        `<form method="post" enctype="text/plain" action="${api}/browser/logout/"></form>`,
      )
      await Promise.all([foreign.waitForNavigation(), foreign.evaluate('document.forms[0].submit()')])
      // What needs a preflight never left the browser; what needs none was refused by what the browser said of it.
      const answers = world.log.map(line => JSON.parse(line)).filter(({ path }) => path.includes('/browser/'))
      const posted = answers.filter(({ method }) => method === 'POST').map(({ code }) => code)
      assert.deepEqual(posted, Array(3).fill('cross_site_request'))
      assert.equal((await callFrom(page, `${api}/browser/refresh/`, json({})))?.status, 200)
      await context.close()
    })
  })
}
