import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { accounts, assertAccessible, consoleWorld, settled } from './support/console-world.ts'

const world = await consoleWorld()

const dayMs = 86_400_000
const tokenOf = async (account: keyof typeof accounts) => (await world.login(accounts[account])).access

const makeKey = async (token: string, body: Record<string, unknown>) => {
  const answer = await world.call('POST', '/api_keys/', { token, body })
  assert.equal(answer.status, 201, answer.text)
  return answer.body
}

/** As a program would: over the network, with nothing but the key. */
const statusOf = async (key: string, path = '/api/auth/users/?limit=1') =>
  (await fetch(`${world.address}${path}`, { headers: { authorization: `Bearer ${key}` } })).status

const shownKey = (page: Page) => page.locator('[data-secret]').innerText()

/** Somebody on staff with just these permissions. */
const onStaff = async (...permissions: string[]) => {
  const account = await world.withPermissions(...permissions)
  await world.core.transaction(({ users }) =>
    users.update(account.id as never, { isStaff: true }, world.clock.nowMs()),
  )
  return account
}

describe('the page of API keys', () => {
  test('a key is made, used by a program, rotated with an overlap and deleted, and then refused', async () => {
    const { page, context, go, complaints } = await world.open({ as: 'superuser' })
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await go('/console')
    await page.getByRole('link', { name: 'API keys', exact: true }).click()
    await page.getByText('No API keys yet').waitFor()
    await assertAccessible(page, 'the page without keys')

    await page.getByRole('button', { name: 'New key' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('button', { name: 'Create key' }).click()
    await dialog.getByText('Give the key a name.').waitFor()
    await dialog.getByText('Choose at least one role or permission').waitFor()
    await assertAccessible(page, 'the form of a new key with errors')
    await dialog.getByLabel('Name').fill('Invoice service')
    await dialog.getByLabel('Permissions').fill('users:read')
    await page.getByRole('option', { name: 'users:read', exact: true }).click()
    await page.keyboard.press('Tab')
    await dialog.getByRole('button', { name: 'Create key' }).click()

    await dialog.getByText('This key is shown only once.').waitFor()
    await assertAccessible(page, 'the key that is shown once')
    const first = await shownKey(page)
    assert.match(first, /^propusk_[0-9A-Za-z]{61}$/)
    const command = await dialog.locator('pre').innerText()
    assert.equal(command, `curl -H "Authorization: Bearer ${first}" ${world.address}/api/auth/users/`)
    await page.keyboard.press('Enter')
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), first)

    // Neither a stray click, nor Escape, nor the browser's own back loses what nobody can show again.
    await page.mouse.click(5, 5)
    await page.keyboard.press('Escape')
    await page.evaluate(() => history.back())
    await settled(page)
    assert.equal(await shownKey(page), first)
    await dialog.getByRole('button', { name: 'I have saved it' }).click()
    await page.getByRole('heading', { name: 'Invoice service', level: 2 }).waitFor()
    const id = Number(/api-keys\/(\d+)/.exec(page.url())![1])
    assert.equal(await page.getByText(first).count(), 0)

    await page.getByText('Never used').first().waitFor()
    assert.equal(await statusOf(first), 200)
    await page.reload()
    await settled(page)
    assert.equal(await page.getByText('Never used').count(), 0)
    await assertAccessible(page, 'a key')

    await page.getByRole('button', { name: 'Rotate' }).click()
    await dialog.getByRole('combobox', { name: 'How long the old secret still works' }).click()
    await page.getByRole('option', { name: '1 hour' }).click()
    await assertAccessible(page, 'the rotation')
    await dialog.getByRole('button', { name: 'Rotate key' }).click()
    await dialog.getByText('The old secret works until').waitFor()
    const second = await shownKey(page)
    await page.keyboard.press('Escape')
    await dialog.getByRole('button', { name: 'I have saved it' }).click()
    await dialog.waitFor({ state: 'detached' })
    assert.notEqual(second, first)
    assert.deepEqual(await Promise.all([first, second].map(key => statusOf(key))), [200, 200])
    world.clock.advance(3_600_000)
    assert.deepEqual(await Promise.all([first, second].map(key => statusOf(key))), [401, 200])

    await page.getByRole('button', { name: 'Delete', exact: true }).click()
    await dialog.getByText(/^Last used .+ on behalf of Mister Englishcat\.$/).waitFor()
    await assertAccessible(page, 'the question')
    await dialog.getByRole('button', { name: 'Delete key' }).click()
    await page.waitForURL(/\/console\/api-keys$/)
    assert.equal(await statusOf(second), 401)
    const token = await tokenOf('superuser')
    assert.equal((await world.call('GET', `/api_keys/${id}/`, { token })).status, 404)
    assert.deepEqual(complaints, [])
  })

  test('a name and an end are changed; what another has changed meanwhile is not written over unseen', async () => {
    const token = await tokenOf('superuser')
    const { id } = await makeKey(token, { name: 'Nightly job', permissions: ['users:read'] })
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go(`/console/api-keys/${id}`)
    await page.getByRole('button', { name: 'Edit', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('Nightly export')
    const path = `/api_keys/${id}/`
    await world.call('PATCH', path, { token, body: { name: 'Morning job' } })
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByRole('button', { name: 'Reload, keeping what I typed' }).click()
    await dialog.getByText('Someone else has written “Morning job” here.').waitFor()
    await dialog.getByRole('combobox', { name: 'Expires' }).click()
    await page.getByRole('option', { name: 'On a date…' }).click()
    await dialog.getByLabel('Last day it works').fill('2020-01-31')
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.getByText('This time has passed').waitFor()
    await assertAccessible(page, 'an end that the server refuses')
    await dialog.getByRole('combobox', { name: 'Expires' }).click()
    await page.getByRole('option', { name: 'In 30 days' }).click()
    await dialog.getByRole('button', { name: 'Save' }).click()
    await dialog.waitFor({ state: 'detached' })
    const { body } = await world.call('GET', path, { token })
    assert.equal(body.name, 'Nightly export')
    const days = (Date.parse(body.expires_at) - Date.now()) / dayMs
    assert.ok(days > 29.9 && days < 30.1, body.expires_at)

    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('heading', { name: 'Morning job' }).waitFor()
    assert.equal((await world.call('GET', path, { token })).body.expires_at, null)
    assert.deepEqual(complaints, [])
  })

  test('the list is searched, narrowed to one’s own keys, and kept fresh by what others do', async () => {
    const token = await tokenOf('superuser')
    const other = await onStaff('api_keys:all', 'users:read')
    const mine = await makeKey(token, { name: 'Mine', permissions: ['users:read'] })
    const soon = new Date(world.clock.nowMs() + dayMs).toISOString()
    await makeKey(other.access, { name: 'Theirs', permissions: ['users:read'], expires_at: soon })
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go('/console/api-keys')
    const row = (name: string) => page.getByRole('row', { name: new RegExp(name) })
    await row('Theirs').getByText('Never used').waitFor()
    await assertAccessible(page, 'the list of keys')

    await page.getByText('My keys', { exact: true }).click()
    await row('Theirs').waitFor({ state: 'detached' })
    await row('Mine').waitFor()
    await page.getByText('All keys', { exact: true }).click()
    await page.getByRole('searchbox').fill(mine.prefix)
    await row('Theirs').waitFor({ state: 'detached' })
    await row('Mine').waitFor()
    await page.getByRole('searchbox').fill('')
    await row('Theirs').waitFor()
    await makeKey(other.access, { name: 'Just made', permissions: ['users:read'] })
    await row('Just made').waitFor()

    await go(`/console/users/${other.id}`)
    await page.locator('main').getByRole('link', { name: 'API keys' }).click()
    await page.waitForURL(/owner_id=/)
    await row('Mine').waitFor({ state: 'detached' })
    await row('Theirs').waitFor()
    assert.deepEqual(complaints, [])
  })

  test('a key has expired, or its owner is deactivated: the page says so', async () => {
    const token = await tokenOf('superuser')
    const owner = await onStaff('api_keys:all', 'users:read')
    const { id } = await makeKey(owner.access, { name: 'Orphan', permissions: ['users:read'] })
    const old = await makeKey(token, { name: 'Old', permissions: ['users:read'] })
    await world.core.database.transaction(trx =>
      trx
        .updateTable('api_keys')
        .set({ expires_at: Date.now() - 1000 })
        .where('id', '=', old.id)
        .execute(),
    )
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go('/console/api-keys')
    await page.getByRole('row', { name: /Old/ }).getByText('Expired').waitFor()
    await go(`/console/api-keys/${id}`)
    await page.getByText('Active', { exact: true }).waitFor()
    await world.call('DELETE', `/users/${owner.id}/`, { token })
    await page.getByText('Its owner is deactivated.').waitFor()
    assert.deepEqual(complaints, [])
  })

  test('only what one holds can be given, only the owner rotates, and the rest takes its permission', async () => {
    const token = await tokenOf('superuser')
    const { id } = await makeKey(token, { name: 'Of the superuser', permissions: ['users:read'] })
    const maker = await onStaff('api_keys:read', 'api_keys:create', 'api_keys:update', 'documents:read')
    const { page, go, complaints } = await world.open({ as: maker })
    await go(`/console/api-keys/${id}`)
    const rotate = page.getByRole('button', { name: 'Rotate' })
    await assertAccessible(page, 'the key of another')
    assert.equal(await rotate.getAttribute('aria-disabled'), 'true')
    await rotate.focus()
    const reason = await rotate.getAttribute('aria-describedby')
    assert.match(await page.locator(`[id="${reason}"]`).innerText(), /can rotate this key/)
    await page.keyboard.press('Enter')
    assert.equal(await page.getByRole('dialog').count(), 0)
    assert.equal(await page.getByRole('button', { name: 'Delete' }).count(), 0)

    await page.keyboard.press('Control+k')
    await page.keyboard.type('API key')
    await page.getByRole('option', { name: 'New API key' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Permissions').click()
    assert.deepEqual(await page.getByRole('option').allTextContents(), [
      'api_keys:create',
      'api_keys:read',
      'api_keys:update',
      'documents:read',
    ])
    await page.getByRole('option', { name: 'documents:read' }).click()
    await dialog.getByLabel('Name').fill('Notes')
    // Nothing here is open to it: the example is of a service that asks this server.
    await dialog.getByRole('button', { name: 'Create key' }).click()
    await dialog.getByText('Put the address of your own service here').waitFor()
    await dialog.getByRole('button', { name: 'I have saved it' }).click()
    await page.getByRole('heading', { name: 'Notes', level: 2 }).waitFor()

    const stranger = await world.open({ as: await onStaff('users:read') })
    await stranger.go('/console/api-keys')
    await stranger.page.getByText('api_keys:read').waitFor()
    assert.equal(await stranger.page.getByRole('link', { name: 'API keys' }).count(), 0)
    assert.deepEqual([...complaints, ...stranger.complaints], [])
  })

  test('the page is whole in Russian, in the dark, on a phone, by the keyboard', async () => {
    const token = await tokenOf('superuser')
    const { id } = await makeKey(token, { name: 'Выгрузка', permissions: ['users:read', 'audit:read'] })
    const { page, go, complaints } = await world.open({
      as: 'superuser',
      locale: 'ru',
      scheme: 'dark',
      width: 360,
      height: 740,
    })
    const fits = async (what: string) => {
      await settled(page)
      // The dialogs are looked at by axe above: on a phone their header and that of the page are one too many for it.
      if ((await page.getByRole('dialog').count()) === 0) await assertAccessible(page, `${what} on a phone`)
      const isWide = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
      assert.equal(isWide, false, what)
    }
    await go('/console/api-keys')
    await page.getByRole('heading', { name: 'API-ключи', level: 1 }).waitFor()
    await fits('the list')
    await go(`/console/api-keys/${id}`)
    await fits('a key')
    await page.getByRole('button', { name: 'Сменить секрет' }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('Сколько ещё действует старый секрет').waitFor()
    await fits('the rotation')
    await page.getByRole('dialog').getByRole('button', { name: 'Сменить секрет' }).focus()
    await page.keyboard.press('Enter')
    await page.getByText('Ключ показывается только один раз.').waitFor()
    await fits('the key that is shown once')
    const focused = page.locator(':focus')
    assert.equal(await focused.innerText(), 'Скопировать ключ')
    await page.keyboard.press('Shift+Tab')
    assert.equal(await focused.innerText(), 'Ключ сохранён')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await go('/console/api-keys?create=yes')
    await page.getByRole('dialog').getByLabel('Название').waitFor()
    await fits('the form of a new key')
    assert.deepEqual(complaints, [])
  })
})
