import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { assertAccessible, consoleWorld, settled } from './support/console-world.ts'

const world = await consoleWorld()

async function ask(page: Page, typed: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: /^(?:A person, a role|Пользователь, роль)/ }).fill(typed)
}
const option = (page: Page, name: string | RegExp) => page.getByRole('option', { name }).first()

describe('the palette', () => {
  test('finds acts by their names in both languages, and by other words for them', async () => {
    const { page, complaints } = await world.open({ as: 'superuser', at: '/console/roles' })
    await ask(page, 'тёмное')
    await option(page, 'Dark appearance').click()
    await page.waitForFunction(() => document.documentElement.dataset.mantineColorScheme === 'dark')
    await ask(page, 'language russian')
    await option(page, 'Language: Russian').click()
    await page.getByRole('heading', { name: 'Роли' }).waitFor()
    for (const [typed, found] of [
      ['log out', 'Выйти'],
      ['download people', 'Выгрузить пользователей (CSV)'],
      ['sessions', /^Сеансы/],
      ['создать', 'Новый пользователь…'],
    ] as const) {
      await ask(page, typed)
      await option(page, found).waitFor()
      await page.keyboard.press('Escape')
    }
    assert.deepEqual(complaints, [])
  })

  test('finds by identifiers: a number, an address, a permission, an address of the network', async () => {
    const { page } = await world.open({ as: 'superuser', at: '/console/roles' })
    await ask(page, '#4')
    await option(page, /Анна Петрова/).waitFor()
    await option(page, 'Session 4').waitFor()
    await settled(page)
    await assertAccessible(page, 'the palette')
    await option(page, /Анна Петрова/).click()
    await page.waitForURL('**/console/users/4')
    await ask(page, 'admin@example.com')
    await option(page, /Ольга Смирнова/).waitFor()
    await page.keyboard.press('Escape')
    await ask(page, 'users:read')
    await option(page, 'Who has users:read').click()
    await page.waitForURL(/console\/resources\/\d+\?with=read/)
    await ask(page, '203.0.113.24')
    await option(page, 'Find “203.0.113.24” in the audit').click()
    await page.waitForURL('**/console/audit?address=203.0.113.24')
  })

  test('begins an act with the person who is named, which asks before it is done', async () => {
    const { page } = await world.open({ as: 'superuser', at: '/console/roles' })
    await ask(page, 'deactivate carter')
    await option(page, /Deactivate Emily Carter…/).click()
    const dialog = page.getByRole('dialog', { name: /Emily Carter/ })
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await dialog.waitFor({ state: 'detached' })
    assert.equal(new URL(page.url()).search, '')
    await ask(page, 'carter')
    await option(page, /End all sessions of Emily Carter…/).waitFor()
  })

  test('offers nobody what they may not do', async () => {
    const { page } = await world.open({ as: 'admin', at: '/console/users' })
    await ask(page, 'new')
    await option(page, 'New user…').waitFor()
    assert.equal(await page.getByRole('option', { name: 'New API key…' }).count(), 0)
  })
})

describe('the help of the keys', () => {
  test('opens on «?», but not in a field, and names the pages that one may see', async () => {
    const { page } = await world.open({ as: 'admin', at: '/console/users' })
    await page.getByRole('searchbox').fill('')
    await page.keyboard.type('?')
    assert.equal(await page.getByRole('dialog').count(), 0)
    await page.getByRole('searchbox').fill('')
    await page.getByRole('heading', { name: 'Users' }).click()
    await page.keyboard.type('?')
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await help.getByText('Search, jump and run a command').waitFor()
    await assertAccessible(page, 'the help of the keys')
    assert.equal(await help.getByText('API keys').count(), 0)
    await page.keyboard.press('Escape')
    await help.waitFor({ state: 'detached' })
  })
})
