import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import { assertAccessible, consoleWorld, type Locale } from './support/console-world.ts'

/** Minutes, so that a slow machine does whatever it has to within them; they pass by the clocks of server and browser. */
const world = await consoleWorld({ PROPUSK_ACCESS_TTL: '2s', PROPUSK_SESSION_IDLE: '10m' })
const { stores } = world.core
const secondMs = 1_000
const minuteMs = 60 * secondMs
/** The last two are warned of. */
const untilWarningMs = 8 * minuteMs + secondMs
const wholeMs = 10 * minuteMs + 2 * secondMs

/** Time goes on for the server and for every page of the browser. */
async function pass({ clock }: BrowserContext, ms: number): Promise<void> {
  world.clock.advance(ms)
  await clock.fastForward(ms)
}

const warning = (page: Page) => page.getByRole('dialog').filter({ has: page.getByRole('timer') })
const signInPage = (page: Page) => page.waitForURL(url => url.pathname === '/account/sign-in')
const sentence = (page: Page) => page.getByRole('status').filter({ hasText: /\S/ }).first().textContent()
const refreshesOf = (page: Page) => {
  const seen: string[] = []
  page.on('request', request => request.url().endsWith('/browser/refresh/') && seen.push(request.url()))
  return seen
}
/** Moves the mouse once a minute for so long: each time the session is used. */
async function act(page: Page, forMs: number): Promise<void> {
  for (let passedMs = 0; passedMs < forMs; passedMs += minuteMs + secondMs) {
    await pass(page.context(), minuteMs + secondMs)
    // None is due where the page has counted the last answer late: then the next time.
    const used = page
      .waitForResponse(answer => answer.url().endsWith('/browser/refresh/'), { timeout: 10_000 })
      .then(answer => answer.finished())
      .catch(() => undefined)
    await page.mouse.move(300 + ((passedMs / secondMs) % 9), 300)
    await used
  }
}

describe('a session that ends when it is idle', () => {
  test('goes on while its person acts, and is not warned of', async () => {
    const { page, context, complaints, go } = await world.open({ as: 'superuser' })
    await context.clock.install()
    await go('/console')
    const refreshes = refreshesOf(page)
    await act(page, 11 * minuteMs)
    assert.equal(new URL(page.url()).pathname, '/console')
    assert.equal(await warning(page).count(), 0)
    assert.ok(refreshes.length > 0)
    assert.deepEqual(complaints, [])
  })

  for (const [locale, words] of [
    ['en', { title: 'Are you still there?', stay: 'Stay signed in', away: /you were inactive/ }],
    ['ru', { title: 'Вы ещё здесь?', stay: 'Остаться в системе', away: /Вы долго не были активны/ }],
  ] as const) {
    test(`warns, goes on by the button, and ends with its reason where nothing is done (${locale})`, async () => {
      const opened = await world.open({ as: 'superuser', locale: locale as Locale, width: 360, height: 740 })
      const { page, context, complaints, go } = opened
      await context.clock.install()
      await go('/console/users')
      const refreshes = refreshesOf(page)
      await pass(context, untilWarningMs)
      await warning(page).waitFor()
      assert.deepEqual(refreshes, [], 'what the page asks by itself is no use of the session')
      assert.ok(await warning(page).getByText(words.title).isVisible())
      const stay = warning(page).getByRole('button', { name: words.stay })
      assert.ok(await stay.evaluate(button => button === document.activeElement))
      if (process.env.IDLE_SHOTS)
        await page.screenshot({ path: `${process.env.IDLE_SHOTS}/warning-${locale}.png` })
      const isTooWide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)
      assert.equal(isTooWide, false)
      await page.keyboard.press('Enter')
      await warning(page).waitFor({ state: 'detached' })
      assert.equal(refreshes.length, 1)
      await pass(context, untilWarningMs)
      await warning(page).waitFor()
      await assertAccessible(page, 'the warning')
      await pass(context, 2 * minuteMs)
      await signInPage(page)
      assert.match((await sentence(page)) ?? '', words.away)
      if (process.env.IDLE_SHOTS)
        await page.screenshot({ path: `${process.env.IDLE_SHOTS}/away-${locale}.png` })
      await assertAccessible(page, 'the sign-in page')
      assert.deepEqual(complaints, [])
    })
  }

  test('gives back to the same person what they had typed, and to no other', async () => {
    const person = await world.register()
    await world.core.transaction(({ users }) =>
      users.update(person.id as never, { isStaff: true, isSuperuser: true } as never, world.clock.nowMs()),
    )
    const { page, context, go, signIn } = await world.open({ as: person })
    await context.clock.install()
    const type = async () => {
      await go('/account')
      await page.getByLabel('First name').fill('Vera')
      await pass(context, wholeMs)
      await signInPage(page)
      await page.getByText('What you typed is kept').waitFor()
    }
    await type()
    await signIn(person)
    assert.equal(await page.getByLabel('First name').inputValue(), 'Vera')
    await type()
    await signIn(await world.register())
    assert.equal(await page.getByLabel('First name').inputValue(), '')
  })

  test('an act in one tab counts for all, and so does the answer to the warning', async () => {
    const { page, context, go } = await world.open({ as: 'superuser' })
    await context.clock.install()
    await go('/console')
    const other = await context.newPage()
    await other.goto(`${world.address}/console/roles`)
    await other.getByRole('heading').first().waitFor()
    await act(page, 11 * minuteMs)
    assert.equal(new URL(other.url()).pathname, '/console/roles')
    assert.equal(await warning(other).count(), 0)
    await pass(context, untilWarningMs)
    await Promise.all([warning(page).waitFor(), warning(other).waitFor()])
    await warning(page).getByRole('button', { name: 'Stay signed in' }).click()
    await Promise.all([page, other].map(tab => warning(tab).waitFor({ state: 'detached' })))
    await pass(context, wholeMs)
    await Promise.all([page, other].map(signInPage))
  })

  test('that its owner asked to keep is not warned of, and refreshes by itself', async () => {
    const person = await world.register()
    const { page, context, go, signIn } = await world.open()
    await context.clock.install()
    await go('/account/sign-in')
    await page.getByLabel('Keep me signed in').check()
    await assertAccessible(page, 'the sign-in page')
    if (process.env.IDLE_SHOTS) await page.screenshot({ path: `${process.env.IDLE_SHOTS}/sign-in.png` })
    await signIn(person)
    await pass(context, wholeMs)
    await page.reload()
    await page.getByLabel('First name').waitFor()
    assert.equal(await warning(page).count(), 0)
    assert.equal(new URL(page.url()).pathname, '/account')
    const live = await stores.sessions.listLive(person.id as never, world.clock.nowMs())
    assert.ok(live.some(({ expiresAtMs, createdAtMs }) => expiresAtMs - createdAtMs > 3_600_000))
  })
})

describe('the sign-in page of a server without an idle time', async () => {
  const plain = await consoleWorld()

  test('offers no choice of it', async () => {
    const { page, go } = await plain.open()
    const [options] = await Promise.all([
      page.waitForResponse(answer => answer.url().endsWith('/sign_in/options/')),
      go('/account/sign-in'),
    ])
    assert.equal((await options.json()).session_idle, false)
    assert.equal(await page.getByLabel('Keep me signed in').count(), 0)
  })
})
