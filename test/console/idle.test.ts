import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { assertAccessible, consoleWorld, type Locale } from './support/console-world.ts'

/** Long enough for a slow machine to draw between two of its events, short enough to wait for. */
const world = await consoleWorld({ PROPUSK_ACCESS_TTL: '2s', PROPUSK_SESSION_IDLE: '20s' })
const { stores } = world.core

const warning = (page: Page) => page.getByRole('dialog').filter({ has: page.getByRole('timer') })
const signInPage = (page: Page) => page.waitForURL(url => url.pathname === '/account/sign-in')
const sentence = (page: Page) => page.getByRole('status').filter({ hasText: /\S/ }).first().textContent()
const refreshesOf = (page: Page) => {
  const seen: string[] = []
  page.on('request', request => request.url().endsWith('/browser/refresh/') && seen.push(request.url()))
  return seen
}
/** Moves the mouse until `forMs` have gone. */
async function act(page: Page, forMs: number): Promise<void> {
  for (let step = 0; step * 500 < forMs; step++) {
    await page.mouse.move(300 + (step % 9), 300)
    await page.waitForTimeout(500)
  }
}

describe('a session that ends when it is idle', () => {
  test('goes on while its person acts, and is not warned of', async () => {
    const { page, complaints } = await world.open({ as: 'superuser', at: '/console' })
    let warned = false
    const watch = warning(page)
      .waitFor({ timeout: 24_000 })
      .then(() => {
        warned = true
      })
      .catch(() => undefined)
    await act(page, 22_000)
    assert.equal(new URL(page.url()).pathname, '/console')
    assert.equal(warned, false)
    await page.context().close()
    await watch
    assert.deepEqual(complaints, [])
  })

  for (const [locale, words] of [
    ['en', { title: 'Are you still there?', stay: 'Stay signed in', away: /you were away/ }],
    ['ru', { title: 'Вы ещё здесь?', stay: 'Остаться в системе', away: /Вы долго отсутствовали/ }],
  ] as const) {
    test(`warns, goes on by the button, and ends with its reason where nothing is done (${locale})`, async () => {
      const opened = await world.open({ as: 'superuser', locale: locale as Locale, width: 360, height: 740 })
      const { page, complaints, go } = opened
      await go('/console/users')
      const refreshes = refreshesOf(page)
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
      await warning(page).waitFor()
      await assertAccessible(page, 'the warning')
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
    const { page, go, signIn } = await world.open({ as: person })
    const type = async () => {
      await go('/account')
      await page.getByLabel('First name').fill('Vera')
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
    const { page, context } = await world.open({ as: 'superuser', at: '/console' })
    const other = await context.newPage()
    await other.goto(`${world.address}/console/roles`)
    await other.getByRole('heading').first().waitFor()
    await act(page, 22_000)
    assert.equal(new URL(other.url()).pathname, '/console/roles')
    assert.equal(await warning(other).count(), 0)
    await Promise.all([warning(page).waitFor(), warning(other).waitFor()])
    await warning(page).getByRole('button', { name: 'Stay signed in' }).click()
    await Promise.all([page, other].map(tab => warning(tab).waitFor({ state: 'detached' })))
    await Promise.all([page, other].map(signInPage))
  })

  test('that its owner asked to keep is not warned of, and refreshes by itself', async () => {
    const person = await world.register()
    const { page, go, signIn } = await world.open()
    await go('/account/sign-in')
    await page.getByLabel('Keep me signed in').check()
    await assertAccessible(page, 'the sign-in page')
    if (process.env.IDLE_SHOTS) await page.screenshot({ path: `${process.env.IDLE_SHOTS}/sign-in.png` })
    await signIn(person)
    await page.waitForTimeout(22_000)
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
