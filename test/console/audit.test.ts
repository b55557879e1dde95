import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { auditActions } from '../../server/src/audit/audit-event.ts'
import { accounts, assertAccessible, consoleWorld, settled } from './support/console-world.ts'

const world = await consoleWorld()

const signIn = async () => {
  const { email, password } = accounts.user
  const { status, text } = await world.call('POST', '/login/', { body: { email, password } })
  assert.equal(status, 200, text)
}
const rowsOf = (page: Page) => page.getByRole('grid').locator('[role=row][data-index]')
const events = (action?: string) =>
  world.core.database.read
    .selectFrom('audit_events')
    .select(['id', 'action'])
    .$if(action !== undefined, query => query.where('action', '=', action!))
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .execute()

/** Somebody who may enter the console, and nothing more. */
const onStaff = async () => {
  const account = await world.register()
  const root = await world.superuser()
  const body = { is_staff: true }
  const { status } = await world.call('PATCH', `/users/${account.id}/`, { token: root.access, body })
  assert.equal(status, 200)
  return account
}

describe('the audit', () => {
  test('shows what happens while it happens, the newest on top', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go('/console/audit')
    await settled(page)
    await assertAccessible(page, 'the list')
    const first = rowsOf(page).first()
    await first.getByText(accounts.superuser.email).waitFor()
    await signIn()
    await page.waitForFunction(
      email => document.querySelector('[role=row][data-index="0"]')?.textContent?.includes(email) === true,
      accounts.user.email,
    )
    await first.getByText('Signed in').waitFor()
    assert.deepEqual(complaints, [])
  })

  test('the live list of the audit stands still while it is scrolled or paused, and counts new events', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go('/console/audit')
    await settled(page)
    await page.getByRole('button', { name: 'Pause' }).click()
    const top = await rowsOf(page).first().textContent()
    await signIn()
    await page.getByRole('button', { name: '1 new event' }).waitFor()
    await signIn()
    const pill = page.getByRole('button', { name: '2 new events' })
    await pill.waitFor()
    assert.equal(await rowsOf(page).first().textContent(), top)
    await assertAccessible(page, 'with new events')
    await pill.click()
    await page.getByRole('button', { name: 'Pause' }).waitFor()
    await rowsOf(page).first().getByText(accounts.user.email).waitFor()

    await page
      .getByRole('grid')
      .locator('[data-scroller]')
      .evaluate(node => node.scrollTo({ top: 900 }))
    await page.waitForFunction(() => document.querySelector('[role=row][data-index="0"]') === null)
    await signIn()
    await page.getByRole('button', { name: '1 new event' }).click()
    await rowsOf(page).first().waitFor()
    await page.getByRole('button', { name: '1 new event' }).waitFor({ state: 'detached' })
    assert.deepEqual(complaints, [])
  })

  test('the audit is filtered by the address of the page, also after a reload, and for live events', async () => {
    const root = await world.superuser()
    const { body: roles } = await world.call('GET', '/roles/?search=supervisor', { token: root.access })
    const changeRole = async (description: string) => {
      const path = `/roles/${roles.results[0].id}/`
      const answer = await world.call('PATCH', path, { token: root.access, body: { description } })
      assert.equal(answer.status, 200, answer.text)
    }
    await changeRole('Leads')
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go('/console/audit')
    const filters = page.getByRole('dialog', { name: 'Filters' })
    await page.getByRole('button', { name: 'Filters' }).click()
    const action = filters.getByRole('combobox', { name: 'Action' })
    await action.click()
    const offered = await page.getByRole('option').allTextContents()
    assert.deepEqual(
      auditActions.filter(name => !offered.some(words => words.endsWith(name) && words !== `${name}${name}`)),
      [],
    )
    await action.fill('role.upd')
    await page.getByRole('option', { name: /Role changed/ }).click()
    await page.waitForURL('**/console/audit?action=role.update')
    await filters.getByRole('button', { name: 'Show events' }).click()
    await settled(page)
    const expected = await events('role.update')
    assert.ok(expected.length > 0)
    await page.waitForFunction(
      count => document.querySelectorAll('[role=row][data-index]').length === count,
      expected.length,
    )
    await page.reload()
    await settled(page)
    await page.getByRole('button', { name: 'Remove: Action: Role changed' }).waitFor()
    assert.equal(await rowsOf(page).count(), expected.length)
    await signIn()
    // What the stream told of it is known by the next event that fits: that one comes, and the sign-in has not.
    await changeRole('Leads a team')
    await page.waitForFunction(
      count => document.querySelectorAll('[role=row][data-index]').length === count,
      expected.length + 1,
    )
    await page.goBack()
    await page.waitForURL('**/console/audit')
    await page.goForward()
    await page.waitForURL('**/console/audit?action=role.update')
    assert.deepEqual(complaints, [])
  })

  test('is narrowed to a period by one press, or to any days in a calendar, in the zone of the browser', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go('/console/audit')
    await page.getByRole('button', { name: 'Yesterday' }).click()
    await page.waitForURL('**/console/audit?period=yesterday')
    await settled(page)
    await page.getByRole('button', { name: 'Other days' }).click()
    const days = page.getByRole('dialog', { name: 'Other days' })
    await days.getByText('Europe/Moscow').waitFor()
    await assertAccessible(page, 'the calendar')
    const month = days.getByRole('table')
    const name = await month.getAttribute('aria-label')
    await page.keyboard.press('Tab')
    await month.getByRole('button', { pressed: false }).nth(10).focus()
    await page.keyboard.press('PageUp')
    await page.waitForFunction(
      name => document.querySelector('[role=dialog] table')?.getAttribute('aria-label') !== name,
      name,
    )
    const inMonth = month.locator('button:not([data-outside])')
    await inMonth.nth(3).click()
    await inMonth.nth(4).click()
    await days.getByRole('button', { name: 'Apply' }).click()
    await page.waitForURL(/since=/)
    const search = new URL(page.url()).searchParams
    const [since, until] = [search.get('since')!, search.get('until')!]
    // Moscow is three hours ahead of UTC.
    assert.match(since, /-03T21:00:00\.000Z$/)
    assert.equal(Date.parse(until) - Date.parse(since), 2 * 86_400_000)
    assert.equal(search.get('period'), null)
    await page.getByRole('button', { name: /^4 \S+ \d{4} – 5 \S+ \d{4}$/ }).waitFor()
    await page.goBack()
    await page.waitForURL('**/console/audit?period=yesterday')
    assert.deepEqual(complaints, [])
  })

  test('finds words, addresses and outcomes, and roles that were given', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go('/console/audit')
    await page.getByRole('button', { name: 'Roles granted and revoked' }).click()
    await page.waitForURL('**/console/audit?kind=role_changes')
    await settled(page)
    assert.ok((await rowsOf(page).count()) > 0)
    for (const what of await rowsOf(page).allTextContents()) assert.match(what, /role|created with/i)
    await page.getByRole('button', { name: 'Denied' }).click()
    await page.waitForURL('**/console/audit?outcome=denied')
    await settled(page)
    for (const what of await rowsOf(page).allTextContents()) assert.match(what, /Denied/)
    await page.getByRole('button', { name: 'Denied' }).click()
    await page.getByRole('searchbox', { name: 'Search the audit' }).fill('no-such-word-anywhere')
    await page.getByText('Nothing matches').waitFor()
    await page.getByText('100,000').waitFor()
    await assertAccessible(page, 'nothing found')
    await go('/console/audit?address=10.20.1.21')
    for (const what of await rowsOf(page).allTextContents()) assert.match(what, /10\.20\.1\.21/)
    await page.getByRole('button', { name: 'Remove: Network address: 10.20.1.21' }).click()
    await page.waitForURL('**/console/audit')
    assert.deepEqual(complaints, [])
  })

  test('keeps a set of filters by a name, for the person who named it alone', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go('/console/audit?outcome=denied&period=30d')
    await page.getByRole('button', { name: 'Save view' }).click()
    await page.getByLabel('Name of the view').fill('Refusals of the month')
    await page.getByText('Saved in this browser').waitFor()
    await page.keyboard.press('Enter')
    await go('/console/audit')
    await page.getByRole('button', { name: 'Refusals of the month', exact: true }).click()
    await page.waitForURL('**/console/audit?outcome=denied&period=30d')
    await assertAccessible(page, 'a view of one’s own')
    await page.getByRole('button', { name: 'Remove the view “Refusals of the month”' }).click()
    await page.reload()
    await settled(page)
    assert.equal(await page.getByRole('button', { name: 'Refusals of the month', exact: true }).count(), 0)
    assert.deepEqual(complaints, [])
  })

  test('opens an event by its address: every field, its details, and what it is about', async () => {
    const event = (await events('user.update'))[0]!
    const { page, go, complaints } = await world.open({ as: 'superuser', locale: 'ru', scheme: 'dark' })
    await go(`/console/audit/${event.id}`)
    await page.getByRole('heading', { name: 'Подробности' }).waitFor()
    await settled(page)
    await assertAccessible(page, 'an event in the dark')
    const raw = JSON.parse((await page.locator('pre').textContent())!)
    const root = await world.superuser()
    const { body } = await world.call('GET', `/audit/${event.id}/`, { token: root.access })
    assert.deepEqual(raw, body)
    const target = page.getByRole('link', { name: new RegExp(`${body.target}$`) }).first()
    await target.click()
    await page.waitForURL(`**/console/${body.target}*`)
    assert.deepEqual(complaints, [])
  })

  test('is walked by the keyboard alone, from the list into an event and back to its row', async () => {
    const { page, go } = await world.open({ as: 'superuser' })
    await go('/console/audit')
    await settled(page)
    await rowsOf(page).first().focus()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/console\/audit\/\d+/)
    // The pane that waits for the event has the button, too, and gives way to the pane that shows it.
    await settled(page)
    await page.getByRole('button', { name: 'Close' }).focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/console\/audit$/)
    await page.waitForFunction(() => document.activeElement?.getAttribute('data-index') === '2')
  })

  test('goes out as a file whose rows are those of the list', async () => {
    const { page, go } = await world.open({ as: 'superuser' })
    await go('/console/audit?action=user.deactivate')
    await settled(page)
    const coming = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export…' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Export', exact: true }).click()
    const file = await coming
    assert.equal(file.suggestedFilename(), 'audit.csv')
    const [, ...lines] = (await readFile(await file.path(), 'utf8')).trim().split('\r\n')
    const expected = await events('user.deactivate')
    assert.deepEqual(
      lines.map(line => Number(line.split(',', 1)[0])),
      expected.map(({ id }) => id),
    )
    assert.equal(await rowsOf(page).count(), expected.length)
  })

  test('is whole on a phone, in Russian', async () => {
    const { page, go, complaints } = await world.open({
      as: 'superuser',
      locale: 'ru',
      width: 360,
      height: 740,
    })
    await go('/console/audit')
    await settled(page)
    await assertAccessible(page, 'the list on a phone')
    const overflow = () => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
    assert.ok((await overflow()) <= 0)
    await rowsOf(page).first().click()
    await page.getByRole('heading', { name: 'Сведения' }).waitFor()
    await settled(page)
    await assertAccessible(page, 'an event on a phone')
    assert.ok((await overflow()) <= 0)
    assert.deepEqual(complaints, [])
  })

  for (const [width, height] of [
    [320, 256],
    [740, 360],
  ] as const) {
    test(`keeps a list that can be read at ${width} × ${height}, its filters behind one button`, async () => {
      const { page, go } = await world.open({ as: 'superuser', width, height })
      await go('/console/audit')
      const box = await page.getByRole('grid').boundingBox()
      assert.ok(box!.height >= 200, `${box!.height} px`)
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)
      assert.ok(wide <= 0)
      await page.getByRole('button', { name: 'Filters' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Yesterday' }).click()
      await page.waitForURL('**/console/audit?period=yesterday')
      await page.getByRole('button', { name: 'Show events' }).click()
      await page.getByRole('button', { name: 'Filters: 1' }).waitFor()
      await assertAccessible(page, 'a small screen')
    })
  }

  test('is not shown, nor asked for, without the permission', async () => {
    const { page, go, complaints } = await world.open({ as: await onStaff() })
    await go('/console/audit')
    await page.getByText('audit:read').waitFor()
    assert.deepEqual(complaints, [])
  })
})
