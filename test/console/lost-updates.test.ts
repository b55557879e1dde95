import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { goodPassword } from '../support/world.ts'
import { accounts, assertAccessible, consoleWorld, settled } from './support/console-world.ts'

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

let made = 0
const makePerson = async (names: Record<string, string>): Promise<number> => {
  made += 1
  const body = { email: `person-${made}@example.com`, password: goodPassword, ...names }
  return (await ask('POST', '/users/', body)).id
}

describe('two administrators who change the same', () => {
  test('the second of two editors of a person sees the change of the first, and keeps what was typed', async () => {
    const id = await makePerson({ first_name: 'Mira', last_name: 'Old', middle_name: 'Kept' })
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go(`/console/users/${id}`)
    await page.getByRole('button', { name: 'Edit', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Last name').fill('Typed')

    await ask('PATCH', `/users/${id}/`, { first_name: 'Other', last_name: 'Changed' })
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByText('Someone else has changed this since you opened it.').waitFor()
    await assertAccessible(page, 'a form of a row that has changed')
    const { first_name, last_name } = await ask('GET', `/users/${id}/`)
    assert.deepEqual([first_name, last_name], ['Other', 'Changed'])

    await dialog.getByRole('button', { name: 'Reload, keeping what I typed' }).click()
    await dialog.getByText('Someone else has written “Changed” here.').waitFor()
    assert.equal(await dialog.getByLabel('Last name').inputValue(), 'Typed')
    assert.equal(await dialog.getByLabel('First name').inputValue(), 'Other')
    await assertAccessible(page, 'a form that was loaded anew')

    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    const saved = await ask('GET', `/users/${id}/`)
    assert.deepEqual([saved.first_name, saved.last_name, saved.middle_name], ['Other', 'Typed', 'Kept'])
    assert.deepEqual(complaints, [])
  })

  test('a role, in Russian: a code name from before the change is never written over the new one unseen', async () => {
    const { id } = await ask('POST', '/roles/', { name: 'Кассир', code_name: 'cashier' })
    const { page, go, complaints } = await world.open({ as: 'superuser', locale: 'ru' })
    await go(`/console/roles/${id}`)
    await page.getByRole('button', { name: 'Изменить', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Описание').fill('Принимает деньги.')

    await ask('PATCH', `/roles/${id}/`, { name: 'Старший кассир', code_name: 'head-cashier' })
    await dialog.getByRole('button', { name: 'Сохранить' }).click()
    await dialog.getByText('это изменил кто-то другой').waitFor()
    await dialog.getByRole('button', { name: 'Загрузить заново, сохранив введённое' }).click()
    await dialog.getByText('это изменил кто-то другой').waitFor({ state: 'detached' })
    assert.equal(await dialog.getByLabel('Название').inputValue(), 'Старший кассир')
    assert.equal(await dialog.getByLabel('Кодовое имя').inputValue(), 'head-cashier')
    assert.equal(await dialog.getByLabel('Описание').inputValue(), 'Принимает деньги.')
    await dialog.getByRole('button', { name: 'Сохранить' }).click()
    await dialog.waitFor({ state: 'detached' })
    const { name, code_name, description } = await ask('GET', `/roles/${id}/`)
    assert.deepEqual([name, code_name, description], ['Старший кассир', 'head-cashier', 'Принимает деньги.'])
    assert.deepEqual(complaints, [])
  })

  test('one’s own names: what an administrator has corrected meanwhile is not taken back', async () => {
    const id = await makePerson({ first_name: 'Ana', last_name: 'Typo' })
    const { email } = await ask('GET', `/users/${id}/`)
    const { page, go, complaints } = await world.open({ as: { email, password: goodPassword } })
    await go('/account')
    await page.getByLabel('Middle name').fill('Maria')
    await ask('PATCH', `/users/${id}/`, { last_name: 'Corrected' })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('button', { name: 'Reload, keeping what I typed' }).click()
    await page.getByText('Someone else has changed this').waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Profile saved.').first().waitFor()
    const { last_name, middle_name } = await ask('GET', `/users/${id}/`)
    assert.deepEqual([last_name, middle_name], ['Corrected', 'Maria'])

    // The form goes on from what it has saved.
    await page.getByLabel('First name').fill('Anna')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.waitForFunction(() => document.querySelector<HTMLButtonElement>('form button')?.disabled)
    assert.equal((await ask('GET', `/users/${id}/`)).first_name, 'Anna')
    assert.deepEqual(complaints, [])
  })

  test('a deletion that was asked about is not made once the resource is another', async () => {
    const { id } = await ask('POST', '/resources/', { name: 'Parcels', code_name: 'parcels' })
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go(`/console/resources/${id}`)
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await settled(page)
    await ask('PATCH', `/resources/${id}/`, { name: 'Letters' })
    await dialog.getByRole('button', { name: 'Delete resource' }).click()
    await page.getByText('This has changed since you read it.').waitFor()
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('heading', { name: 'Letters' }).waitFor()

    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await settled(page)
    await dialog.getByRole('button', { name: 'Delete resource' }).click()
    await page.waitForURL(/\/console\/resources$/)
    assert.equal((await world.call('GET', `/resources/${id}/`, { token })).status, 404)
    assert.deepEqual(complaints, [])
  })

  test('one role is given whatever the person’s other roles are by now', async () => {
    const id = await makePerson({ first_name: 'Olga', last_name: 'Roles' })
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go(`/console/users/${id}`)
    await page.getByRole('combobox', { name: 'Add a role…' }).click()
    await page.getByRole('option', { name: 'Supervisor' }).click()
    // Another administrator gives a role in the moment in which this one is given.
    await page.route('**/api/auth/users/**', async route => {
      if (route.request().method() === 'PUT') await ask('PUT', `/users/${id}/roles/user/`)
      await route.continue()
    })
    await page.getByRole('button', { name: 'Save roles' }).click()
    await page.getByRole('button', { name: 'Undo' }).waitFor()
    assert.deepEqual((await ask('GET', `/users/${id}/`)).roles.toSorted(), ['supervisor', 'user'])
    await page.getByRole('button', { name: 'Undo' }).click()
    await settled(page)
    await page.unrouteAll({ behavior: 'wait' })
    assert.deepEqual((await ask('GET', `/users/${id}/`)).roles, ['user'])
    assert.deepEqual(complaints, [])
  })
})
