import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import type { BrowserContext, Page, Route } from 'playwright-core'
import type { SessionKeeper } from '../../client/src/index.ts'
import { launchBrowser } from '../support/browser.ts'
import { eventually } from '../support/eventually.ts'
import { packedClient } from '../support/packed-client.ts'
import { testWorld } from '../support/world.ts'

const world = await testWorld()
const { origin } = new URL(await world.server.app.listen({ host: '127.0.0.1', port: 0 }))
const serveClient = await packedClient()
const browser = await launchBrowser()
after(() => browser.close())

/** The globals of a page below, and what its functions use of them. */
declare const session: SessionKeeper
type Store = 'storage' | 'cookie'

/** A page of the server's own origin, with a session of the client; `state` is that of its start. */
async function openTab(context: BrowserContext, store: Store): Promise<Page> {
  const page = await context.newPage()
  await page.route('**/redoc/**/*.js', route => route.abort())
  await page.goto(`${origin}/redoc/`)
  await page.evaluate(
    async ([origin, store]) => {
      const { createSession, storageTokens } = await import(`${origin}/client/index.js`)
      const kept = store === 'cookie' ? 'cookie' : storageTokens(localStorage)
      Object.assign(globalThis, { session: createSession({ baseUrl: origin, store: kept }) })
      await session.start()
    },
    [origin, store] as const,
  )
  return page
}

const stateOf = (page: Page) => page.evaluate(() => session.state)
const accessOf = (page: Page) => page.evaluate(async () => await session.read())
const emailOf = (page: Page) =>
  page.evaluate(async () => (await session.client.call('readProfile')).email as string)
/** As when the access token is refused: gives the next one, or what went wrong. */
const renew = (page: Page) =>
  page.evaluate(async () => {
    const access = await session.read()
    return await session.renew(access!).catch((error: unknown) => `failed: ${error}`)
  })

/** What each refresh meets with on its way, and how many run at the same time. */
async function interceptRefreshes(context: BrowserContext, act: (route: Route) => Promise<void>) {
  const counts = { sent: 0, running: 0, most: 0 }
  await context.route('**/refresh/', async route => {
    counts.sent += 1
    counts.running += 1
    counts.most = Math.max(counts.most, counts.running)
    try {
      await act(route)
    } finally {
      counts.running -= 1
    }
  })
  return counts
}

async function loseAnswer(route: Route): Promise<void> {
  await route.fetch()
  await route.abort('connectionreset')
}

for (const store of ['storage', 'cookie'] as const) {
  describe(`two tabs with a session of the client, whose refresh token is in a ${store}`, () => {
    const twoTabs = async () => {
      const context = await browser.newContext()
      await serveClient(context)
      const { email, password } = await world.register()
      const one = await openTab(context, store)
      await one.evaluate(account => session.signIn(account), { email, password })
      const two = await openTab(context, store)
      assert.deepEqual([await stateOf(two), await emailOf(two)], ['signed-in', email])
      return { context, one, two, email, password }
    }

    it('refresh one at a time, and both go on with one new access token', async () => {
      const { context, one, two, email } = await twoTabs()
      const counts = await interceptRefreshes(context, route => route.continue())
      const before = await accessOf(one)
      for (let round = 1; round <= 3; round++) {
        const [first, second] = await Promise.all([renew(one), renew(two)])
        assert.equal(first, second)
        assert.notEqual(first, before)
        assert.deepEqual([counts.sent, counts.most], [round, 1])
      }
      assert.deepEqual([await emailOf(one), await emailOf(two)], [email, email])
      const third = await openTab(context, store)
      assert.equal(await accessOf(third), await accessOf(one))
      assert.equal(counts.sent, 3, 'a tab that is opened takes over what the others have')
      await context.close()
    })

    it('stay signed in when an answer is lost, and one that is lost before a long sleep', async () => {
      const { context, one, two, email } = await twoTabs()
      let lost = 0
      const counts = await interceptRefreshes(context, route =>
        ++lost === 1 ? loseAnswer(route) : route.continue(),
      )
      const first = await renew(one)
      assert.match(first!, /^ey/)
      assert.equal(counts.sent, 2, 'the same token once more')
      assert.ok(await eventually(async () => (await accessOf(two)) === first))
      await context.unroute('**/refresh/')

      // The server has exchanged the token, and no answer comes through any more.
      await interceptRefreshes(context, loseAnswer)
      assert.match((await renew(one))!, /^failed/)
      assert.equal(await stateOf(one), 'signed-in')
      await context.unroute('**/refresh/')
      world.clock.advance(3 * 3_600_000)
      assert.equal(await emailOf(two), email)
      assert.equal(await emailOf(one), email)
      assert.match((await renew(two))!, /^ey/)
      assert.deepEqual([await stateOf(one), await stateOf(two)], ['signed-in', 'signed-in'])
      await context.close()
    })

    it('are signed out by a sign-out in one, and signed in by a sign-in in one', async () => {
      const { context, one, two, email, password } = await twoTabs()
      await one.evaluate(() => session.signOut())
      assert.equal(await stateOf(one), 'signed-out')
      assert.ok(await eventually(async () => (await stateOf(two)) === 'signed-out'))
      const third = await openTab(context, store)
      assert.equal(await stateOf(third), 'signed-out')
      await two.evaluate(account => session.signIn(account), { email, password })
      assert.ok(await eventually(async () => (await stateOf(one)) === 'signed-in'))
      assert.equal(await emailOf(one), email)
      await context.close()
    })

    it('are signed out when the server has ended the session', async () => {
      const { context, one, two } = await twoTabs()
      await world.call('POST', '/logout/', { token: await accessOf(one) })
      assert.match(await emailOf(two).catch(String), /no longer valid/)
      for (const tab of [one, two]) {
        assert.ok(await eventually(async () => (await stateOf(tab)) === 'signed-out'))
      }
      await context.close()
    })
  })
}
