import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { accounts, assertAccessible, consoleWorld } from './support/console-world.ts'

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
    await dialog.getByLabel('Second factor').check()
    await dialog.getByLabel('Maximum age of sign-in').fill('600')
    await assertAccessible(page, 'the form of a rule')
    await dialog.getByRole('button', { name: 'Add rule' }).click()
    await page.getByText('Rule for app.example.org/reports/* added.').waitFor()

    await page.getByRole('textbox', { name: 'Host', exact: true }).fill('app.example.org')
    await page.getByRole('textbox', { name: 'Path', exact: true }).fill('/reports/x')
    await page.getByRole('button', { name: 'Check', exact: true }).click()
    await page.getByText('Sign-in required (401)').waitFor()
    await page.getByText('Rule: app.example.org/reports/*').waitFor()
    const { access: token } = await world.login(accounts.superuser)
    const { body } = await world.call('GET', '/forward_rules/', { token })
    assert.deepEqual([body.results[0].acr, body.results[0].max_age], ['aal2', 600])
    await page.getByRole('textbox', { name: 'Path', exact: true }).fill('/reports/../x')
    await page.getByRole('button', { name: 'Check', exact: true }).click()
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
    await page.getByText('Rule for app.example.org/papers/* changed.').waitFor()

    await rowsOf(page).filter({ hasText: '/papers/*' }).click()
    await dialog.getByRole('button', { name: 'Delete' }).click()
    const question = page.getByRole('alertdialog').or(page.getByRole('dialog', { name: 'Delete the rule' }))
    await question.getByRole('button', { name: 'Delete' }).click()
    await page.getByText('Rule for app.example.org/papers/* deleted.').waitFor()
    await page.getByText('No rules yet').waitFor()
    assert.deepEqual(complaints, [])
  })

  test('the second of two editors of a rule sees the change of the first, and keeps what was typed', async () => {
    const { access: token } = await world.login(accounts.superuser)
    const ask = async (method: string, path: string, body?: unknown) => {
      const answer = await world.call(method, path, { token, ...(body !== undefined && { body }) })
      assert.ok(answer.status < 300, answer.text)
      return answer.body
    }
    const { id } = await ask('POST', '/forward_rules/', {
      host: 'a.example.org',
      path: '/*',
      access: 'public',
    })
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go('/console/forward-rules')
    await rowsOf(page).filter({ hasText: 'a.example.org' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Path').fill('/typed/*')

    await ask('PATCH', `/forward_rules/${id}/`, { access: 'signed_in', methods: ['GET', 'POST'] })
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByText('Someone else has changed this since you opened it.').waitFor()
    assert.equal((await ask('GET', `/forward_rules/${id}/`)).path, '/*')

    await dialog.getByRole('button', { name: 'Reload, keeping what I typed' }).click()
    await dialog.getByText('POST').first().waitFor()
    await assertAccessible(page, 'the form of a rule that was loaded anew')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Rule for a.example.org/typed/* changed.').waitFor()
    const { path, access, methods } = await ask('GET', `/forward_rules/${id}/`)
    assert.deepEqual([path, access, methods], ['/typed/*', 'signed_in', ['GET', 'POST']])

    // Deleting rests on what was shown as well.
    await rowsOf(page).filter({ hasText: '/typed/*' }).click()
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await ask('PATCH', `/forward_rules/${id}/`, { access: 'public' })
    const question = page.getByRole('alertdialog').or(page.getByRole('dialog', { name: 'Delete the rule' }))
    await question.getByRole('button', { name: 'Delete' }).click()
    await page
      .getByText(/changed/i)
      .first()
      .waitFor()
    assert.equal((await ask('GET', `/forward_rules/${id}/`)).access, 'public')
    assert.deepEqual(complaints, [])
  })
})
