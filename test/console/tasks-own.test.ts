import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import { accounts, assertAccessible, consoleWorld, settled } from './support/console-world.ts'
import { counted } from './support/counted.ts'
import { typed } from './support/task-bounds.ts'

/** Tasks of a person about their own account; what each may take is in `task-bounds.ts`. */
const world = await consoleWorld()
const phone = { locale: 'ru', width: 360, height: 740 } as const

let token: string
before(async () => {
  ;({ access: token } = await world.login(accounts.superuser))
})

/** An account that reaches the console. */
async function makeStaff(email: string) {
  const body = { email, password: typed.password, first_name: 'Marta', is_staff: true, roles: ['admin'] }
  const { status, text } = await world.call('POST', '/users/', { token, body })
  assert.equal(status, 201, text)
  return { email, password: typed.password }
}

const statusOf = async (access: string) => (await world.call('GET', '/me/', { token: access })).status

describe('one’s own account', () => {
  test('has its password changed from the console, with the first field ready', async () => {
    const person = await makeStaff('changes@tasks.example')
    const other = await world.login(person)
    const { page, go, assertWithin, complaints } = await counted(world, { as: person })
    await go('/console')
    await page.getByRole('button', { name: /Marta/ }).click()
    await page.getByRole('menuitem', { name: 'My account' }).click()
    await page.getByRole('link', { name: 'Password', exact: true }).click()
    await page.getByText('At least 8 characters.').waitFor()
    await settled(page)
    await page.keyboard.type(typed.password)
    await page.keyboard.press('Tab')
    await page.keyboard.type(typed.nextPassword)
    await page.keyboard.press('Tab')
    await page.keyboard.type(typed.nextPassword)
    await page.keyboard.press('Enter')
    await page.getByText('Password changed.').waitFor()
    assert.equal(await statusOf(other.access), 401)
    await world.login({ ...person, password: typed.nextPassword })
    const keys = typed.password.length + 2 * typed.nextPassword.length + 3
    assertWithin('changePassword', { clicks: 3, keys, decisions: 6 })
    assert.deepEqual(complaints, [])
  })

  test('is signed out everywhere else from the console by «g d» and two presses', async () => {
    const person = await makeStaff('ends@tasks.example')
    const others = [await world.login(person), await world.login(person)]
    const { page, go, assertWithin, complaints } = await counted(world, { as: person })
    await go('/console')
    await page.keyboard.press('g')
    await page.keyboard.press('d')
    await page.getByRole('button', { name: 'Sign out all others' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out all others' }).click()
    await page.getByText('2 devices signed out.').waitFor()
    for (const { access } of others) assert.equal(await statusOf(access), 401)
    assertWithin('endOthers', { clicks: 2, keys: 2, decisions: 3 })
    assert.deepEqual(complaints, [])
  })

  test('is closed by its owner on a phone, in Russian', async () => {
    const person = { email: 'closes@tasks.example', password: typed.password }
    const { page, assertWithin, complaints, go } = await counted(world, {
      as: await registered(person),
      ...phone,
    })
    await go('/account')
    await page.getByRole('link', { name: 'Закрыть учётную запись' }).click()
    await page.getByLabel(/Введите/).waitFor()
    await settled(page)
    await page.keyboard.type(person.email)
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByRole('button', { name: 'Закрыть учётную запись' }).click()
    await page.waitForURL('**/account/sign-in?*')
    await settled(page)
    await assertAccessible(page, 'the sign-in page after an account was closed')
    const { status } = await world.call('POST', '/login/', { body: person })
    assert.equal(status, 401)
    assertWithin('closeAccount', { clicks: 2, keys: person.email.length + 1, decisions: 3 })
    assert.deepEqual(complaints, [])
  })

  test('is opened by registration on a phone, in Russian', async () => {
    const { page, go, assertWithin, complaints } = await counted(world, phone)
    await go('/account/sign-in')
    await page.getByRole('link', { name: 'Создать' }).click()
    await page.getByLabel('Имя').waitFor()
    await settled(page)
    await page.keyboard.type(typed.email)
    for (let field = 0; field < 3; field++) await page.keyboard.press('Tab')
    await page.keyboard.type(typed.password)
    await page.keyboard.press('Tab')
    await page.keyboard.type(typed.password)
    await page.keyboard.press('Enter')
    await page.waitForURL('**/account')
    const keys = typed.email.length + 2 * typed.password.length + 5
    assertWithin('register', { clicks: 1, keys, decisions: 4 })
    assert.deepEqual(complaints, [])
  })
})

async function registered<Account extends { readonly email: string; readonly password: string }>(
  account: Account,
) {
  const { status, text } = await world.call('POST', '/register/', {
    body: { ...account, password2: account.password },
  })
  assert.equal(status, 201, text)
  return account
}
