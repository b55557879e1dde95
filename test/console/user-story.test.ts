import assert from 'node:assert/strict'
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
const pathOf = async (email: string) => `/console/users/${(await userOf(email)).id}`

const section = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

describe('a user’s page', () => {
  for (const [scheme, locale] of [
    ['light', 'en'],
    ['dark', 'ru'],
  ] as const) {
    test(`the page of a user shows profile, roles, sessions and history, ${scheme}, ${locale}`, async () => {
      const { page, go, complaints } = await world.open({ as: 'superuser', scheme, locale })
      await go(await pathOf('user@example.com'))
      const names =
        locale === 'en'
          ? ['Profile', 'Privileges', 'Roles', 'Effective permissions', 'Sessions', 'History']
          : ['Профиль', 'Доступ', 'Роли', 'Права и их источник', 'Сеансы', 'История']
      await page.getByRole('heading', { name: 'Анна Петрова' }).waitFor()
      for (const name of names) await section(page, name).waitFor()
      await section(page, names[0]!).getByText('Анна Сергеевна Петрова').waitFor()
      await section(page, names[3]!).getByText('documents').waitFor()
      await section(page, names[5]!)
        .getByText(locale === 'en' ? 'Signed in' : 'Выполнен вход')
        .first()
        .waitFor()
      assert.match(await page.title(), /^Анна Петрова/)
      await assertAccessible(page, `the story, ${scheme}`)
      assert.deepEqual(complaints, [])
    })
  }

  test('says which role gives what, and leads to trying it', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go(await pathOf('supervisor@example.com'))
    const effective = section(page, 'Effective permissions')
    await effective.getByText('through the roles supervisor and user').first().waitFor()
    await effective.getByRole('textbox').or(effective.getByRole('searchbox')).fill('documents:app')
    await effective.getByText('1 permission', { exact: true }).waitFor()
    await effective.getByRole('link', { name: 'Why documents:approve' }).click()
    await page.waitForURL(/console\/try\?user=\d+&resource=documents&action=approve/)
    assert.deepEqual(complaints, [])
  })

  for (const locale of ['en', 'ru'] as const) {
    test(`shows which pages of the console a person sees, ${locale}`, async () => {
      const email = `reader-${locale}@example.com`
      const send = async (path: string, body: object) =>
        assert.equal((await world.call('POST', path, { token: root.access, body })).status, 201)
      await send('/roles/', {
        name: `Reader ${locale}`,
        code_name: `reader-${locale}`,
        permissions: ['users:read', 'users:update', 'audit:all'],
      })
      await send('/users/', {
        email,
        first_name: 'Vera',
        password: goodPassword,
        is_staff: true,
        roles: [`reader-${locale}`],
      })
      const { page, go, complaints } = await world.open({ as: 'superuser', locale })
      await go(await pathOf(email))
      const viewAs = locale === 'en' ? 'View as' : 'Посмотреть глазами пользователя'
      await page.getByRole('button', { name: viewAs, exact: true }).click()
      const pages = page.getByRole('dialog').getByRole('listitem')
      await pages.first().waitFor()
      await settled(page)
      await assertAccessible(page, 'the console as a person sees it')
      const seen = (await pages.and(page.locator('[data-seen]')).allInnerTexts()).map(text =>
        text.split(/[\n(]/)[0]!.trim(),
      )
      const audit = pages.filter({ hasText: locale === 'en' ? /^Audit/ : /^Аудит|^Журнал/ })
      assert.match(await audit.innerText(), /export/, '`all` is every action')
      const roles = pages.filter({ hasText: 'roles:read' })
      assert.equal(await roles.first().getAttribute('data-seen'), null)
      // The menu that the person really has.
      const theirs = await world.open({ as: { email, password: goodPassword }, locale })
      await theirs.go('/console')
      const menu = theirs.page.getByRole('navigation').getByRole('link')
      await menu.first().waitFor()
      assert.deepEqual(seen, await menu.allInnerTexts())
      assert.deepEqual(complaints, [])
    })
  }

  test('changes roles after showing what it would change, and takes it back', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser', locale: 'ru' })
    await go(await pathOf('henry.cooper@example.net'))
    const roles = section(page, 'Роли')
    await roles.getByRole('combobox', { name: 'Добавить роль…' }).fill('superv')
    await page.getByRole('option', { name: 'Supervisor' }).click()
    await roles.getByText('1 пользователь получит').waitFor()
    await assertAccessible(page, 'a plan of roles')
    assert.deepEqual((await userOf('henry.cooper@example.net')).roles, ['user'], 'a plan changes nothing')
    await roles.getByRole('button', { name: 'Сохранить роли' }).click()
    await page.getByText('Роли изменены: Henry Cooper.').waitFor()
    assert.deepEqual((await userOf('henry.cooper@example.net')).roles, ['supervisor', 'user'])
    await section(page, 'История').getByText('Выдана роль: supervisor').waitFor()

    await page.getByRole('button', { name: 'Отменить' }).click()
    await roles.getByRole('button', { name: 'Отозвать роль supervisor' }).waitFor({ state: 'detached' })
    assert.deepEqual((await userOf('henry.cooper@example.net')).roles, ['user'])
    assert.deepEqual(complaints, [])
  })

  test('edits the profile, shows a taken address at its field, and takes a change back', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go(await pathOf('lucy.morgan@example.org'))
    await page.getByRole('button', { name: 'Edit' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Email').fill('user@example.com')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.waitForFunction(() => document.querySelector('input[type=email][aria-invalid=true]') !== null)
    await assertAccessible(page, 'a refused change')
    await dialog.getByLabel('Email').fill('lucy.morgan@example.org')
    await dialog.getByLabel('Last name').fill('Morgan-Jones')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('heading', { name: 'Lucy Morgan-Jones' }).waitFor()
    assert.equal((await userOf('lucy.morgan@example.org')).last_name, 'Morgan-Jones')
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('heading', { name: 'Lucy Morgan', exact: true }).waitFor()
    assert.deepEqual(complaints, [])
  })

  test('giving a user access to the console asks first', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go(await pathOf('george.parker@example.net'))
    await section(page, 'Privileges').getByRole('switch', { name: 'Staff' }).click({ force: true })
    const dialog = page.getByRole('dialog')
    await dialog.getByText('Give George Parker access to the console?').waitFor()
    assert.equal((await userOf('george.parker@example.net')).is_staff, false)
    await dialog.getByRole('button', { name: 'Grant' }).click()
    await page.getByText('George Parker changed.').waitFor()
    assert.equal((await userOf('george.parker@example.net')).is_staff, true)
    assert.deepEqual(complaints, [])
  })

  test('ends one session of several', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    const { id } = await userOf('emily.carter@example.org')
    const live = async () => (await read(`/sessions/?user_id=${id}&is_active=true`)).results.length
    const before = await live()
    await go(`/console/users/${id}`)
    const sessions = section(page, 'Sessions')
    await sessions
      .getByRole('button', { name: /^End the session on/ })
      .first()
      .click()
    await page.getByRole('dialog').getByRole('button', { name: 'End', exact: true }).click()
    await page.getByText(/^Session on .*ended\.$/).waitFor()
    assert.equal(await live(), before - 1)
    await sessions.getByText('ended by an administrator').waitFor()
    assert.deepEqual(complaints, [])
  })

  test('shows the sessions die when the account is deactivated, and opens it again by keyboard', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    const { id } = await userOf('user@example.com')
    const live = (await read(`/sessions/?user_id=${id}&is_active=true`)).results.length
    await go(`/console/users/${id}`)
    const sessions = section(page, 'Sessions')
    await sessions.getByText(`${live} live`, { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Deactivate' }).focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByText(`${live} live sessions end at once.`).waitFor()
    await dialog.getByText('1 person loses').waitFor()
    await assertAccessible(page, 'the question before a deactivation')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText('Анна Петрова is deactivated.').waitFor()
    await sessions.getByText('0 live', { exact: true }).waitFor()
    await section(page, 'History').getByText('Account deactivated').waitFor()
    await page.getByText('The account is deactivated: nothing is allowed.').waitFor()
    assert.equal((await read(`/sessions/?user_id=${id}&is_active=true`)).results.length, 0)

    await page.getByRole('button', { name: 'Reactivate' }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('Анна Петрова can sign in again.').waitFor()
    assert.equal((await userOf('user@example.com')).is_active, true)
    assert.deepEqual(complaints, [])
  })

  test('a deactivation is taken back on its message', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go(await pathOf('george.parker@example.net'))
    await page.getByRole('button', { name: 'Deactivate' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Deactivate' }).click()
    const message = page.getByRole('alert').filter({ hasText: 'George Parker is deactivated.' })
    await page.getByRole('button', { name: 'Reactivate' }).waitFor()
    assert.equal((await userOf('george.parker@example.net')).is_active, false)
    await message.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('button', { name: 'Deactivate' }).waitFor()
    assert.equal((await userOf('george.parker@example.net')).is_active, true)
    assert.deepEqual(complaints, [])
  })

  test('follows what others do, without being loaded again', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    const { id } = await userOf('oscar.sanders@example.net')
    await go(`/console/users/${id}`)
    await page.getByRole('img', { name: /^Live/ }).first().waitFor()
    const changed = await world.call('PATCH', `/users/${id}/`, {
      token: root.access,
      body: { first_name: 'Oskar' },
    })
    assert.equal(changed.status, 200)
    await page.getByRole('heading', { name: 'Oskar Sanders' }).waitFor()
    await section(page, 'History').getByText('Name changed').waitFor()
    assert.deepEqual(complaints, [])
  })

  test('what a higher rank forbids is disabled with the reason, and so are one’s own roles', async () => {
    const { page, go, complaints } = await world.open({ as: 'admin', locale: 'ru' })
    await go(await pathOf('mr.englishcat@gmail.com'))
    assert.equal(await page.getByRole('switch').count(), 0, 'only superusers give flags')
    const reason = 'Изменить эту учётную запись может только суперпользователь.'
    for (const name of ['Изменить', 'Завершить все сеансы', 'Деактивировать']) {
      const button = page.getByRole('button', { name, exact: true })
      assert.equal(await button.getAttribute('aria-disabled'), 'true', name)
      assert.equal(await button.getAttribute('aria-description'), reason)
      await button.click({ force: true })
    }
    assert.equal(await page.getByRole('dialog').count(), 0)
    await section(page, 'Роли').getByText(reason).waitFor()
    // The tooltip of the last button stands outside of the landmarks.
    await page.mouse.move(0, 0)
    await page.getByRole('tooltip').waitFor({ state: 'hidden' })
    await assertAccessible(page, 'an account of higher rank')

    await go(await pathOf('admin@example.com'))
    await section(page, 'Роли').getByText('Свои роли изменить нельзя.').waitFor()
    assert.equal(await section(page, 'Роли').getByRole('combobox').count(), 0)
    assert.deepEqual(complaints, [])
  })

  test('a deactivated account shows what its roles would give', async () => {
    const account = await world.register()
    const roles = { roles: ['supervisor'] }
    await world.call('PATCH', `/users/${account.id}/`, { token: root.access, body: roles })
    await world.call('PATCH', `/users/${account.id}/`, { token: root.access, body: { is_active: false } })
    const { page, go } = await world.open({ as: 'superuser' })
    await go(await pathOf(account.email))
    const effective = section(page, 'Effective permissions')
    await effective.getByText('documents', { exact: true }).waitFor()
    await effective.getByText('through the role supervisor').first().waitFor()
    assert.equal(await effective.getByText('No permissions').count(), 0)
  })

  test('asks about a permission that the roles do not give', async () => {
    const { page, go } = await world.open({ as: 'superuser' })
    await go(await pathOf('user@example.com'))
    const effective = section(page, 'Effective permissions')
    await effective.getByRole('combobox', { name: 'Check any other permission' }).fill('doc delete')
    await page.getByRole('option', { name: 'documents:delete' }).click()
    await page.waitForURL('**/console/try?*')
    assert.equal(new URL(page.url()).search, '?user=4&resource=documents&action=delete')
  })

  test('shows a reader only what they may see', async () => {
    await world.call('POST', '/roles/', {
      token: root.access,
      body: { name: 'Reader', code_name: 'reader', permissions: ['users:read'] },
    })
    const account = { email: 'reader@example.com', password: 'four words by chance here' }
    const body = { ...account, is_staff: true, roles: ['reader'] }
    assert.equal((await world.call('POST', '/users/', { token: root.access, body })).status, 201)
    const { page, go, complaints } = await world.open({ as: account })
    await go(await pathOf('user@example.com'))
    await section(page, 'Effective permissions').getByText('documents').waitFor()
    assert.equal(await section(page, 'Sessions').count(), 0)
    assert.equal(await section(page, 'History').count(), 0)
    assert.equal(await page.getByRole('button', { name: /Edit|Deactivate|Log out/ }).count(), 0)
    assert.deepEqual(complaints, [])
  })

  test('fits a phone, and leads back to the list', async () => {
    const { page, go } = await world.open({ as: 'superuser', width: 360, height: 740, locale: 'ru' })
    await go(await pathOf('mr.englishcat@gmail.com'))
    await section(page, 'История').waitFor()
    await settled(page)
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth))
    await page.getByRole('button', { name: 'К списку' }).click()
    await page.waitForURL(/users$/)
    await page.getByRole('grid').waitFor()
  })

  test('the page of an unknown user says that there is none', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go('/console/users/999999')
    await page.getByRole('alert').waitFor()
    await assertAccessible(page, 'nobody')
    assert.deepEqual(complaints, [])
  })
})
