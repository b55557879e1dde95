import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { before, describe, test } from 'node:test'
import { parse } from 'csv-parse/sync'
import { accounts, assertAccessible, consoleWorld, settled } from './support/console-world.ts'

const world = await consoleWorld()

let token: string
before(async () => {
  ;({ access: token } = await world.login(accounts.superuser))
})

const find = async (search: string) =>
  (await world.call('GET', `/users/?search=${search}&count=true`, { token })).body

describe('people from a file', () => {
  test('are shown with every fault, opened after a yes, and their passwords are saved once', async () => {
    const { page, go, complaints } = await world.open({
      as: 'superuser',
      locale: 'ru',
      width: 360,
      height: 780,
    })
    await go('/console/users')
    await page.getByRole('link', { name: 'Импорт' }).click()
    await page.getByRole('heading', { name: 'Импорт пользователей' }).waitFor()
    await assertAccessible(page, 'the import of people')
    const rows = [
      '\uFEFFЭл. почта;Имя;Фамилия;Роли;Активен;Отдел',
      'zoya@import.example;Зоя;"Ёлкина; младшая";user supervisor;да;1',
      'zinovij@import.example;Зиновий;;;нет;2',
      'zoya@import.example;Дважды;;;;3',
      'no address;;;;;4',
      `${accounts.user.email};;;;;5`,
      'zaur@import.example;;;no-such-role;;6',
      'zhanna@import.example;;;;кажется;7',
    ]
    const file = { name: 'люди.csv', mimeType: 'text/csv', buffer: Buffer.from(rows.join('\r\n')) }
    await page.locator('input[type=file]').setInputFiles(file)
    await page.getByText('Будут созданы 2 учётные записи.').waitFor()
    await page.getByText('Пропущено 5 строк с ошибками').waitFor()
    await page.getByText('Неиспользуемые столбцы: Отдел.').waitFor()
    await settled(page)
    await assertAccessible(page, 'the preview of an import')
    assert.equal((await find('import.example')).count.rows, 0)
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), true)

    await page.getByRole('button', { name: 'Создать 2 учётные записи' }).click()
    await page.getByText('Созданы 2 учётные записи.').waitFor()
    await assertAccessible(page, 'the report of an import')
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Сохранить пароли' }).click()
    const text = await readFile(await (await saved).path(), 'utf8')
    const passwords: { email: string; password: string }[] = parse(text, { bom: true, columns: true })
    assert.deepEqual(
      passwords.map(({ email }) => email),
      ['zoya@import.example', 'zinovij@import.example'],
    )
    const statuses = await Promise.all(
      passwords.map(async ({ email, password }) => {
        return (await world.call('POST', '/login/', { body: { email, password } })).status
      }),
    )
    // The second account is deactivated, as the file says.
    assert.deepEqual(statuses, [200, 401])
    const { results } = await find('import.example')
    const [zoya] = results.filter((each: { email: string }) => each.email.startsWith('zoya'))
    assert.deepEqual(
      [zoya.first_name, zoya.last_name, zoya.roles],
      ['Зоя', 'Ёлкина; младшая', ['supervisor', 'user']],
    )
    const reported = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Сохранить отклонённые строки' }).click()
    const refused: { line: string }[] = parse(await readFile(await (await reported).path(), 'utf8'), {
      bom: true,
      columns: true,
    })
    assert.deepEqual(
      refused.map(row => row.line),
      ['4', '5', '6', '7', '8'],
    )
    await page.getByRole('link', { name: 'Показать в списке' }).click()
    await page.waitForURL(/users\?ordering=-id/)
    const shown = page.locator('[role=row][data-new]')
    await shown.filter({ hasText: 'zoya@import.example' }).waitFor()
    assert.equal(await shown.count(), 2)
    assert.deepEqual(complaints, [])
  })

  test('a thousand of them are checked and opened, with the progress shown', async context => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go('/console/users/import')
    const rows = Array.from({ length: 1000 }, (_, index) => `p${index}@thousand.example,Person ${index},user`)
    const began = performance.now()
    await page.getByLabel('Or paste the rows here').fill(`email,first name,roles\n${rows.join('\n')}`)
    await page.getByRole('button', { name: 'Check rows' }).click()
    const run = page.getByRole('button', { name: 'Create 1000 accounts' })
    await run.waitFor()
    const checked = performance.now()
    await run.click()
    await page.getByRole('progressbar').waitFor()
    await page.getByText('1000 accounts created.').waitFor({ timeout: 400_000 })
    const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(1)
    context.diagnostic(
      `checked in ${seconds(began, checked)} s, opened in ${seconds(checked, performance.now())} s`,
    )
    assert.deepEqual((await find('thousand.example')).count, { rows: 1000, is_exact: true })
    assert.deepEqual(complaints, [])
  })

  test('what is no table says so', async () => {
    const { page, go } = await world.open({ as: 'superuser' })
    await go('/console/users/import')
    const field = page.getByLabel('Or paste the rows here')
    for (const [pasted, said] of [
      ['name,roles\nAnna,user', 'There is no column “email”'],
      ['email', 'There are no rows below the header.'],
      ['email,first name\n"anna@example.com,Anna', 'A quotation mark is not closed'],
    ] as const) {
      await field.fill(pasted)
      await page.getByRole('button', { name: 'Check rows' }).click()
      await page.getByRole('alert').getByText(said).waitFor()
    }
  })
})
