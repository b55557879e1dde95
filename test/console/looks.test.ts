import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { assertAccessible, consoleWorld, settled } from './support/console-world.ts'

const world = await consoleWorld()

const boxOf = async (page: Page, selector: string) => (await page.locator(selector).first().boundingBox())!

describe('for those who see less', () => {
  for (const path of ['/console/users', '/console/sessions', '/console/audit', '/console/matrix']) {
    test(`a zoom of 400 % leaves ${path} a list that can be read`, async () => {
      const { page } = await world.open({ as: 'superuser', at: path, width: 320, height: 256 })
      const list = page.locator('[role=grid]').first()
      await list.scrollIntoViewIfNeeded()
      const { height } = (await list.boundingBox())!
      assert.ok(height >= 200, `${height} px`)
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth), false)
    })
  }

  test('an empty list that is wider than a phone can be scrolled by keyboard', async () => {
    const { page } = await world.open({ as: 'superuser', at: '/console/outbox', width: 360, height: 740 })
    await page.getByText('No emails').waitFor()
    await assertAccessible(page, 'an empty list on a phone')
  })

  test('rows grow with the font of the reader', async () => {
    const { page, context, go } = await world.open({ as: 'superuser' })
    await context.addInitScript(() => {
      document.addEventListener('DOMContentLoaded', () => {
        document.documentElement.style.fontSize = '32px'
      })
    })
    await go('/console/users')
    const row = '[role=grid] [role=row][data-index="1"]'
    const { height } = await boxOf(page, row)
    assert.ok(height >= 80, `${height} px`)
    const overflow = await page
      .locator(`${row} [role=gridcell]`)
      .evaluateAll(cells => cells.map(cell => cell.scrollHeight - cell.parentElement!.clientHeight))
    assert.ok(
      overflow.every(pixels => pixels <= 0),
      overflow.join(),
    )
  })

  test('the ring of a checkbox in a list is not cut off, and the list is one stop of Tab', async () => {
    const { page } = await world.open({ as: 'superuser', at: '/console/users' })
    const cell = page
      .getByRole('gridcell')
      .filter({ has: page.getByRole('checkbox') })
      .first()
    assert.equal(await cell.evaluate(element => getComputedStyle(element).overflow), 'visible')
    const stops = page.locator('[role=gridcell] input[type=checkbox][tabindex="0"]')
    assert.equal(await stops.count(), 1)
    await page.getByRole('searchbox').focus()
    const ring = await page.getByRole('searchbox').evaluate(element => getComputedStyle(element).outlineWidth)
    assert.equal(ring, '2px')
  })

  test('what is chosen is framed where the system draws in its own colours', async () => {
    const { page } = await world.open({ as: 'superuser', at: '/console/sessions' })
    await page.emulateMedia({ forcedColors: 'active' })
    const chosen = page.getByRole('link', { name: 'Sessions', exact: true })
    assert.equal(await chosen.evaluate(element => getComputedStyle(element).outlineStyle), 'solid')
  })
})

describe('a list beside its detail', () => {
  test('is 320 px wide, is drawn wider by its handle or by arrows, and stays so', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser', at: '/console/users/4' })
    const edge = async () => (await boxOf(page, 'section:has(> * h2)')).x - (await boxOf(page, 'main')).x
    const detailStart = async () => Math.round(await edge())
    const usual = await detailStart()
    assert.ok(Math.abs(usual - 24 - 320) <= 2, `${usual} px`)
    const handle = page.getByRole('separator', { name: 'Width of the list' })
    const { x, y, height } = (await handle.boundingBox())!
    await page.mouse.move(x + 4, y + height / 2)
    await page.mouse.down()
    await page.mouse.move(x + 104, y + height / 2, { steps: 4 })
    await page.mouse.up()
    assert.ok(Math.abs((await detailStart()) - usual - 100) <= 2)
    await page.keyboard.press('ArrowLeft')
    assert.ok(Math.abs((await detailStart()) - usual - 84) <= 2)
    await settled(page)
    await assertAccessible(page, 'a list that was drawn wider')
    await go('/console/roles/1')
    assert.ok(Math.abs((await detailStart()) - usual - 84) <= 2)
    await handle.dblclick()
    assert.equal(await detailStart(), usual)
    assert.deepEqual(complaints, [])
  })

  test('leads to the row that a link has opened', async () => {
    const { page } = await world.open({ as: 'superuser', at: '/console/users/40' })
    await page.locator('[role=row][data-chosen]').waitFor()
    const row = await boxOf(page, '[role=row][data-chosen]')
    assert.ok(row.y > 0 && row.y + row.height <= 900, `${row.y}`)
  })
})

describe('a message', () => {
  for (const width of [1440, 360]) {
    test(`covers neither the last row nor a bar to save at ${width} px`, async () => {
      const { page } = await world.open({ as: 'superuser', at: '/console/matrix', width, height: 740 })
      const cell = page.getByRole('gridcell', { name: /^Administrator: documents:all/ })
      await cell.click()
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText('1 permission changed.').waitFor()
      await cell.click()
      const save = (await page.getByRole('button', { name: 'Save' }).boundingBox())!
      const message = await boxOf(page, '.mantine-Notifications-root[data-position="bottom-left"] > *')
      const bar = await boxOf(page, '[role=grid]')
      const isBeside = message.x + message.width <= bar.x || message.y + message.height <= save.y - 40
      assert.ok(isBeside, JSON.stringify({ message, save }))
      await page.getByRole('button', { name: 'Discard' }).click()
    })
  }
})

describe('heads of pages', () => {
  test('are of one height, and the title stands on one line with what can be done', async () => {
    const { page, go } = await world.open({ as: 'superuser' })
    const heights = new Map<string, number>()
    for (const path of ['users', 'sessions', 'roles', 'resources', 'actions', 'matrix', 'audit', 'try']) {
      await go(`/console/${path}`)
      const head = 'main header:has(> * h1)'
      heights.set(path, (await boxOf(page, head)).height)
      const title = await boxOf(page, `${head} h1`)
      const tools = page.locator(`${head} :is(button, input)`)
      if ((await tools.count()) === 0) continue
      const tool = (await tools.first().boundingBox())!
      const middle = ({ y, height }: { y: number; height: number }) => y + height / 2
      assert.ok(Math.abs(middle(title) - middle(tool)) <= 3, `${path}: ${middle(title)}, ${middle(tool)}`)
    }
    assert.equal(new Set(heights.values()).size, 1, JSON.stringify([...heights]))
  })
})

describe('on paper', () => {
  test('a page has no menu, and nothing of it is cut off', async () => {
    const { page } = await world.open({ as: 'superuser', at: '/console/users/4' })
    await page.emulateMedia({ media: 'print' })
    await page.getByRole('navigation', { name: 'Main navigation' }).waitFor({ state: 'hidden' })
    const overflow = await page.locator('main').evaluate(element => getComputedStyle(element).overflow)
    assert.equal(overflow, 'visible')
    await page.getByRole('heading', { name: 'Анна Петрова' }).waitFor()
  })
})

describe('an address without a page', () => {
  test('keeps the menu, and says so in the title of the tab', async () => {
    const { page } = await world.open({ as: 'superuser', at: '/console/nope' })
    await page.getByRole('heading', { name: 'There is no page at this address' }).waitFor()
    await page.getByRole('navigation', { name: 'Main navigation' }).waitFor()
    await page.waitForFunction(() => document.title.startsWith('There is no page'))
    await assertAccessible(page, 'no page')
  })

  test('with an id that is none, or a filter that is none, says what is wrong with it', async () => {
    const { page, go } = await world.open({ as: 'superuser', at: '/console/users/abc' })
    await page.getByText('The address of this page is not valid').waitFor()
    await go('/console/users/999999')
    await page.getByText('It has been deleted, or the link is wrong.').waitFor()
    await go('/console/audit?since=garbage')
    await settled(page)
    await page.getByText('The address of this page is not valid').waitFor()
  })

  test('the language is chosen before the sign-in by the keyboard, and the button has the focus back', async () => {
    const { page, complaints } = await world.open({ at: '/account/sign-in' })
    await page.getByRole('button', { name: /English/ }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('menuitemradio', { name: 'English', checked: true }).waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('menu').waitFor({ state: 'detached' })
    await page.waitForFunction(() =>
      document.activeElement?.getAttribute('aria-label')?.startsWith('English'),
    )
    await page.keyboard.press('Enter')
    await page.getByRole('menuitemradio', { name: 'Русский' }).click()
    await page.getByRole('heading', { name: 'Вход' }).waitFor()
    assert.deepEqual(complaints, [])
  })

  test('who is not on the staff can still sign out', async () => {
    const { page } = await world.open({ as: 'user', at: '/console' })
    await page.getByRole('heading', { name: 'The console is for staff' }).waitFor()
    await page.getByRole('button', { name: /user@example\.com/ }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).waitFor()
    assert.equal(await page.getByRole('menuitemradio', { checked: true }).count(), 2)
  })
})
