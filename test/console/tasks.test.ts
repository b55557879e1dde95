import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { goodPassword } from '../support/world.ts'
import { accounts, assertAccessible, consoleWorld, settled } from './support/console-world.ts'
import { counted } from './support/counted.ts'

/**
 * Tasks of an administrator and of a person, each walked as somebody would who knows the console a little, and counted.
 * Those that other products have, too, are bound in `task-bounds.ts`; the others by what they take now.
 */
const world = await consoleWorld()

let token: string
before(async () => {
  ;({ access: token } = await world.login(accounts.superuser))
})

const ask = async (method: string, path: string, body?: unknown) => {
  const answer = await world.call(method, path, { token, ...(body !== undefined && { body }) })
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.text}`)
  return answer.body
}

const menu = (page: Page, name: string) =>
  page.getByRole('navigation').getByRole('link', { name, exact: true })

let made = 0
/** An account of the test's own, so that tests do not meet in one. */
async function makePerson(first_name: string, roles: readonly string[] = []) {
  made += 1
  const email = `${first_name.toLowerCase()}-${made}@tasks.example`
  const { id } = await ask('POST', '/users/', { email, first_name, password: goodPassword, roles })
  return { id: id as number, email, first_name, password: goodPassword }
}

describe('what an administrator does', () => {
  test('a new resource leads on to a role for it, to its permissions, and to two people at once', async () => {
    const people = [await makePerson('Invokentij'), await makePerson('Invaria')]
    const { page, go, assertWithin, complaints } = await counted(world, { as: 'superuser' })
    await go('/console')
    await menu(page, 'Resources').click()
    await page.getByRole('button', { name: 'New resource' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    await settled(page)
    await page.keyboard.type('Invoices')
    await page.keyboard.press('Enter')
    await page.getByRole('link', { name: 'New role for it' }).click()
    await dialog.waitFor()
    await settled(page)
    await page.keyboard.type('Bookkeeper')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Bookkeeper' }).waitFor()
    await settled(page)
    // The grid shows the new resource alone: it is the one that the role was made for.
    await page.getByRole('gridcell', { name: /^invoices:read,/ }).click()
    await page.getByRole('gridcell', { name: /^invoices:create,/ }).click()
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByText('Permissions of “Bookkeeper” changed').waitFor()
    await page.getByRole('button', { name: 'Grant to people…' }).click()
    for (const { first_name } of people) {
      await dialog.getByRole('combobox', { name: 'People' }).pressSequentially(first_name)
      await page.getByRole('option', { name: new RegExp(first_name) }).click()
    }
    await dialog.getByText('2 people gain 2 permissions.').waitFor()
    await assertAccessible(page, 'granting a role to several people')
    await dialog.getByRole('button', { name: 'Grant to 2 people' }).click()
    await page.getByText('Role “Bookkeeper” granted to 2 people').waitFor()
    for (const { id } of people) {
      assert.deepEqual((await ask('GET', `/users/${id}/`)).roles, ['bookkeeper'])
    }
    assertWithin('newResource', { clicks: 10, keys: 37, decisions: 14 })
    assert.deepEqual(complaints, [])
  })

  test('all sessions of a person end but one, from the page of the person', async () => {
    const person = await makePerson('Ivetta')
    const sessions = [await world.login(person), await world.login(person), await world.login(person)]
    const { page, go, effort, complaints } = await counted(world, { as: 'superuser' })
    await go(`/console/users/${person.id}`)
    await page.getByRole('button', { name: 'End all but one…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'End 2 other sessions' }).waitFor()
    await settled(page)
    await assertAccessible(page, 'choosing the session that goes on')
    await dialog.getByRole('radio').last().check()
    await dialog.getByRole('button', { name: 'End 2 other sessions' }).click()
    await page.getByText('2 sessions ended; one stays active.').waitFor()
    const statuses = await Promise.all(
      sessions.map(async ({ access }) => (await world.call('GET', '/me/', { token: access })).status),
    )
    assert.deepEqual(statuses.toSorted(), [200, 401, 401])
    assert.ok(effort().clicks <= 3, `${effort().clicks} clicks`)
    assert.deepEqual(complaints, [])
  })

  test('in the list of sessions one is ticked and the person’s others end; the own one is marked', async () => {
    const person = await makePerson('Ivona')
    await world.login(person)
    await world.login(person)
    const { page, go, effort, complaints } = await counted(world, { as: 'superuser', locale: 'ru' })
    await go('/console/sessions?ordering=-last_used_at')
    await page.getByRole('row', { name: /Вы/ }).first().waitFor()
    await go(`/console/sessions?user_id=${person.id}`)
    await page.getByRole('row', { name: /Ivona/ }).first().getByRole('checkbox').check()
    await page.getByRole('button', { name: 'Завершить остальные' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Завершить остальные' }).click()
    await page.getByText('Завершён 1 сеанс, один остался.').waitFor()
    const { results } = await ask('GET', `/sessions/?user_id=${person.id}&is_active=true`)
    assert.equal(results.length, 1)
    assert.ok(effort().clicks <= 3, `${effort().clicks} clicks`)
    assert.deepEqual(complaints, [])
  })
})

describe('what a person does', () => {
  test('signs out every other device, named once each, in two clicks', async () => {
    const person = await makePerson('Iraida')
    await world.login(person)
    await world.login(person)
    const { page, go, effort, complaints } = await counted(world, { as: person, width: 360, height: 740 })
    await go('/account/devices')
    await page.getByRole('button', { name: 'Sign out all others' }).click()
    const dialog = page.getByRole('dialog', { name: 'Sign out 2 other devices?' })
    await dialog.getByText('× 2').waitFor()
    await settled(page)
    await assertAccessible(page, 'signing out the other devices')
    await dialog.getByRole('button', { name: 'Sign out all others' }).click()
    await page.getByText('2 devices signed out.').waitFor()
    assert.equal(await page.getByRole('button', { name: 'Sign out all others' }).count(), 0)
    assert.ok(effort().clicks <= 2, `${effort().clicks} clicks`)
    assert.deepEqual(complaints, [])
  })
})
