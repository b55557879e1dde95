import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { accounts, assertAccessible, consoleWorld, settled } from './support/console-world.ts'

const world = await consoleWorld()

const widths = (page: Page) =>
  page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth] as const)
const liveOf = async (email: string) => {
  const rows = await world.core.database.read
    .selectFrom('sessions as s')
    .innerJoin('users as u', 'u.id', 's.user_id')
    .select('s.id')
    .where('u.email', '=', email)
    .where('s.is_active', '=', true)
    .orderBy('s.id')
    .execute()
  return rows.map(({ id }) => id)
}
const signInShown = (page: Page) => page.getByRole('heading', { name: /^(Sign in|Вход)$/ }).waitFor()

/** Somebody who may enter the console, and nothing more. */
const onStaff = async () => {
  const account = await world.register()
  const root = await world.superuser()
  const body = { is_staff: true }
  const { status } = await world.call('PATCH', `/users/${account.id}/`, { token: root.access, body })
  assert.equal(status, 200)
  return account
}

describe('the sessions', () => {
  test('ending a session moves its open page to the sign-in form at once, which says why', async () => {
    const reader = await world.open({ as: 'user', locale: 'ru' })
    await reader.go('/account')
    const id = (await liveOf(accounts.user.email)).at(-1)!
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go('/console/sessions')
    await page
      .getByRole('row', { name: /user@example\.com/ })
      .first()
      .click()
    await page.waitForURL(`**/console/sessions/${id}*`)
    await page.getByRole('heading', { name: 'Chrome · Linux' }).waitFor()
    await assertAccessible(page, 'a session')
    await page.getByRole('button', { name: 'End session' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('The next request is refused').waitFor()
    await assertAccessible(page, 'the question')
    await dialog.getByRole('button', { name: 'End session' }).click()
    await signInShown(reader.page)
    await reader.page.getByText('Этот сеанс завершён. Войдите, чтобы продолжить.').waitFor()
    const session = await world.core.stores.sessions.findById(id as never)
    assert.deepEqual([session?.isActive, session?.endReason], [false, 'ended_by_admin'])
    await page.getByText('ended by an administrator').first().waitFor()
    assert.equal(await page.getByRole('button', { name: 'End session' }).count(), 0)
    assert.deepEqual(complaints, [])
  })

  test('what narrows the list stands in the address, and a reload keeps it', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go('/console/sessions')
    await page.getByText('Ended', { exact: true }).click()
    await page.waitForURL('**/console/sessions?is_active=false')
    await page.getByRole('columnheader', { name: 'Why' }).waitFor()
    const person = page.getByRole('combobox', { name: 'All users' })
    await person.fill('harry')
    await page.getByRole('option', { name: /harry\.barnes/ }).click()
    await page.waitForURL(/user_id=\d+/)
    await settled(page)
    const shown = async () => {
      await settled(page)
      const rows = await page.getByRole('row', { name: /@|·/ }).allTextContents()
      return rows.filter(row => row.includes('@'))
    }
    const before = await shown()
    assert.ok(before.length > 0)
    assert.ok(before.every(row => row.includes('harry.barnes@example.net')))
    await page.getByRole('button', { name: 'Sort by Began' }).click()
    await page.waitForURL(/ordering=created_at/)
    const sorted = await shown()
    await page.reload()
    assert.deepEqual(await shown(), sorted)
    assert.match(await person.inputValue(), /Harry/)
    assert.deepEqual(complaints, [])
  })

  test('several are ended in one go, by the keyboard alone, and the server has ended just those', async () => {
    const devices = await Promise.all([1, 2].map(() => world.open({ as: 'supervisor', at: '/account' })))
    const { page, go, complaints } = await world.open({ as: 'admin', locale: 'ru' })
    const { user } = (await world.core.stores.users.findByEmail(accounts.supervisor.email))!
    const before = await liveOf(accounts.supervisor.email)
    await go(`/console/sessions?user_id=${user.id}`)
    const row = page.getByRole('row').nth(1)
    await row.focus()
    await page.keyboard.press('Space')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Space')
    await page.getByText('Выбрано: 2').waitFor()
    await page.getByRole('toolbar').getByRole('button', { name: 'Завершить сеансы' }).focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog', { name: 'Завершить 2 сеанса?' })
    await dialog.waitFor()
    await assertAccessible(page, 'the question about two')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText('Завершены 2 сеанса.').waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    const after = await liveOf(accounts.supervisor.email)
    assert.equal(after.length, before.length - 2)
    // The latest two: those stood on top.
    for (const { page } of devices) await signInShown(page)
    assert.deepEqual(complaints, [])
  })

  test('all of one person end from any of them', async () => {
    const reader = await world.open({ as: 'user', at: '/account' })
    const id = (await liveOf(accounts.user.email)).at(-1)!
    const { page, go } = await world.open({ as: 'admin' })
    await go(`/console/sessions/${id}`)
    await page.getByRole('button', { name: 'End all sessions of this person' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'End all sessions' }).click()
    await signInShown(reader.page)
    assert.deepEqual(await liveOf(accounts.user.email), [])
  })

  test('is whole on a phone, in Russian and in the dark', async () => {
    const { page, go, complaints } = await world.open({
      as: 'admin',
      locale: 'ru',
      width: 360,
      height: 740,
      scheme: 'dark',
    })
    await go('/console/sessions')
    await page.getByRole('heading', { name: 'Сеансы' }).waitFor()
    await settled(page)
    await assertAccessible(page, 'the list on a phone')
    const [scroll, inner] = await widths(page)
    assert.ok(scroll <= inner)
    await page.getByRole('row').nth(1).click()
    await page.getByRole('heading', { name: 'Хронология' }).waitFor()
    await settled(page)
    await assertAccessible(page, 'a session on a phone')
    const [scrolled, width] = await widths(page)
    assert.ok(scrolled <= width)
    assert.deepEqual(complaints, [])
  })

  test('those of a person who ranks higher are left out, with the reason, before anything is sent', async () => {
    await world.login(accounts.superuser)
    const before = await liveOf(accounts.superuser.email)
    const { page, go, complaints } = await world.open({ as: 'admin' })
    await go('/console/sessions')
    const row = page.getByRole('row').filter({ hasText: accounts.superuser.email }).first()
    await row.getByRole('checkbox').check()
    await page.getByRole('toolbar').getByRole('button', { name: 'End sessions' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('1 is left out:').waitFor()
    await dialog.getByText('Only a superuser can change a superuser’s account.').waitFor()
    await assertAccessible(page, 'an end of sessions that is for none of them')
    assert.ok(await dialog.getByRole('button', { name: 'End sessions' }).isDisabled())
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await go(`/console/sessions/${before.at(-1)}`)
    const end = page.getByRole('button', { name: 'End session', exact: true })
    await end.and(page.locator('[aria-description^="Only a superuser"]')).waitFor()
    assert.deepEqual(await liveOf(accounts.superuser.email), before)
    assert.deepEqual(complaints, [])
  })

  test('the sessions are refused without the permission, and only a superuser can end all of them', async () => {
    const { page, go } = await world.open({ as: await onStaff() })
    await go('/console/sessions')
    await page.getByText('sessions:read').waitFor()
    const admin = await world.open({ as: 'admin' })
    await admin.go('/console/sessions')
    await admin.page.getByRole('grid').waitFor()
    assert.equal(await admin.page.getByRole('button', { name: 'Sign everyone out' }).count(), 0)
  })
})

describe('ending all sessions', () => {
  test('ending all sessions asks for their number, and spares only that of the caller', async () => {
    const readers = await Promise.all([
      world.open({ as: 'user', at: '/account' }),
      world.open({ as: 'admin', at: '/account', locale: 'ru' }),
    ])
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go('/console/sessions')
    await page.getByRole('button', { name: 'Sign everyone out' }).click()
    const dialog = page.getByRole('dialog')
    const field = dialog.getByLabel(/To confirm, type the number/)
    await field.waitFor()
    await assertAccessible(page, 'the question about everybody')
    const sure = dialog.getByRole('button', { name: 'Sign everyone out' })
    assert.equal(await sure.isDisabled(), true)
    const live = await world.core.stores.sessions.countLive(world.clock.nowMs())
    const [, number] = /: (\d+)$/.exec((await dialog.locator('label').textContent()) ?? '') ?? []
    // The statistics are a few seconds old at most.
    assert.ok(Math.abs(Number(number) - (live - 1)) <= 4, `${number} of ${live}`)
    await field.fill('7777777')
    assert.equal(await sure.isDisabled(), true)
    await field.fill(number!)
    await page.keyboard.press('Enter')
    await page.getByText(/Everyone is signed out: \d+ sessions ended/).waitFor()
    for (const reader of readers) await signInShown(reader.page)
    assert.equal(await world.core.stores.sessions.countLive(world.clock.nowMs()), 1)
    await page.getByRole('row', { name: '1 session', exact: true }).waitFor()
    await page.reload()
    await page.getByRole('heading', { name: 'Sessions' }).waitFor()
    assert.deepEqual(complaints, [])
  })
})
