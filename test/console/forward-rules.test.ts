import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { assertAccessible, consoleWorld } from './support/console-world.ts'

const world = await consoleWorld()
const rowsOf = (page: Page) => page.getByRole('grid').locator('[role=row][data-index]')

describe('the page of forward-auth rules', () => {
  test('a rule is added and asked about', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go('/console/forward-rules')
    await page.getByText('No rules yet').waitFor()
    await assertAccessible(page, 'the page without rules')

    await page.getByRole('button', { name: 'New rule' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Host').fill('app.example.org')
    await dialog.getByLabel('Path').fill('/reports/*')
    await assertAccessible(page, 'the form of a rule')
    await dialog.getByRole('button', { name: 'Add the rule' }).click()
    await page.getByText('The rule for app.example.org/reports/* is added.').waitFor()

    await page.getByRole('textbox', { name: 'Host', exact: true }).fill('app.example.org')
    await page.getByRole('textbox', { name: 'Path', exact: true }).fill('/reports/x')
    await page.getByRole('button', { name: 'Ask', exact: true }).click()
    await page.getByText('Is asked to sign in (401)').waitFor()
    await page.getByText('Rule: app.example.org/reports/*').waitFor()
    await page.getByRole('textbox', { name: 'Path', exact: true }).fill('/reports/../x')
    await page.getByRole('button', { name: 'Ask', exact: true }).click()
    await page.getByText('could be read in two ways').waitFor()

    assert.deepEqual(complaints, [])
  })

  test('a rule is changed, and deleted after a question', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go('/console/forward-rules')
    await rowsOf(page).filter({ hasText: '/reports/*' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Path').fill('/papers/*')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByText('The rule for app.example.org/papers/* is changed.').waitFor()

    await rowsOf(page).filter({ hasText: '/papers/*' }).click()
    await dialog.getByRole('button', { name: 'Delete' }).click()
    const question = page.getByRole('alertdialog').or(page.getByRole('dialog', { name: 'Delete the rule' }))
    await question.getByRole('button', { name: 'Delete' }).click()
    await page.getByText('The rule for app.example.org/papers/* is deleted.').waitFor()
    await page.getByText('No rules yet').waitFor()
    assert.deepEqual(complaints, [])
  })
})
