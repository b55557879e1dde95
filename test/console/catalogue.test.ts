import assert from 'node:assert/strict'
import { before, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { builtInActions, builtInResources } from '../../console/src/access/built-ins.ts'
import { russianNames } from '../../console/src/access/entry-names.ts'
import { codeNamePattern, suggestCodeName } from '../../console/src/screens/catalogue/code-name.ts'
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

interface Row {
  readonly id: number
  readonly name: string
  readonly code_name: string
}

const idOf = async (collection: string, codeName: string): Promise<number> => {
  const { results } = await ask('GET', `/${collection}/?limit=200`)
  return (results as Row[]).find(row => row.code_name === codeName)!.id
}

const noSidewaysScroll = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)

describe('what the console takes for built in', () => {
  for (const [collection, known] of [
    ['resources', builtInResources],
    ['actions', builtInActions],
  ] as const) {
    test(`is what the server refuses to delete among its ${collection}`, async () => {
      const { results } = await ask('GET', `/${collection}/?limit=200`)
      const refused: string[] = []
      for (const { id, name, code_name } of results as Row[]) {
        // Renaming a built-in one is refused as well, and harms none that is not.
        const { status } = await world.call('PATCH', `/${collection}/${id}/`, {
          token,
          body: { name: `${name}!` },
        })
        if (status === 409) refused.push(code_name)
        else await ask('PATCH', `/${collection}/${id}/`, { name })
      }
      assert.deepEqual(refused.sort(), [...known].sort())
    })
  }

  test('has a Russian name each, which the Russian console shows', async () => {
    const all = [...builtInResources, ...builtInActions]
    assert.deepEqual(Object.keys(russianNames).sort(), all.sort())
    const { page, go } = await world.open({ as: 'superuser', locale: 'ru', at: '/console/resources' })
    await page.getByRole('gridcell', { name: 'Вторые факторы' }).waitFor()
    await go(`/console/actions/${await idOf('actions', 'delete')}`)
    await page.getByRole('heading', { name: 'Удаление' }).waitFor()
    // By the name that is shown, by the English one that the server keeps, and by the code name, in either language.
    for (const [locale, shown] of [
      ['ru', 'Журнал'],
      ['en', 'Audit'],
    ] as const) {
      const { page, go } = await world.open({ as: 'superuser', locale })
      for (const search of ['журнал', 'Audit', 'audit']) {
        await go(`/console/resources?search=${encodeURIComponent(search)}`)
        await page.getByRole('gridcell', { name: shown }).first().waitFor()
        assert.equal(await page.getByRole('row').count(), 2, `${search} in ${locale}`)
        await go(`/console/matrix?resource=${encodeURIComponent(search)}`)
        await page
          .getByRole('gridcell', { name: /audit:read/ })
          .first()
          .waitFor()
        assert.equal(await page.getByRole('gridcell', { name: /users:read/ }).count(), 0)
      }
    }
    // What the operator has named keeps the operator's words.
    await go(`/console/actions/${await idOf('actions', 'approve')}`)
    await page.getByRole('heading', { name: 'Approve' }).waitFor()
  })
})

describe('a suggested code name', () => {
  for (const [name, codeName] of [
    ['Отдел продаж', 'otdel-prodazh'],
    ['Счета-фактуры', 'scheta-faktury'],
    ['Подъезд № 5', 'podezd-5'],
    ['Ёлки и ящики', 'elki-i-iashchiki'],
    ['Invoices & Receipts', 'invoices-receipts'],
    ['Übergröße', 'ubergrosse'],
    ['  1C:Бухгалтерия ', 'c-bukhgalteriia'],
    ['v2.0_beta', 'v2.0_beta'],
    ['請求書', ''],
  ] as const) {
    test(`of «${name}» is «${codeName}»`, () => {
      assert.equal(suggestCodeName(name), codeName)
      assert.ok(codeName === '' || codeNamePattern.test(codeName))
    })
  }

  test('is never longer than the server takes', () => {
    assert.match(suggestCodeName('щ'.repeat(100)), codeNamePattern)
  })
})

describe('resources', () => {
  test('are searched and opened by the keyboard alone; built-in ones are locked', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go('/console/resources')
    await page.getByRole('row', { name: /Documents/ }).waitFor()
    await assertAccessible(page, 'the list of resources')
    const locked = page.getByRole('row').filter({ has: page.getByRole('img', { name: 'Built in' }) })
    assert.equal(await locked.count(), builtInResources.length)
    await page.keyboard.press('/')
    await page.keyboard.type('audit')
    await page.waitForURL(/search=audit/)
    await page.getByRole('row', { name: /Documents/ }).waitFor({ state: 'detached' })
    await page.getByRole('row', { name: /Audit/ }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Audit' }).waitFor()
    assert.equal(await page.getByRole('button', { name: 'Delete', exact: true }).count(), 0)
    await page.getByRole('button', { name: 'Edit' }).click()
    const dialog = page.getByRole('dialog')
    assert.ok(await dialog.getByLabel('Name', { exact: true }).isDisabled())
    assert.ok(await dialog.getByLabel('Code name').isDisabled())
    await dialog.getByLabel('Description').fill('What happened, by whom.')
    await assertAccessible(page, 'a built-in resource')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByText('Resource “Audit” changed').waitFor()
    const { description } = await ask('GET', `/resources/${await idOf('resources', 'audit')}/`)
    assert.equal(description, 'What happened, by whom.')
    assert.deepEqual(complaints, [])
  })

  test('say which roles use them and who can, action by action, at an address of its own', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go(`/console/resources/${await idOf('resources', 'payments')}`)
    const usage = page.getByRole('region', { name: 'Roles with access' })
    await usage.getByRole('row', { name: /Administrator/ }).waitFor()
    const supervisor = usage.getByRole('row', { name: /Supervisor/ })
    assert.deepEqual(await supervisor.locator('code').allInnerTexts(), ['read', 'approve'])
    const who = page.getByRole('region', { name: 'Who can' })
    await who.getByRole('link', { name: /supervisor@example.com/ }).waitFor()
    await who.getByLabel('Action').click()
    await page.getByRole('option', { name: 'Export' }).click()
    await page.waitForURL(/with=export/)
    await who.getByText('payments:export').waitFor()
    await who.getByRole('link', { name: /supervisor@example.com/ }).waitFor({ state: 'detached' })
    const link = who.getByRole('link', { name: /admin@example.com/ })
    const { results: admins } = await ask('GET', '/users/?search=admin@example.com')
    assert.match(await link.innerText(), new RegExp(admins[0].first_name))
    await who.getByText('Administrator', { exact: true }).first().waitFor()
    await settled(page)
    const shown = await who.getByRole('listitem').count()
    const { results } = await ask('GET', '/access/who_can/?resource=payments&action=export&limit=200')
    assert.equal(shown, results.length)
    await assertAccessible(page, 'who can')
    assert.deepEqual(complaints, [])
  })

  test('are made, named anew, named back and deleted, each with its effects', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser', locale: 'ru' })
    await go('/console/resources')
    await page.getByRole('button', { name: 'Новый ресурс' }).click()
    await page.waitForURL(/create=yes/)
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Название').fill('Счета-фактуры')
    await dialog.getByRole('button', { name: 'Создать' }).click()
    await page.getByRole('heading', { name: 'Счета-фактуры' }).waitFor()
    await page.getByText('Прав на него нет ни в одной роли.').waitFor()
    const id = Number(new URL(page.url()).pathname.split('/').at(-1))
    assert.equal((await ask('GET', `/resources/${id}/`)).code_name, 'scheta-faktury')

    const permissions = ['scheta-faktury:read']
    await ask('POST', '/roles/', { name: 'Бухгалтер', code_name: 'accountant', permissions })
    const password = goodPassword
    await ask('POST', '/users/', { email: 'vera@example.com', password, roles: ['accountant'] })
    await page.getByRole('button', { name: 'Изменить' }).click()
    await dialog.getByLabel('Кодовое имя').fill('users')
    await dialog.getByRole('button', { name: 'Сохранить' }).click()
    await dialog.locator('input[aria-invalid=true]').waitFor()
    await dialog.getByLabel('Кодовое имя').fill('invoices')
    await dialog.getByText('Программы, которые используют «scheta-faktury»').waitFor()
    await dialog.getByRole('button', { name: 'Сохранить' }).click()
    await dialog.waitFor({ state: 'detached' })
    assert.equal((await ask('GET', `/resources/${id}/`)).code_name, 'invoices')
    await page.getByRole('button', { name: 'Отменить' }).click()
    await page.getByRole('button', { name: 'Скопировать: scheta-faktury' }).first().waitFor()
    assert.equal((await ask('GET', `/resources/${id}/`)).code_name, 'scheta-faktury')

    await page.getByRole('button', { name: 'Удалить', exact: true }).click()
    await dialog.getByText('vera@example.com').waitFor()
    await settled(page)
    await assertAccessible(page, 'deleting a resource')
    await dialog.getByRole('button', { name: 'Удалить ресурс' }).click()
    await page.waitForURL(/\/console\/resources$/)
    assert.equal((await world.call('GET', `/resources/${id}/`, { token })).status, 404)
    assert.deepEqual(complaints, [])
  })
})

describe('actions', () => {
  test('are the same screen: made, used, shown with who can, and deleted', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser', scheme: 'dark' })
    await go('/console/actions?create=yes')
    await page.getByRole('dialog', { name: 'New action' }).waitFor()
    await page.keyboard.type('Sign off')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Sign off' }).waitFor()
    const id = await idOf('actions', 'sign-off')
    await ask('POST', '/roles/', {
      name: 'Signer',
      code_name: 'signer',
      permissions: ['documents:sign-off', 'reports:sign-off'],
    })
    await go(`/console/actions/${id}?with=documents`)
    const row = page.getByRole('region', { name: 'Roles with access' }).getByRole('row', { name: /Signer/ })
    assert.deepEqual(await row.locator('code').allInnerTexts(), ['documents', 'reports'])
    await page.getByRole('region', { name: 'Who can' }).getByText('documents:sign-off').waitFor()
    await settled(page)
    await assertAccessible(page, 'an action in the dark')
    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Delete action' }).click()
    await page.waitForURL(/\/console\/actions$/)
    assert.equal((await world.call('GET', `/actions/${id}/`, { token })).status, 404)
    assert.deepEqual(complaints, [])
  })

  test('fit a telephone, and say when there is no such thing', async () => {
    const { page, go, complaints } = await world.open({
      as: 'superuser',
      locale: 'ru',
      width: 360,
      height: 740,
    })
    await go('/console/actions')
    await page.getByRole('row', { name: /Approve/ }).click()
    await page.getByRole('heading', { name: 'Approve' }).waitFor()
    await settled(page)
    assert.ok(await noSidewaysScroll(page))
    await assertAccessible(page, 'an action on a telephone')
    await go('/console/actions/999999')
    await page.getByText('Такого действия больше нет').waitFor()
    assert.deepEqual(complaints, [])
  })
})

describe('a user who may only read resources', () => {
  test('is offered no change, and nothing that they may not see is asked of the server', async () => {
    const { code_name } = await ask('POST', '/roles/', {
      name: 'Reader of resources',
      code_name: 'resource-reader',
      permissions: ['resources:read'],
    })
    const account = { email: 'resource-reader@example.com', password: goodPassword }
    await ask('POST', '/users/', { ...account, is_staff: true, roles: [code_name] })
    const { page, go, complaints } = await world.open({ as: account })
    const asked: string[] = []
    page.on('request', request => asked.push(new URL(request.url()).pathname))
    await go(`/console/resources/${await idOf('resources', 'documents')}`)
    await page.getByRole('heading', { name: 'Documents' }).waitFor()
    for (const name of ['Edit', 'Delete', 'New resource']) {
      assert.equal(await page.getByRole('button', { name, exact: true }).count(), 0, name)
    }
    assert.ok(!asked.some(path => /\/(?:roles|users|access|audit)\//.test(path)), asked.join())
    await go('/console/actions')
    await page.getByText('actions:read').waitFor()
    assert.deepEqual(complaints, [])
  })
})
