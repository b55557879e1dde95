import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { goodPassword } from '../support/world.ts'
import { accounts, assertAccessible, consoleWorld, settled } from './support/console-world.ts'

const world = await consoleWorld()

interface Role {
  readonly id: number
  readonly code_name: string
  readonly permissions: readonly string[]
}

let token: string
before(async () => {
  ;({ access: token } = await world.login(accounts.superuser))
})

const ask = async (method: string, path: string, body?: unknown) => {
  const answer = await world.call(method, path, { token, ...(body !== undefined && { body }) })
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.text}`)
  return answer.body
}

let made = 0
/** A role of the test's own, so that tests do not meet in one. */
const makeRole = (...permissions: string[]): Promise<Role> => {
  made += 1
  return ask('POST', '/roles/', { name: `Role ${made}`, code_name: `role-${made}`, permissions })
}

const readRole = (id: number): Promise<Role> => ask('GET', `/roles/${id}/`)

/** An active member of staff who holds exactly this role. */
async function makePerson(first_name: string, role: string): Promise<{ id: number; email: string }> {
  const email = `${first_name.toLowerCase()}-${role}@example.com`
  const person = {
    email,
    first_name,
    password: goodPassword,
    is_staff: true,
    roles: [role],
  }
  return ask('POST', '/users/', person)
}

const cell = (page: Page, permission: string) =>
  page.getByRole('gridcell', { name: new RegExp(`^${permission},`) })

const noSidewaysScroll = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)

describe('the list of roles', () => {
  test('is searched, ordered and opened by the keyboard alone', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go('/console/roles')
    await page.getByRole('row', { name: /Administrator/ }).waitFor()
    await assertAccessible(page, 'the list of roles')
    await page.keyboard.press('/')
    await page.keyboard.type('superv')
    await page.waitForURL(/search=superv/)
    await page.getByRole('row', { name: /Administrator/ }).waitFor({ state: 'detached' })
    const row = page.getByRole('row', { name: /Supervisor/ })
    await row.focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Supervisor' }).waitFor()
    assert.match(new URL(page.url()).pathname, /^\/console\/roles\/\d+$/)
    assert.equal(new URL(page.url()).search, '?search=superv')
    assert.deepEqual(complaints, [])
  })

  test('the page does not request the list of roles without the permission to read it', async () => {
    const { code_name } = await makeRole('users:read')
    const { email } = await makePerson('Outsider', code_name)
    const { page, go, complaints } = await world.open({ as: { email, password: goodPassword } })
    const asked: string[] = []
    page.on('request', request => asked.push(new URL(request.url()).pathname))
    await go('/console/roles')
    await page.getByText('roles:read').waitFor()
    assert.ok(!asked.some(path => path.startsWith('/api/auth/roles')), asked.join())
    assert.deepEqual(complaints, [])
  })
})

describe('a role that is made', () => {
  test('gets its code name from its name, in Russian too, and is opened', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser', locale: 'ru' })
    await go('/console/roles?create=yes')
    const dialog = page.getByRole('dialog', { name: 'Новая роль' })
    await dialog.waitFor()
    await assertAccessible(page, 'a new role')
    await page.keyboard.type('Отдел продаж и ещё')
    assert.equal(await dialog.getByLabel('Кодовое имя').inputValue(), 'otdel-prodazh-i-eshche')
    await dialog.getByLabel('Кодовое имя').fill('Продажи')
    await page.keyboard.press('Enter')
    await dialog.getByText('Начинается со строчной латинской буквы').waitFor()
    await dialog.getByLabel('Кодовое имя').fill('sales')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Отдел продаж и ещё' }).waitFor()
    await dialog.waitFor({ state: 'detached' })
    const { results } = await ask('GET', '/roles/?search=sales')
    assert.deepEqual(
      results.map((role: Role) => role.code_name),
      ['sales'],
    )
    assert.deepEqual(complaints, [])
  })

  test('a taken name of a role is reported at its field', async () => {
    const { page, go } = await world.open({ as: 'superuser' })
    await go('/console/roles')
    await page.getByRole('button', { name: 'New role' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name', { exact: true }).fill('Somebody')
    await dialog.getByLabel('Code name').fill('admin')
    await dialog.getByRole('button', { name: 'Create' }).click()
    await dialog.locator('input[aria-invalid=true]').waitFor()
    assert.equal(await dialog.getByLabel('Code name').getAttribute('aria-invalid'), 'true')
    assert.equal(await dialog.getByLabel('Name', { exact: true }).getAttribute('aria-invalid'), null)
  })

  test('starts with the permissions of the one that it duplicates', async () => {
    const role = await makeRole('documents:read', 'reports:export')
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go(`/console/roles/${role.id}`)
    await page.getByRole('button', { name: 'Duplicate' }).click()
    await page.getByRole('dialog').getByText('2 permissions').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Create' }).click()
    await page.getByRole('heading', { name: `Role ${made} (copy)` }).waitFor()
    const copy = await readRole(Number(new URL(page.url()).pathname.split('/').at(-1)))
    assert.deepEqual(copy.permissions, role.permissions)
    assert.equal(copy.code_name, `role-${made}-copy`)
    assert.deepEqual(complaints, [])
  })
})

describe('the permissions of a role', () => {
  test('are given and taken by keyboard, shown with what they would do, saved, and taken back', async () => {
    const role = await makeRole('documents:read', 'tasks:all')
    await makePerson('Anna', role.code_name)
    await makePerson('Boris', role.code_name)
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go(`/console/roles/${role.id}`)
    const grid = page.getByRole('grid', { name: 'Permissions by resource and action' })
    assert.equal(await grid.getAttribute('aria-multiselectable'), 'true')
    assert.deepEqual((await grid.getByRole('columnheader').allInnerTexts()).slice(0, 2), ['Resource', 'all'])
    assert.match(
      (await cell(page, 'tasks:create').getAttribute('aria-label'))!,
      /not granted, covered by tasks:all/,
    )
    assert.equal(await cell(page, 'tasks:create').getAttribute('aria-disabled'), 'true')
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))
    await cell(page, 'documents:all').focus()
    await page.keyboard.press('Control+End')
    assert.match((await focused())!, /^tasks:export,/)
    await page.keyboard.press('Control+Home')
    assert.match((await focused())!, /^documents:all,/)
    await page.keyboard.press('End')
    assert.equal(await focused(), 'documents:export, not granted')
    assert.equal(await grid.locator('[tabindex="0"]').count(), 1)
    await page.keyboard.press('Space')
    assert.equal(await focused(), 'documents:export, not granted, will be granted')
    assert.equal(await cell(page, 'documents:export').getAttribute('aria-selected'), 'true')
    await cell(page, 'documents:read').click()
    const effect = page.getByRole('region', { name: 'Impact' })
    await effect.getByText('2 people gain 1 permission, 2 people lose 1 permission.').waitFor()
    await effect.getByText('Anna').waitFor()
    await settled(page)
    await assertAccessible(page, 'changes that are not saved yet')
    assert.deepEqual((await readRole(role.id)).permissions, role.permissions)

    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText(`Permissions of “Role ${made}” changed`).waitFor()
    assert.deepEqual((await readRole(role.id)).permissions, ['documents:export', 'tasks:all'])
    await effect.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Undo' }).click()
    await page
      .getByRole('gridcell', { name: 'documents:read, granted', exact: true, selected: true })
      .waitFor()
    assert.deepEqual((await readRole(role.id)).permissions, role.permissions)
    assert.deepEqual(complaints, [])
  })

  test('permissions that another administrator changed meanwhile stay as they are', async () => {
    const role = await makeRole('documents:read', 'reports:read')
    const { page, go } = await world.open({ as: 'superuser' })
    await go(`/console/roles/${role.id}`)
    await cell(page, 'documents:update').click()
    await page.getByRole('button', { name: 'Save' }).waitFor()
    await ask('PATCH', `/roles/${role.id}/`, { permissions: ['documents:read', 'payments:read'] })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText(/Permissions of .* changed/).waitFor()
    assert.deepEqual((await readRole(role.id)).permissions, [
      'documents:read',
      'documents:update',
      'payments:read',
    ])
  })

  test('of a resource that the role does not know yet are found among all', async () => {
    const role = await makeRole()
    const { page, go } = await world.open({ as: 'superuser', locale: 'ru' })
    await go(`/console/roles/${role.id}`)
    await cell(page, 'settings:read').click()
    await page.getByText('Только выданные').click()
    await cell(page, 'settings:read').waitFor()
    const grid = page.getByRole('grid', { name: 'Права по ресурсам и действиям' })
    assert.deepEqual(await grid.getByRole('rowheader').allInnerTexts(), ['Settings settings'])
    await page.getByRole('button', { name: 'Сохранить' }).click()
    await page.getByText('изменены').waitFor()
    assert.deepEqual((await readRole(role.id)).permissions, ['settings:read'])
  })

  test('that are not saved are not left by accident', async () => {
    const role = await makeRole('documents:read')
    const { page, go } = await world.open({ as: 'superuser' })
    await go(`/console/roles/${role.id}`)
    await cell(page, 'documents:update').click()
    await page.getByRole('navigation').getByRole('link', { name: 'Users' }).click()
    const dialog = page.getByRole('dialog', { name: 'Leave without saving?' })
    await dialog.waitFor()
    await settled(page)
    await assertAccessible(page, 'leaving without saving')
    await dialog.getByRole('button', { name: 'Stay' }).click()
    assert.equal(new URL(page.url()).pathname, `/console/roles/${role.id}`)
    await page.getByRole('navigation').getByRole('link', { name: 'Users' }).click()
    await dialog.getByRole('button', { name: 'Leave' }).click()
    await page.waitForURL(/\/console\/users/)
    assert.deepEqual((await readRole(role.id)).permissions, ['documents:read'])
  })

  test('permissions are read-only without the right to change them, and effects are hidden without the right to see them', async () => {
    const { code_name, id } = await makeRole('roles:read')
    const reader = await makePerson('Reader', code_name)
    const { page, go, complaints } = await world.open({
      as: { email: reader.email, password: goodPassword },
    })
    await go(`/console/roles/${id}`)
    assert.equal(await cell(page, 'roles:read').getAttribute('aria-disabled'), 'true')
    for (const name of ['Edit', 'Duplicate', 'Delete', 'Grant to people…', 'New role']) {
      assert.equal(await page.getByRole('button', { name }).count(), 0, name)
    }
    assert.equal(await page.getByRole('heading', { name: 'People with this role' }).count(), 0)
    await assertAccessible(page, 'a role that is only read')
    await ask('PATCH', `/roles/${id}/`, { permissions: ['roles:read', 'roles:update', 'actions:read'] })
    await page.reload()
    await cell(page, 'roles:update').click()
    await page.getByText('You don’t have access to the impact').waitFor()
    assert.deepEqual(complaints, [])
  })
})

describe('what rank refuses about a role', () => {
  /** An administrator of roles and users who holds no more than the demo's readers beside. */
  const makeAdministrator = async (first_name: string) => {
    const { code_name } = await makeRole(
      ...['roles:all', 'users:read', 'users:update', 'documents:read', 'resources:read', 'actions:read'],
    )
    return makePerson(first_name, code_name)
  }
  const reasonOf = async (page: Page, name: string | RegExp) => {
    const button = page.getByRole('button', { name, exact: true })
    assert.equal(await button.getAttribute('aria-disabled'), 'true', String(name))
    return await button.getAttribute('aria-description')
  }

  test('a role that holds more than the reader is disabled with the reason, cell by cell', async () => {
    const { email } = await makeAdministrator('Nina')
    const role = await makeRole('documents:read', 'payments:delete')
    await makePerson('Pavel', role.code_name)
    const { page, go, complaints } = await world.open({ as: { email, password: goodPassword } })
    await go(`/console/roles/${role.id}`)
    await assertAccessible(page, 'a role of a higher rank')
    const notHeld = 'You cannot grant or revoke payments:delete, because you do not have it.'
    for (const name of [
      'Grant to people…',
      'Revoke from people…',
      'Duplicate',
      `Revoke “Role ${made}” from Pavel`,
    ]) {
      assert.equal(await reasonOf(page, name), notHeld, name)
    }
    assert.match((await reasonOf(page, 'Delete'))!, /permissions you do not have/)
    await page.getByRole('button', { name: 'Delete', exact: true }).click({ force: true })
    assert.equal(await page.getByRole('dialog').count(), 0)
    const level = page.getByRole('switch', { name: 'Only in a session with a second factor' })
    assert.equal(await level.isDisabled(), true)
    const beyond = cell(page, 'payments:delete')
    assert.equal(await beyond.getAttribute('aria-disabled'), 'true')
    assert.match((await beyond.getAttribute('aria-label'))!, /do not have yourself/)
    await beyond.click({ force: true })
    await cell(page, 'documents:read').click()
    await page.getByText('1 to revoke').waitFor()
    await page.getByRole('button', { name: 'Discard' }).click()

    await page.getByRole('button', { name: 'Edit' }).click()
    const dialog = page.getByRole('dialog')
    assert.equal(await dialog.getByLabel('Code name').isDisabled(), true)
    await dialog.getByText('This role is held by an account that has permissions you do not have').waitFor()
    await dialog.getByLabel('Name', { exact: true }).fill(`Role ${made} renamed`)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: `Role ${made} renamed`, exact: true }).waitFor()
    assert.deepEqual(complaints, [])
  })

  test('of the holders, those of higher rank are told by their roles, in the list and in the picker', async () => {
    const { email } = await makeAdministrator('Oleg')
    const higher = await makeRole('payments:delete')
    const role = await makeRole('documents:read')
    const equal = await makePerson('Roman', role.code_name)
    const superior = await makePerson('Sofia', role.code_name)
    await ask('PUT', `/users/${superior.id}/roles/${higher.code_name}/`)
    await makePerson('Tamara', higher.code_name)
    const { page, go, complaints } = await world.open({ as: { email, password: goodPassword } })
    await go(`/console/roles/${role.id}`)
    const revoke = (name: string) => `Revoke “Role ${made}” from ${name}`
    assert.equal(
      await reasonOf(page, revoke('Sofia')),
      'This account holds payments:delete, which you don’t have.',
    )
    await page.getByRole('button', { name: revoke('Roman') }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click()
    await page.getByText(/revoked from Roman/).waitFor()
    const { roles } = await ask('GET', `/users/${equal.id}/`)
    assert.deepEqual(roles, [])

    await page.getByRole('button', { name: 'Grant to people…' }).click()
    await page.getByRole('combobox', { name: 'People' }).fill('Tamara')
    const option = page.getByRole('option', { name: /Tamara/ })
    await option.getByText('This account holds payments:delete').waitFor()
    assert.equal(await option.getAttribute('data-combobox-disabled'), 'true')
    assert.deepEqual(complaints, [])
  })
})

describe('a role that is there', () => {
  test('is named anew, and named back by undo', async () => {
    const role = await makeRole('documents:read')
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go(`/console/roles/${role.id}`)
    await page.getByRole('button', { name: 'Edit' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name', { exact: true }).fill('Renamed')
    assert.equal(await dialog.getByLabel('Code name').inputValue(), role.code_name)
    await dialog.getByLabel('Code name').fill('renamed')
    await dialog.getByText(`Programs that use “${role.code_name}”`).waitFor()
    await assertAccessible(page, 'a role under another code name')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Renamed' }).waitFor()
    assert.equal((await readRole(role.id)).code_name, 'renamed')
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('heading', { name: `Role ${made}` }).waitFor()
    assert.equal((await readRole(role.id)).code_name, role.code_name)
    assert.deepEqual(complaints, [])
  })

  test('is given to a person and taken away again, each time with what it means', async () => {
    const role = await makeRole('payments:delete')
    const other = await makeRole()
    const person = await makePerson('Zinaida', other.code_name)
    const rolesOf = async () => (await ask('GET', `/users/${person.id}/`)).roles
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go(`/console/roles/${role.id}`)
    await page.getByText('No one has this role.').waitFor()
    await page.getByRole('button', { name: 'Grant to people…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('combobox', { name: 'People' }).fill('zinaida')
    await page.getByRole('option', { name: /Zinaida/ }).click()
    await dialog.getByText('1 person gains 1 permission.').waitFor()
    await settled(page)
    await assertAccessible(page, 'giving a role')
    await dialog.getByRole('button', { name: 'Grant the role' }).click()
    await page.getByText('granted to Zinaida').waitFor()
    assert.deepEqual(await rolesOf(), [other.code_name, role.code_name].sort())

    await page.getByRole('button', { name: /^Revoke .* from Zinaida$/ }).click()
    await dialog.getByText('1 person loses 1 permission.').waitFor()
    await dialog.getByRole('button', { name: 'Revoke', exact: true }).click()
    await page.getByText('No one has this role.').waitFor()
    assert.deepEqual(await rolesOf(), [other.code_name])
    const alert = page.getByRole('alert').filter({ hasText: 'revoked from' })
    await alert.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('link', { name: /Zinaida/ }).waitFor()
    assert.deepEqual(await rolesOf(), [other.code_name, role.code_name].sort())
    assert.deepEqual(complaints, [])
  })

  test('is compared with another, side by side, at an address of its own', async () => {
    const a = await makeRole('documents:all', 'reports:read', 'tasks:read')
    await makeRole('documents:all', 'reports:read')
    const alike = `Role ${made}`
    const b = await makeRole('documents:read', 'reports:read', 'payments:read')
    const { results } = await ask('GET', '/actions/')
    const actions = results.map((action: Role) => action.code_name)
    assert.ok(actions.includes('approve'), actions.join())
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go(`/console/roles/${a.id}`)
    await page.getByRole('button', { name: 'Compare' }).click()
    // Before one is chosen, the one that shares most with it.
    await page.getByRole('columnheader', { name: `Only ${alike}`, exact: true }).waitFor()
    assert.match(new URL(page.url()).search, /compare=choose/)
    await page.getByRole('combobox', { name: 'The other role' }).click()
    await page.getByRole('option', { name: `Role ${made}`, exact: true }).click()
    await page.waitForURL(new RegExp(`compare=${b.id}`))
    const cellsOf = async (resource: string) => {
      const cells = page.getByRole('row', { name: new RegExp(`^${resource}`) }).getByRole('cell')
      return (await cells.allInnerTexts()).map(text => text.trim())
    }
    await page.getByRole('row', { name: /^documents/ }).waitFor()
    const [onlyA = '', both, onlyB] = await cellsOf('documents')
    const shown = onlyA.toLowerCase().split(/\s+/)
    assert.equal(shown[0], 'all')
    assert.deepEqual(shown.sort(), actions.filter((action: string) => action !== 'read').sort())
    assert.deepEqual([both, onlyB], ['read', ''], 'what `all` covers is not the other role’s alone')
    assert.deepEqual(await cellsOf('reports'), ['', 'read', ''])
    assert.deepEqual(await cellsOf('tasks'), ['read', '', ''])
    assert.deepEqual(await cellsOf('payments'), ['', '', 'read'])
    await page.getByText('No one gains or loses anything.').waitFor()
    await settled(page)
    await assertAccessible(page, 'two roles side by side')
    await page.getByRole('button', { name: 'Swap sides' }).click()
    await page.waitForURL(new RegExp(`/roles/${b.id}\\?compare=${a.id}`))
    await page.getByRole('button', { name: 'Stop comparing' }).click()
    await cell(page, 'payments:read').waitFor()
    assert.deepEqual(complaints, [])
  })

  test('is deleted once it is said who loses what', async () => {
    const role = await makeRole('payments:delete')
    await makePerson('Olga', role.code_name)
    const { page, go, complaints } = await world.open({ as: 'superuser', locale: 'ru' })
    await go(`/console/roles/${role.id}`)
    await page.getByRole('button', { name: 'Удалить', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('1 пользователь потеряет 1 право.').waitFor()
    await dialog.getByText('Olga').waitFor()
    await settled(page)
    await assertAccessible(page, 'deleting a role')
    await dialog.getByRole('button', { name: 'Удалить роль' }).click()
    await page.waitForURL(/\/console\/roles$/)
    assert.equal((await world.call('GET', `/roles/${role.id}/`, { token })).status, 404)
    assert.deepEqual(complaints, [])
  })

  test('fits a telephone, in Russian and in the dark', async () => {
    const { page, go, complaints } = await world.open({
      as: 'superuser',
      locale: 'ru',
      scheme: 'dark',
      width: 360,
      height: 740,
    })
    await go('/console/roles')
    await page.getByRole('row', { name: /Administrator/ }).waitFor()
    assert.ok(await noSidewaysScroll(page))
    await page.getByRole('row', { name: /Administrator/ }).click()
    await page.getByRole('heading', { name: 'Administrator' }).waitFor()
    await settled(page)
    await cell(page, 'audit:export').click()
    await page
      .getByRole('region', { name: 'Что изменится и у кого' })
      .getByText(/получ\S* \d/)
      .waitFor()
    assert.ok(await noSidewaysScroll(page))
    await assertAccessible(page, 'a role in the dark')
    await page.getByRole('button', { name: 'Сбросить' }).click()
    await page.getByRole('button', { name: 'Сравнить' }).click()
    await page.getByRole('row', { name: /^documents/ }).waitFor()
    assert.ok(await noSidewaysScroll(page))
    await assertAccessible(page, 'choosing a role to compare with')
    await page.getByRole('combobox', { name: 'Другая роль' }).click()
    await page.getByRole('option', { name: 'Supervisor', exact: true }).click()
    await page.getByRole('row', { name: /^documents/ }).waitFor()
    await settled(page)
    assert.ok(await noSidewaysScroll(page))
    await assertAccessible(page, 'two roles on a telephone')
    await page.getByRole('button', { name: 'К списку' }).click()
    await page.getByRole('row', { name: /Administrator/ }).waitFor()
    assert.deepEqual(complaints, [])
  })
})
