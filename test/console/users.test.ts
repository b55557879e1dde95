import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { goodPassword } from '../support/world.ts'
import { accounts, assertAccessible, consoleWorld, settled } from './support/console-world.ts'

const world = await consoleWorld()
const root = await world.login(accounts.superuser)

const read = async (path: string) => {
  const { status, body } = await world.call('GET', path, { token: root.access })
  assert.equal(status, 200, path)
  return body
}
const userOf = async (email: string) => (await read(`/users/?search=${email}`)).results[0]

const table = (page: Page) => page.getByRole('grid')
const rowOf = (page: Page, name: string) => table(page).getByRole('row').filter({ hasText: name })
const tick = (page: Page, name: string) => rowOf(page, name).getByRole('checkbox').check()
/** The row of headers is not counted. */
const emailsOf = (page: Page) => table(page).locator('[class*=email]').allTextContents()

async function assertFits(page: Page): Promise<void> {
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  assert.ok(beyond <= 0, `${beyond} px beyond the window`)
}

describe('the list of users', () => {
  test('finds while one types, narrows by state and role, and keeps all of it in the address', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go('/console/users')
    await rowOf(page, 'user@example.com').waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type('Петрова')
    await page.waitForURL(/search=/)
    await settled(page)
    assert.deepEqual(await emailsOf(page), ['user@example.com'])

    await page.keyboard.press('Escape')
    await page.waitForURL(url => !url.search.includes('search='))
    await page.getByRole('combobox', { name: 'Role' }).click()
    await page.getByRole('option', { name: 'Supervisor' }).click()
    await page.waitForURL(/role=supervisor/)
    await settled(page)
    const { results } = await read('/users/?role=supervisor&limit=200')
    assert.equal((await emailsOf(page)).length, results.length)

    await page.getByRole('combobox', { name: 'State' }).click()
    await page.getByRole('option', { name: 'Deactivated only' }).click()
    await page.waitForURL(/is_active=false/)
    await page.getByText('Nothing matches').waitFor()
    await assertAccessible(page, 'nothing matches')
    await page.getByRole('button', { name: 'Clear' }).click()
    await rowOf(page, 'user@example.com').waitFor()
    assert.equal(new URL(page.url()).search, '')
    assert.deepEqual(complaints, [])
  })

  test('orders by a column, and back', async () => {
    const { page, go } = await world.open({ as: 'superuser' })
    await go('/console/users')
    const header = page.getByRole('button', { name: 'Sort by Person' })
    await header.click()
    await page.waitForURL(/ordering=email/)
    await settled(page)
    const ascending = await emailsOf(page)
    assert.deepEqual(ascending, ascending.toSorted())
    await header.click()
    await page.waitForURL(/ordering=-email/)
    await settled(page)
    const descending = await emailsOf(page)
    assert.deepEqual(descending, descending.toSorted().reverse())
    await page.getByRole('columnheader', { name: 'Person', includeHidden: false }).waitFor()
    assert.equal(
      await page.getByRole('columnheader').filter({ hasText: 'Person' }).getAttribute('aria-sort'),
      'descending',
    )
  })

  test('the list of users shows the chosen columns, also after a reload', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser', locale: 'ru' })
    await go('/console/users')
    await page.getByRole('button', { name: 'Столбцы' }).click()
    await page.getByRole('checkbox', { name: 'Отчество' }).check()
    await page.getByRole('checkbox', { name: 'Создан' }).uncheck()
    await assertAccessible(page, 'the menu of columns')
    await page.keyboard.press('Escape')
    await page.reload()
    await settled(page)
    await page.getByRole('columnheader', { name: 'Отчество' }).waitFor()
    assert.equal(await page.getByRole('columnheader', { name: 'Создан' }).count(), 0)
    await rowOf(page, 'Сергеевна').waitFor()
    assert.deepEqual(complaints, [])
  })

  test('is read and opened by the keyboard alone, and gives the focus back', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go('/console/users')
    await table(page).getByRole('row').nth(1).focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Space')
    await page.getByText('1 selected').waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(/users\/\d+/)
    await page.getByRole('heading', { name: 'Daniel Foster' }).waitFor()
    const close = page.getByRole('button', { name: 'Close', exact: true })
    await close.focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/users$/)
    const row = rowOf(page, 'supervisor@example.com')
    await page.waitForFunction(
      email => document.activeElement?.textContent?.includes(email),
      'supervisor@example.com',
    )
    assert.equal(await row.getAttribute('aria-selected'), 'true')
    assert.deepEqual(complaints, [])
  })

  for (const scheme of ['light', 'dark'] as const) {
    test(`the list of users with a selection is accessible, ${scheme}`, async () => {
      const { page, go, complaints } = await world.open({ as: 'superuser', scheme })
      await go('/console/users')
      await tick(page, 'user@example.com')
      await assertAccessible(page, 'the list with a selection')
      assert.deepEqual(complaints, [])
    })
  }

  test('fits a phone', async () => {
    const { page, go } = await world.open({ as: 'superuser', width: 360, height: 740, locale: 'ru' })
    await go('/console/users')
    await tick(page, 'user@example.com')
    await page.getByRole('toolbar').waitFor()
    await assertFits(page)
    await go('/console/users?create=yes')
    await page.getByRole('dialog').waitFor()
    await assertFits(page)
  })

  test('is a file too, with the same rows', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go('/console/users?role=admin')
    const begun = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Export', exact: true }).click()
    const file = await begun
    assert.equal(file.suggestedFilename(), 'users.csv')
    const lines = (await readFile(await file.path(), 'utf8')).trim().split('\r\n')
    const { results } = await read('/users/?role=admin&limit=200')
    assert.equal(lines.length - 1, results.length)
    await page.getByText('users.csv downloaded.').waitFor()
    assert.deepEqual(complaints, [])
  })
})

describe('many people at once', () => {
  test('get a role one by one, after what it changes was seen', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go('/console/users')
    for (const email of ['grace.hughes@example.org', 'd.volkov@example.com', 'oliver.bennett@example.net']) {
      await tick(page, email)
    }
    await page.getByRole('button', { name: 'Grant role…' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('combobox', { name: 'Role' }).click()
    await page.getByRole('option', { name: 'Supervisor' }).click()
    await dialog.getByText('2 people gain').waitFor()
    await assertAccessible(page, 'the question of a bulk action')
    await dialog.getByRole('button', { name: 'Grant role' }).click()
    await dialog.getByText('Done for 2 people.').waitFor()
    await dialog.getByText('1 needed no change.').waitFor()
    await assertAccessible(page, 'the result of a bulk action')
    await dialog.getByRole('button', { name: 'Close' }).last().click()
    await dialog.waitFor({ state: 'hidden' })
    assert.equal(await page.getByRole('toolbar').count(), 0)
    assert.deepEqual((await userOf('grace.hughes@example.org')).roles, ['supervisor', 'user'])
    assert.deepEqual((await userOf('d.volkov@example.com')).roles, ['supervisor', 'user'])
    assert.deepEqual(complaints, [])
  })

  test('those who rank higher are left out of a bulk action, with the reason, before anything is sent', async () => {
    const { page, go, complaints } = await world.open({ as: 'admin', locale: 'ru' })
    await go('/console/users')
    await tick(page, 'mr.englishcat@gmail.com')
    await page.getByRole('button', { name: 'Деактивировать' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Не затронет 1:').waitFor()
    await assertAccessible(page, 'a bulk action that is for no one')
    assert.ok(await dialog.getByRole('button', { name: 'Деактивировать' }).isDisabled())
    await dialog.getByRole('button', { name: 'Отмена' }).click()

    await tick(page, 'jack.turner@example.net')
    await page.getByRole('button', { name: 'Деактивировать' }).click()
    await dialog.getByText('Деактивировать 1 учётную запись?').waitFor()
    const reason = dialog.getByRole('listitem').filter({ hasText: 'суперпользователь' })
    assert.match((await reason.textContent()) ?? '', /Mister Englishcat/)
    await dialog.getByRole('button', { name: 'Деактивировать' }).click()
    await dialog.getByText('Выполнено для 1 пользователя.').waitFor()
    assert.equal(await dialog.getByText('Отказано').count(), 0)
    assert.equal((await userOf('jack.turner@example.net')).is_active, false)
    assert.equal((await userOf('mr.englishcat@gmail.com')).is_active, true)
    assert.deepEqual(complaints, [])
  })

  test('one’s own account is left out where roles move, and a role that is not held cannot be chosen', async () => {
    const { page, go, complaints } = await world.open({ as: 'admin' })
    await go('/console/users')
    await tick(page, accounts.admin.email)
    await tick(page, 'd.volkov@example.com')
    await page.getByRole('button', { name: 'Grant role…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Grant a role to 1 person' })
    await dialog.getByText('You can’t change your own roles.').waitFor()
    assert.deepEqual(complaints, [])
  })

  test('the result of a bulk action lists who was refused and why', async () => {
    const { page, go, complaints } = await world.open({ as: 'admin', locale: 'ru' })
    const { id } = await userOf('d.volkov@example.com')
    await go('/console/users')
    await tick(page, 'd.volkov@example.com')
    await page.getByRole('button', { name: 'Завершить все сеансы' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Завершить все сеансы 1 пользователя?').waitFor()
    // Their rank rises while the question stands.
    const body = { is_superuser: true }
    assert.equal((await world.call('PATCH', `/users/${id}/`, { token: root.access, body })).status, 200)
    await dialog.getByRole('button', { name: 'Завершить сеансы' }).click()
    await dialog.getByText('Отказано для 1 пользователя:').waitFor()
    assert.match((await dialog.getByRole('listitem').textContent()) ?? '', /суперпользователь/)
    assert.deepEqual(complaints, [])
  })

  test('are left alone from a stop on', async () => {
    const { page, go } = await world.open({ as: 'superuser' })
    await go('/console/users?role=user')
    await page.getByRole('checkbox', { name: 'Select all that are shown' }).check()
    const total = Number((await page.getByText(/\d+ selected/).textContent())!.split(' ')[0])
    assert.ok(total > 5)
    // The third person is answered only after the stop was asked for.
    let answered = 0
    let letGo: (() => void) | undefined
    const isStopped = new Promise<void>(resolve => {
      letGo = resolve
    })
    await page.route('**/token/revoke_all/*/', async route => {
      answered += 1
      if (answered === 3) await isStopped
      await route.continue()
    })
    await page.getByRole('button', { name: 'End all sessions' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'End sessions' }).click()
    await dialog.getByText(`2 of ${total}`).waitFor()
    await assertAccessible(page, 'a bulk action under way')
    await dialog.getByRole('button', { name: 'Stop' }).click()
    letGo!()
    await dialog.getByText(`Stopped: ${total - 3} people were not changed.`).waitFor()
    assert.equal(answered, 3)
  })
})

describe('a new user', () => {
  test('is opened with a password that was made up, roles and the flag of staff, and then shown', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go('/console/users')
    await page.getByRole('button', { name: 'New user' }).click()
    const dialog = page.getByRole('dialog')
    await assertAccessible(page, 'the form of a new user')
    await dialog.getByLabel('Email').fill('new.person@example.com')
    await dialog.getByLabel('First name').fill('New')
    await dialog.getByLabel('Last name').fill('Person')
    await dialog.getByRole('button', { name: 'Generate' }).click()
    const password = await dialog.getByLabel('Temporary password').inputValue()
    assert.match(password, /^(?:[a-z2-9]{5}-){3}[a-z2-9]{5}$/)
    await dialog.getByRole('combobox', { name: 'Roles' }).click()
    await page.getByRole('option', { name: 'Supervisor' }).click()
    await page.keyboard.press('Escape')
    await dialog.getByRole('switch', { name: 'Staff' }).check({ force: true })
    await dialog.getByRole('button', { name: 'Create account' }).click()
    await page.getByText('Account created for New Person.').waitFor()
    // What is to be handed over stays until it was.
    await dialog.getByText('Give this to New Person').waitFor()
    await assertAccessible(page, 'the first password that is shown once')
    assert.deepEqual(await dialog.locator('[data-secret]').allInnerTexts(), [
      'new.person@example.com',
      password,
    ])
    await page.keyboard.press('Escape')
    await page.mouse.click(3, 3)
    await dialog.getByText('Give this to New Person').waitFor()
    await dialog.getByRole('button', { name: 'I have handed it over' }).click()
    await page.getByRole('heading', { name: 'New Person' }).waitFor()
    // The list has led to the row, and highlights it for a moment.
    const row = rowOf(page, 'new.person@example.com')
    await page.waitForFunction(() => document.querySelector('[role=row][data-new][data-chosen]') !== null)
    await row.and(page.locator('[data-chosen]')).waitFor()
    await page.waitForFunction(() => document.querySelector('[role=row][data-new]') === null)

    const user = await userOf('new.person@example.com')
    assert.deepEqual([user.roles, user.is_staff, user.is_active], [['supervisor'], true, true])
    await world.login({ email: 'new.person@example.com', password })
    assert.deepEqual(complaints, [])
  })

  test('is refused at the fields, in the language of the page', async () => {
    const { page, go, complaints } = await world.open({ as: 'admin', locale: 'ru' })
    await go('/console/users?create=yes')
    const dialog = page.getByRole('dialog')
    assert.equal(await dialog.getByRole('switch').count(), 0, 'only a superuser makes staff')
    await dialog.getByLabel('Эл. почта').fill('user@example.com')
    await dialog.getByLabel('Начальный пароль').fill('user@example.com')
    await dialog.getByRole('button', { name: 'Создать учётную запись' }).click()
    await page.waitForFunction(() => document.querySelector('[aria-invalid=true]') !== null)
    await assertAccessible(page, 'a refused form')
    await dialog.getByLabel('Начальный пароль').fill('четыре слова наугад тут')
    await dialog.getByRole('button', { name: 'Создать учётную запись' }).click()
    await page.waitForFunction(() => document.querySelector('input[type=email][aria-invalid=true]') !== null)
    assert.deepEqual(complaints, [])
  })
})

describe('a user with fewer permissions', () => {
  test('sees less: no form, no selection, no roles to filter by, and no list without the permission', async () => {
    const made = await world.call('POST', '/roles/', {
      token: root.access,
      body: { name: 'Reader', code_name: 'reader', permissions: ['users:read'] },
    })
    assert.equal(made.status, 201, made.text)
    const password = 'four words by chance here'
    for (const [email, roles] of [
      ['reader@example.com', ['reader']],
      ['nobody@example.com', []],
    ] as const) {
      const body = { email, password, is_staff: true, roles }
      assert.equal((await world.call('POST', '/users/', { token: root.access, body })).status, 201)
    }
    const reader = await world.open({ as: { email: 'reader@example.com', password } })
    await reader.go('/console/users')
    await rowOf(reader.page, 'user@example.com').waitFor()
    for (const name of ['New user', 'Role']) {
      assert.equal(await reader.page.getByRole('button', { name }).count(), 0, name)
      assert.equal(await reader.page.getByRole('combobox', { name }).count(), 0, name)
    }
    assert.equal(await table(reader.page).getByRole('checkbox').count(), 0)
    assert.deepEqual(reader.complaints, [])

    const nobody = await world.open({ as: { email: 'nobody@example.com', password } })
    await nobody.go('/console/users')
    await nobody.page.getByText('You don’t have access').waitFor()
    await nobody.page.getByText('users:read').waitFor()
    assert.deepEqual(nobody.complaints, [])
  })
})

/** More people than one page of the list holds, the newest last. */
async function makeMany(count: number): Promise<readonly { id: number; email: string }[]> {
  const made = []
  for (let at = 0; at < count; at++) {
    const body = { email: `crowd-${at}@example.com`, password: goodPassword }
    const answer = await world.call('POST', '/users/', { token: root.access, body })
    assert.equal(answer.status, 201)
    made.push(answer.body)
  }
  return made
}

const isInSight = (page: Page, email: string) =>
  page.waitForFunction(text => {
    const scroller = document.querySelector('[data-scroller]')!.getBoundingClientRect()
    const row = [...document.querySelectorAll('[role=row][data-chosen]')].find(row =>
      row.textContent?.includes(text),
    )
    const place = row?.getBoundingClientRect()
    return place !== undefined && place.top >= scroller.top && place.bottom <= scroller.bottom
  }, email)

interface LayoutShift extends PerformanceEntry {
  readonly sources: readonly { readonly node: Node | null }[]
}

/** What has moved by itself in the list since the page was opened. */
const shiftsOfList = (page: Page) =>
  page.evaluate(
    () =>
      new Promise<string[]>(resolve => {
        const nodes: (Node | null)[] = []
        new PerformanceObserver(list => {
          for (const { sources } of list.getEntries() as LayoutShift[])
            nodes.push(...sources.map(({ node }) => node))
        }).observe({ type: 'layout-shift', buffered: true })
        // What is buffered comes before the next frame but one.
        const inList = (node: Node | null): node is Element =>
          node?.parentElement?.closest('[role=grid]') != null
        const answer = () => resolve(nodes.filter(inList).map(({ className }) => className))
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(answer, 50)))
      }),
  )

describe('a link to one of many people', () => {
  test('leads to their row in the list; one beyond the rows loaded stands below them, and joins them', async () => {
    const crowd = await makeMany(120)
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    const { results } = await read('/users/?limit=100&ordering=id')
    const last = results.at(-1)
    await go(`/console/users/${last.id}`)
    await isInSight(page, last.email)

    const beyond = crowd.at(-1)!
    await go(`/console/users/${beyond.id}`)
    const apart = page.getByRole('rowgroup', { name: 'Open, but not among the rows above' })
    await apart.getByText(beyond.email).waitFor()
    await assertAccessible(page, 'a person who is not among the rows')
    assert.deepEqual(await shiftsOfList(page), [])
    // The next page is read by scrolling; the row is then where it belongs, and the reader stays where they are.
    const scroller = page.locator('[data-scroller]')
    await scroller.evaluate(element => element.scrollTo({ top: element.scrollHeight }))
    await apart.waitFor({ state: 'detached' })
    assert.deepEqual(complaints, [])
  })

  test('who joins by another way while the list is open is highlighted for a moment', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go('/console/users?ordering=-id')
    const body = { email: 'joined@example.com', password: goodPassword }
    await rowOf(page, 'crowd-119@example.com').waitFor()
    assert.equal(
      await page.locator('[role=row][data-new]').count(),
      0,
      'nothing is new in a list that is opened',
    )
    await world.call('POST', '/users/', { token: root.access, body })
    await rowOf(page, 'joined@example.com').and(page.locator('[data-new]')).waitFor()
    assert.equal(await page.locator('[role=row][data-new]').count(), 1)
    await page.locator('[role=row][data-new]').waitFor({ state: 'detached' })
    assert.deepEqual(complaints, [])
  })
})
