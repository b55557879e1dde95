import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { assertAccessible, consoleWorld } from './support/console-world.ts'

const world = await consoleWorld()

const form = (page: Page) => page.getByRole('dialog').filter({ has: page.locator('form') })
const question = (page: Page) => page.getByRole('dialog', { name: 'Discard what you entered?' })
const gone = (page: Page) => form(page).waitFor({ state: 'detached' })

const waysOut: Record<string, (page: Page) => Promise<void>> = {
  Escape: page => page.keyboard.press('Escape'),
  'the cross': page => form(page).getByRole('button', { name: 'Close', exact: true }).click(),
  'a click beside it': page => page.mouse.click(5, 5),
}

describe('a dialog with a form', () => {
  for (const [name, leave] of Object.entries(waysOut)) {
    test(`asks before ${name} loses what was typed`, async () => {
      const { page, complaints } = await world.open({ as: 'superuser', at: '/console/users?create=true' })
      await page.getByLabel('First name').fill('Vera')
      await leave(page)
      await question(page).waitFor()
      await assertAccessible(page, 'the question')
      await page.keyboard.press('Escape')
      await question(page).waitFor({ state: 'detached' })
      assert.equal(await page.getByLabel('First name').inputValue(), 'Vera', 'kept after Escape')
      await leave(page)
      await question(page).getByRole('button', { name: 'Keep editing' }).click()
      await question(page).waitFor({ state: 'detached' })
      assert.equal(await page.getByLabel('First name').inputValue(), 'Vera', 'kept after the button')
      await leave(page)
      await question(page).getByRole('button', { name: 'Discard' }).click()
      await gone(page)
      assert.deepEqual(complaints, [])
    })
  }

  test('asks nothing while nothing was typed, after it was taken back, and at «Cancel»', async () => {
    for (const path of ['/console/users?create=true', '/console/roles?create=true']) {
      const { page, go } = await world.open({ as: 'superuser', at: path })
      await form(page).waitFor()
      await page.keyboard.press('Escape')
      await gone(page)

      await go(path)
      const field = form(page).getByRole('textbox').first()
      await field.fill('typed')
      await field.fill('')
      await page.keyboard.press('Escape')
      await gone(page)

      await go(path)
      await form(page).getByRole('textbox').first().fill('typed')
      await form(page).getByRole('button', { name: 'Cancel' }).click()
      await gone(page)
    }
  })

  test('stays as it is when Escape closes the palette that lies over it', async () => {
    const { page } = await world.open({ as: 'superuser', at: '/console/users?create=true' })
    await page.getByLabel('First name').fill('Vera')
    await page.keyboard.press('Control+k')
    const palette = page.getByRole('combobox', { name: /A person, a role/ })
    await palette.waitFor()
    await page.keyboard.press('Escape')
    await palette.waitFor({ state: 'detached' })
    assert.equal(await page.getByLabel('First name').inputValue(), 'Vera')
    assert.equal(await question(page).count(), 0)
  })

  for (const path of [
    '/console/roles?create=true',
    '/console/resources?create=true',
    '/console/api-keys?create=true',
  ]) {
    test(`asks at ${path}, too`, async () => {
      const { page } = await world.open({ as: 'superuser', at: path })
      await form(page).getByRole('textbox').first().fill('Ledger')
      await page.keyboard.press('Escape')
      await question(page).waitFor()
    })
  }

  test('asks when a person is edited', async () => {
    const { page } = await world.open({ as: 'superuser', at: '/console/users/3' })
    await page.getByRole('button', { name: 'Edit', exact: true }).click()
    await form(page).getByRole('textbox').first().fill('other@example.com')
    await page.keyboard.press('Escape')
    await question(page).waitFor()
  })
})
