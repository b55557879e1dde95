import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import { eventually } from '../support/eventually.ts'
import { consoleWorld } from './support/console-world.ts'

const world = await consoleWorld()

const tabCount = 12

/** Which pages hold a stream open, at any time: HTTP/1.1 has six connections for all of them. */
function watchStreams(context: BrowserContext): () => number {
  const open = new Set<object>()
  context.on('request', request => request.url().endsWith('/api/auth/events/') && open.add(request))
  context.on('requestfinished', request => open.delete(request))
  context.on('requestfailed', request => open.delete(request))
  return () => open.size
}

const hide = (page: Page, isHidden: boolean) =>
  page.evaluate(isHidden => {
    Object.defineProperty(document, 'visibilityState', {
      configurable: true,
      get: () => (isHidden ? 'hidden' : 'visible'),
    })
    document.dispatchEvent(new Event('visibilitychange'))
  }, isHidden)

const anna = (page: Page) => page.getByRole('row', { name: /Анна Петрова/ })
const live = (page: Page) => page.getByRole('img', { name: 'Live: changes appear automatically' }).waitFor()

beforeEach(() => rename('Анна'))

const rename = async (first_name: string) => {
  const { access } = await world.superuser()
  const { status } = await world.call('PATCH', '/users/4/', { token: access, body: { first_name } })
  assert.equal(status, 200)
}

describe('twelve tabs over HTTP/1.1', () => {
  test('share one stream: all follow, and the last one reads and saves', async () => {
    const { context, page: first } = await world.open({ as: 'superuser', at: '/console/users' })
    const streams = watchStreams(context)
    const pages = [first]
    while (pages.length < tabCount) {
      const page = await context.newPage()
      page.setDefaultTimeout(20_000)
      await page.goto(`${world.address}/console/users`)
      await anna(page).waitFor()
      pages.push(page)
    }
    const last = pages.at(-1)!
    await Promise.all(pages.map(live))
    assert.ok(streams() <= 1, `${streams()} streams`)

    await anna(last).click()
    await last.getByRole('button', { name: 'Edit', exact: true }).click()
    await last.getByRole('dialog').getByLabel('First name').fill('Аня')
    await last.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
    await last.getByRole('dialog').waitFor({ state: 'detached' })
    await Promise.all(
      pages.slice(0, -1).map(page => page.getByRole('row', { name: /Аня Петрова/ }).waitFor()),
    )

    // Another tab takes over when the one that follows is closed, and the rest miss nothing.
    await first.close()
    await rename('Анна')
    await Promise.all(pages.slice(1, -1).map(page => anna(page).waitFor()))

    // The end of the session reaches every tab.
    await last.keyboard.press('Escape')
    await last.getByRole('button', { name: /mr\.englishcat/ }).click()
    await last.getByRole('menuitem', { name: 'Sign out' }).click()
    await Promise.all(pages.slice(1).map(page => page.getByRole('heading', { name: 'Sign in' }).waitFor()))
  })

  test('follow nothing while hidden, and are up to date when seen again', async () => {
    const { context, page } = await world.open({ as: 'superuser' })
    const streams = watchStreams(context)
    await page.clock.install()
    await page.goto(`${world.address}/console/users`)
    await anna(page).waitFor()
    await live(page)
    assert.equal(streams(), 1)
    await hide(page, true)
    await page.clock.fastForward(11_000)
    assert.ok(await eventually(() => streams() === 0, 10_000), 'the stream ends')
    await rename('Анюта')
    await hide(page, false)
    await page.getByRole('row', { name: /Анюта Петрова/ }).waitFor()
    await live(page)
    assert.equal(streams(), 1)
    await rename('Анна')
    await anna(page).waitFor()
  })

  test('have a stream each where there are no locks, as over plain HTTP', async () => {
    const { context } = await world.open({ as: 'superuser' })
    const streams = watchStreams(context)
    await context.addInitScript(() => Reflect.deleteProperty(Navigator.prototype, 'locks'))
    const pages = [await context.newPage(), await context.newPage()]
    for (const page of pages) {
      await page.goto(`${world.address}/console/users`)
      await anna(page).waitFor()
      await live(page)
    }
    assert.equal(streams(), 2)
    await rename('Аня')
    for (const page of pages) await page.getByRole('row', { name: /Аня Петрова/ }).waitFor()
  })
})
