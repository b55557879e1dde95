import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { goodPassword } from '../support/world.ts'
import { accounts, assertAccessible, consoleWorld, settled } from './support/console-world.ts'
import { counted } from './support/counted.ts'
import { typed } from './support/task-bounds.ts'

/** Tasks of an administrator about people, walked from the first page of the console; what each may take is in `task-bounds.ts`. */
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

/** Somebody with the role of every user, of a name as short as the one in the table. */
const makePerson = async (first_name: string) => {
  assert.equal(first_name.length, typed.search.length)
  const email = `${first_name.toLowerCase()}@tasks.example`
  const body = { email, first_name, last_name: 'Walker', password: goodPassword, roles: ['user'] }
  return { ...body, id: (await ask('POST', '/users/', body)).id as number }
}

const rowOf = (page: Page, email: string) => page.getByRole('row', { name: new RegExp(email) })

describe('a person with a role', () => {
  test('is created by the address and the role alone, and what is to be handed over is copied by the last key', async () => {
    const { page, context, go, assertWithin, complaints } = await counted(world, { as: 'superuser' })
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await go('/console')
    await menu(page, 'Users').click()
    await page.getByRole('button', { name: 'New user' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    await settled(page)
    await page.keyboard.type(typed.email)
    await dialog.getByRole('combobox', { name: 'Roles' }).click()
    await page.keyboard.type('sup')
    await page.keyboard.press('Enter')
    await page.keyboard.press('Enter')
    await dialog.getByText(`Give this to ${typed.email}`).waitFor()
    await settled(page)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: typed.email }).waitFor()
    const [email, password] = (await page.evaluate(() => navigator.clipboard.readText())).split('\n')
    assert.equal(email, `Email: ${typed.email}`)
    await world.login({ email: typed.email, password: password!.split(': ')[1]! })
    const { results } = await ask('GET', `/users/?search=${typed.email}`)
    assert.deepEqual(results[0].roles, ['supervisor'])
    assertWithin('createPerson', { clicks: 3, keys: typed.email.length + 6, decisions: 5 })
    assert.deepEqual(complaints, [])
  })
})

describe('why Anna may not delete documents', () => {
  /** From the answer to the remedy that hands out least, which stands first. */
  async function mend(page: Page, remedy: string) {
    await page.getByText('Denied', { exact: true }).waitFor()
    await page.getByText('No role of this user has it.').waitFor()
    await settled(page)
    const rows = page.getByRole('list').last().getByRole('listitem')
    await rows.first().getByText(remedy).waitFor()
    await rows
      .first()
      .getByRole('button', { name: /^Apply/ })
      .click()
    await page.getByRole('dialog').getByRole('button', { name: 'Apply' }).click()
    await page.getByText('Allowed', { exact: true }).waitFor()
  }

  test('is asked on the page of the access check, with one hand on the keys, and mended', async () => {
    const person = await makePerson('Inga')
    const { page, go, assertWithin, complaints } = await counted(world, { as: 'superuser' })
    await go('/console')
    await menu(page, 'Access check').click()
    await page.getByRole('combobox', { name: 'Who' }).waitFor()
    await settled(page)
    await page.keyboard.type('inga')
    await page.getByRole('option', { name: /Inga Walker/ }).waitFor()
    await settled(page)
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.keyboard.type('doc')
    await page.keyboard.press('Enter')
    await page.keyboard.type('del')
    await page.keyboard.press('Enter')
    await mend(page, 'Create a role with only documents:delete')
    assertWithin('mendAccess', { clicks: 3, keys: 14, decisions: 6 })
    assert.equal((await ask('GET', `/users/${person.id}/`)).roles.length, 2)
    assert.deepEqual(complaints, [])
  })

  test('is asked on her own page, too', async () => {
    const person = await makePerson('Olga')
    const { page, go, assertWithin, complaints } = await counted(world, { as: 'superuser' })
    await go('/console')
    await menu(page, 'Users').click()
    await page.getByRole('searchbox').waitFor()
    await settled(page)
    await page.keyboard.press('/')
    await page.keyboard.type('olga')
    await rowOf(page, person.email).click()
    await page.getByRole('heading', { name: 'Olga Walker' }).waitFor()
    await settled(page)
    const effective = page.getByRole('region', { name: 'Effective permissions' })
    await effective.getByRole('combobox', { name: 'Check any other permission' }).click()
    await page.keyboard.type('doc del')
    await page.keyboard.press('Enter')
    // The role that was made for the other.
    await mend(page, 'Grant the role “delete: documents” to Olga Walker')
    assertWithin('mendAccess', { clicks: 5, keys: 13, decisions: 6 })
    assert.deepEqual(complaints, [])
  })
})

describe('remedies that rank refuses', () => {
  test('cannot be pressed, and say why, before anything is tried', async () => {
    await ask('POST', '/resources/', { name: 'Vault', code_name: 'vault' })
    const person = await makePerson('Rita')
    const { page, go, complaints } = await world.open({ as: 'admin' })
    await go(`/console/try?user=${person.id}&resource=vault&action=read`)
    await page.getByText('Denied', { exact: true }).waitFor()
    const create = page.getByRole('button', { name: /^Apply: Create a role with only vault:read/ })
    await create.waitFor()
    await settled(page)
    assert.equal(await create.getAttribute('aria-disabled'), 'true')
    await assertAccessible(page, 'remedies that are refused')
    await create.hover()
    await page.getByRole('tooltip').getByText('It takes vault:read, which you don’t have.').waitFor()
    assert.deepEqual(complaints, [])
  })
})

describe('a person who is deactivated', () => {
  test('is signed out before the eyes of both, and comes back by the button on the message', async () => {
    const person = await makePerson('Nora')
    const hers = await world.open({ as: person, at: '/account' })
    const { page, go, assertWithin, complaints } = await counted(world, { as: 'superuser' })
    await go('/console')
    await page.keyboard.press('g')
    await page.keyboard.press('u')
    await page.getByRole('searchbox').waitFor()
    await settled(page)
    await page.keyboard.press('/')
    await page.keyboard.type('nora')
    await rowOf(page, person.email).click()
    await page.getByRole('button', { name: 'Deactivate' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('1 live session ends at once.').waitFor()
    await dialog.getByRole('button', { name: 'Deactivate' }).click()
    await page.getByText('Nora Walker is deactivated.').waitFor()
    await hers.page.waitForURL('**/account/sign-in?*')
    assertWithin('deactivate', { clicks: 3, keys: 7, decisions: 5 })
    await settled(page)
    assert.equal(await page.getByRole('button', { name: /^End the session/ }).count(), 0)
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('button', { name: 'Deactivate' }).waitFor()
    assert.deepEqual(complaints, [])
  })
})

describe('two roles', () => {
  test('are compared from the list of roles, by what each allows in the end', async () => {
    const { page, go, assertWithin, complaints } = await counted(world, { as: 'superuser' })
    await go('/console')
    await menu(page, 'Roles').click()
    await page.getByRole('row', { name: /Supervisor/ }).click()
    await page.getByRole('button', { name: 'Compare' }).click()
    await page.getByRole('combobox', { name: 'The other role' }).click()
    await page.getByRole('option', { name: 'Administrator' }).click()
    const table = page.getByRole('table', { name: 'Permissions of both roles by resource' })
    await table.getByRole('columnheader', { name: 'Only Administrator' }).waitFor()
    const documents = table.getByRole('row', { name: /documents/ }).getByRole('cell')
    // `all` holds what the other has by name: nothing of documents is the supervisor's alone.
    assert.equal(await documents.first().innerText(), '')
    assertWithin('compareRoles', { clicks: 5, keys: 0, decisions: 5 })
    await assertAccessible(page, 'two roles side by side')
    assert.deepEqual(complaints, [])
  })
})
