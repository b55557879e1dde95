import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { assertAccessible, consoleWorld, settled } from './support/console-world.ts'

const world = await consoleWorld()

describe('what is not there', () => {
  test('is said in the frame of the console, with its menu and a way back', async () => {
    const { page, go } = await world.open({ as: 'superuser' })
    for (const path of ['nope', 'forward-rules/5', 'users/4/nope', 'settings/x/y']) {
      await go(`/console/${path}`)
      await page.getByRole('heading', { name: 'There is no page at this address' }).waitFor()
      assert.match(await page.title(), /^There is no page at this address/)
      await page.getByRole('navigation', { name: 'Main navigation' }).waitFor()
      assert.equal(await page.getByRole('link', { name: 'To the overview' }).count(), 1, path)
    }
    await settled(page)
    await assertAccessible(page, 'a page that is not there')
    for (const [path, title] of [
      ['users/999999', 'Not found'],
      ['sessions/999999', 'Not found'],
      ['audit/999999', 'Not found'],
      ['roles/999999', 'This role no longer exists'],
      ['resources/999999', 'This resource no longer exists'],
      ['actions/999999', 'This action no longer exists'],
      ['api-keys/999999', 'There is no such key'],
    ] as const) {
      await go(`/console/${path}`)
      await page.getByRole('alert').getByText(title).waitFor()
      await page.getByText('It has been deleted, or the link is wrong.').waitFor()
      await page.getByRole('main').getByRole('button', { name: 'Close' }).waitFor()
      await page.getByRole('navigation', { name: 'Main navigation' }).waitFor()
    }
  })

  test('is said in the frame of the account, with a way on and out', async () => {
    const { page, go } = await world.open({ as: 'user', locale: 'ru' })
    await go('/account/nope')
    await page.getByRole('heading', { name: 'По этому адресу страницы нет' }).waitFor()
    await page.getByRole('navigation', { name: 'Моя учётная запись' }).waitFor()
    await page.getByRole('link', { name: 'К моей учётной записи' }).waitFor()
    await page.getByRole('button', { name: /user@example\.com/ }).waitFor()
  })

  test('is no reason to leave people who are not on the staff without a menu', async () => {
    const { page } = await world.open({ as: 'user', at: '/console/users' })
    await page.getByRole('heading', { name: 'The console is for staff' }).waitFor()
    assert.match(await page.title(), /^The console is for staff/)
    await settled(page)
    await assertAccessible(page, 'the console for those who are not on the staff')
    await page.getByRole('navigation', { name: 'My account' }).getByRole('link', { name: 'Password' }).click()
    await page.waitForURL('**/account/password')
  })
})
