import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { UserId } from '../../server/src/kernel/index.ts'
import { accounts, assertAccessible, consoleWorld, settled } from './support/console-world.ts'
import { counted } from './support/counted.ts'

const world = await consoleWorld()

const rowsOf = (page: Page) => page.getByRole('grid').locator('[role=row][data-index]')
const dialogOf = (page: Page) => page.getByRole('dialog', { name: 'Revert this change?' })

const root = await world.superuser()
const send = async (method: string, path: string, body?: object) => {
  const answer = await world.call(method, path, { token: root.access, ...(body && { body }) })
  assert.ok(answer.status < 300, `${path} ${answer.text}`)
  return answer.body
}
const rolesOf = async (id: number): Promise<string[]> => (await send('GET', `/users/${id}/`)).roles
/** The newest event of one action about something. */
const eventOf = async (target: string, action: string): Promise<number> =>
  (await send('GET', `/audit/?target=${target}&action=${action}&limit=1`)).results[0].id

/** A person, and who gave them a role a day ago. */
async function givenYesterday() {
  const person = await world.register()
  await send('PUT', `/users/${person.id}/roles/supervisor/`)
  const yesterdayMs = Date.now() - 86_400_000
  await world.core.transaction(({ audit }) =>
    audit.append(
      {
        actorId: root.id as UserId,
        action: 'user.update',
        target: `users/${person.id}`,
        origin: null,
        details: { roles: { from: [], to: ['supervisor'] } },
      },
      yesterdayMs,
    ),
  )
  return person
}

describe('the tasks of the audit', () => {
  test('who changed a role yesterday is known after three presses, and undone after two more', async () => {
    const person = await givenYesterday()
    const { page, go, effort, assertWithin, complaints } = await counted(world, { as: 'superuser' })
    await go('/console')
    await page.getByRole('link', { name: 'Audit', exact: true }).click()
    await page.getByRole('button', { name: 'Yesterday' }).click()
    await page.getByRole('button', { name: 'Roles granted and revoked' }).click()
    const row = rowsOf(page).filter({ hasText: person.email })
    await row.getByText(root.email).waitFor()
    await row.getByText('role granted: supervisor').waitFor()
    assert.equal(effort().clicks, 3)

    await row.getByRole('button', { name: 'Revert…' }).click()
    const dialog = dialogOf(page)
    await dialog.getByText('revoke the role supervisor').waitFor()
    await dialog.getByText(/loses/).waitFor()
    // It was given anew today, after the event.
    await dialog.getByText('Changed again since:').waitFor()
    await assertAccessible(page, 'the question')
    await dialog.getByRole('button', { name: 'Revert', exact: true }).click()
    await page.getByText('Change reverted').waitFor()
    assertWithin('whoChanged', { clicks: 5, keys: 0, decisions: 5 })
    assert.deepEqual(await rolesOf(person.id), [])
    assert.deepEqual(complaints, [])
  })
})

describe('the export of the audit', () => {
  test('takes three presses, and says which rows it holds', async () => {
    const { page, go, assertWithin, complaints } = await counted(world, { as: 'superuser' })
    await go('/console')
    const begun = page.waitForEvent('download')
    await page.getByRole('link', { name: 'Audit', exact: true }).click()
    await page.getByRole('button', { name: 'Export…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Export' })
    await dialog.getByText(/No filters: the whole list\. At least \d+ rows\./).waitFor()
    await assertAccessible(page, 'the question before an export')
    await dialog.getByRole('button', { name: 'Export', exact: true }).click()
    const file = await begun
    assert.equal(file.suggestedFilename(), 'audit.csv')
    assertWithin('exportAudit', { clicks: 3, keys: 0, decisions: 3 })
    assert.deepEqual(complaints, [])
  })

  test('has the columns, the separator and the form that were chosen, for the filters that are set', async () => {
    const { page, go, complaints } = await world.open({
      as: 'superuser',
      locale: 'ru',
      width: 360,
      height: 740,
    })
    await go('/console/audit?kind=role_changes&action=user.create&period=30d')
    const dialog = page.getByRole('dialog', { name: 'Выгрузка' })
    const exported = async () => {
      const begun = page.waitForEvent('download')
      await dialog.getByRole('button', { name: 'Выгрузить', exact: true }).click()
      const file = await begun
      return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') }
    }
    await page.getByRole('button', { name: 'Выгрузить…' }).click()
    await dialog.getByText(/Действующие фильтры: 30 дней; Выданные и отозванные роли; Действие: /).waitFor()
    await assertAccessible(page, 'the question before an export on a phone')
    for (const column of ['at', 'user_agent', 'ip_address', 'details'])
      await dialog.getByLabel(column).click()
    const csv = await exported()
    assert.equal(csv.text.split('\r\n')[0], '\ufeff"id";"actor_id";"actor_email";"action";"target";"outcome"')
    await page.getByRole('button', { name: 'Выгрузить…' }).click()
    await dialog.getByText('Строки JSON').click()
    const lines = await exported()
    assert.equal(lines.name, 'audit.jsonl')
    for (const line of lines.text.trim().split('\n')) assert.equal(JSON.parse(line).action, 'user.create')
    assert.deepEqual(complaints, [])
  })
})

describe('a change is reverted', () => {
  const open = async (event: number, options: Parameters<typeof world.open>[0] = { as: 'superuser' }) => {
    const opened = await world.open(options)
    await opened.go(`/console/audit/${event}`)
    return opened
  }

  test('but once: what is so already is told, and nothing is left to do', async () => {
    const person = await world.register()
    await send('PUT', `/users/${person.id}/roles/supervisor/`)
    const event = await eventOf(`users/${person.id}`, 'user.update')
    await send('DELETE', `/users/${person.id}/roles/supervisor/`)
    const { page } = await open(event)
    await page.getByRole('button', { name: 'Revert…' }).click()
    const dialog = dialogOf(page)
    await dialog.getByText('No change needed: revoke the role supervisor').waitFor()
    await dialog.getByText('Changed again since:').waitFor()
    assert.equal(
      await dialog.getByRole('button', { name: 'Revert', exact: true }).getAttribute('aria-disabled'),
      'true',
    )
  })

  test('permissions and names of a role, but for what somebody has changed since', async () => {
    const role = await send('POST', '/roles/', {
      name: 'Night shift',
      code_name: 'night-shift',
      permissions: ['documents:read'],
    })
    await send('PATCH', `/roles/${role.id}/`, {
      name: 'Night',
      description: 'Of the night.',
      permissions: ['documents:export'],
    })
    const event = await eventOf(`roles/${role.id}`, 'role.update')
    await send('PATCH', `/roles/${role.id}/`, { description: 'Something else.' })
    const { page } = await open(event)
    await page.getByRole('button', { name: 'Revert…' }).click()
    const dialog = dialogOf(page)
    await dialog.getByText('add the permission documents:read').waitFor()
    await dialog.getByText('remove the permission documents:export').waitFor()
    await dialog.getByText('name: “Night shift” again instead of “Night”').waitFor()
    await dialog.getByText(/^Changed to something else since/).waitFor()
    await dialog.getByRole('button', { name: 'Revert', exact: true }).click()
    await page.getByText('Change reverted').waitFor()
    const { name, description, permissions } = await send('GET', `/roles/${role.id}/`)
    assert.deepEqual(
      { name, description, permissions },
      {
        name: 'Night shift',
        description: 'Something else.',
        permissions: ['documents:read'],
      },
    )
  })

  test('an account that was deactivated, and the names of a resource and an action', async () => {
    const person = await world.register()
    await send('PATCH', `/users/${person.id}/`, { is_active: false })
    const resource = await send('POST', '/resources/', { name: 'Depots', code_name: 'depots' })
    await send('PATCH', `/resources/${resource.id}/`, { name: 'Stores' })
    const action = await send('POST', '/actions/', { name: 'Weigh', code_name: 'weigh' })
    await send('PATCH', `/actions/${action.id}/`, { name: 'Measure' })
    const { page, go } = await world.open({ as: 'superuser' })
    for (const [target, verb] of [
      [`users/${person.id}`, 'user.deactivate'],
      [`resources/${resource.id}`, 'resource.update'],
      [`actions/${action.id}`, 'action.update'],
    ] as const) {
      await go(`/console/audit/${await eventOf(target, verb)}`)
      await page.getByRole('button', { name: 'Revert…' }).click()
      await dialogOf(page).getByRole('button', { name: 'Revert', exact: true }).click()
      await page.getByText('Change reverted').waitFor()
    }
    assert.equal((await send('GET', `/users/${person.id}/`)).is_active, true)
    assert.equal((await send('GET', `/resources/${resource.id}/`)).name, 'Depots')
    assert.equal((await send('GET', `/actions/${action.id}/`)).name, 'Weigh')
  })

  test('not by an administrator who ranks lower, nor where it is gone: the reason is told', async () => {
    const person = await world.register()
    await send('PATCH', `/users/${person.id}/`, { is_superuser: true })
    const role = await send('POST', '/roles/', { name: 'Brief', code_name: 'brief' })
    await send('PATCH', `/roles/${role.id}/`, { name: 'Briefly' })
    const renamed = await eventOf(`roles/${role.id}`, 'role.update')
    await send('DELETE', `/roles/${role.id}/`)
    const { page, go, complaints } = await world.open({ as: 'admin', locale: 'ru', width: 360, height: 740 })
    await go(`/console/audit/${await eventOf(`users/${person.id}`, 'user.update')}`)
    await page.getByRole('button', { name: 'Отменить изменение…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Отменить это изменение?' })
    await dialog.getByText('Это может только суперпользователь.').waitFor()
    await assertAccessible(page, 'a question that cannot be answered')
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)) <= 0)
    const button = dialog.getByRole('button', { name: 'Отменить изменение', exact: true })
    assert.equal(await button.getAttribute('aria-disabled'), 'true')
    await go(`/console/audit/${renamed}`)
    await page.getByRole('button', { name: 'Отменить изменение…' }).click()
    await dialog.getByText('С тех пор объект удалён.').waitFor()
    assert.deepEqual(complaints, [])
  })

  test('is not offered of what cannot be taken back', async () => {
    const { email, password } = accounts.user
    assert.equal(
      (await world.call('POST', '/login/', { body: { email, password: `${password}?` } })).status,
      401,
    )
    const { results } = await send('GET', '/audit/?action=user.login_failed&limit=1')
    const { page } = await open(results[0].id)
    await settled(page)
    await page.getByText(`Unknown (tried ${email})`, { exact: true }).waitFor()
    assert.equal(await page.getByRole('button', { name: 'Revert…' }).count(), 0)
  })
})

describe('the history of a session', () => {
  test('ends with the sign-in that began it', async () => {
    const person = await world.register()
    const { email, password } = person
    const answer = await world.call('POST', '/login/', { body: { email, password } })
    assert.equal(answer.status, 200, answer.text)
    const { results } = await send('GET', `/audit/?target=users/${person.id}&action=user.login&limit=1`)
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go(`/console/sessions/${results[0].details.session_id}`)
    await page.getByRole('region', { name: 'History' }).getByText('signed in').waitFor()
    assert.deepEqual(complaints, [])
  })
})

describe('what stands in a row of the audit', () => {
  test('is one row for attempts that failed alike one after the other, and each where it is asked for', async () => {
    const person = await world.register()
    for (let attempt = 0; attempt < 4; attempt++) {
      const body = { email: person.email, password: 'wrong horse battery staple' }
      const { status } = await world.call('POST', '/login/', { body })
      assert.equal(status, 401)
    }
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go(`/console/audit?target=users/${person.id}&outcome=failure`)
    const failed = rowsOf(page).filter({ hasText: 'wrong password' })
    await failed.getByRole('button', { name: '3 more' }).waitFor()
    assert.equal(await failed.count(), 1)
    await assertAccessible(page, 'a row of repeats')
    await failed.getByRole('button', { name: '3 more' }).click()
    await failed.nth(3).waitFor()
    assert.match(page.url(), /\/console\/audit\?/)
    assert.deepEqual(complaints, [])
  })
})
