import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { assertAccessible, consoleWorld, settled } from './support/console-world.ts'

const world = await consoleWorld()
const root = await world.superuser()

const permissionsOf = async (codeName: string): Promise<readonly string[]> => {
  const { body } = await world.call('GET', `/roles/?search=${codeName}`, { token: root.access })
  return body.results.find((role: { code_name: string }) => role.code_name === codeName).permissions
}
const holdersOf = async (codeName: string): Promise<number> => {
  const { body } = await world.call('GET', `/users/?role=${codeName}&is_active=true&limit=200`, {
    token: root.access,
  })
  return body.results.length
}
const cell = (page: Page, name: string) => page.getByRole('gridcell', { name: new RegExp(`^${name},`) })

describe('the permission matrix', () => {
  test('shows who would gain what, gives it on a click and a save, and takes it back by Undo', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go('/console/matrix?resource=payments')
    await assertAccessible(page, 'the matrix')
    await cell(page, 'User: payments:read').click()
    // Those who read payments as supervisors or administrators gain nothing by it.
    await page.getByText(/people gain 1 permission/).waitFor()
    await settled(page)
    await assertAccessible(page, 'the matrix with a change')
    const before = await permissionsOf('user')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByText('1 permission changed.').waitFor()
    assert.deepEqual((await permissionsOf('user')).toSorted(), [...before, 'payments:read'].toSorted())
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByRole('gridcell', { name: /^User: payments:read, not granted/ }).waitFor()
    assert.deepEqual(await permissionsOf('user'), before)
    assert.deepEqual(complaints, [])
  })

  test('paints over many cells in one stroke', async () => {
    const { page, go } = await world.open({ as: 'superuser' })
    await go('/console/matrix?resource=reports')
    const [from, to] = await Promise.all(
      ['create', 'delete'].map(
        async action => (await cell(page, `Supervisor: reports:${action}`).boundingBox())!,
      ),
    )
    await page.mouse.move(from!.x + 20, from!.y + 12)
    await page.mouse.down()
    await page.mouse.move(to!.x + 20, to!.y + 12, { steps: 12 })
    await page.mouse.up()
    await page.getByText('3 changes in 1 role').waitFor()
    await page.getByRole('button', { name: 'Discard' }).click()
    await page.getByText('3 changes').waitFor({ state: 'detached' })
    assert.equal((await permissionsOf('supervisor')).includes('reports:create'), false)
  })

  test('is worked by keyboard alone, and asks before unsaved changes are left', async () => {
    const { page, go } = await world.open({ as: 'superuser' })
    await go('/console/matrix?resource=settings')
    await cell(page, 'Administrator: settings:all').focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press(' ')
    await page.getByText('1 change in 1 role').waitFor()
    await page.keyboard.press('Shift+ArrowDown')
    await page.getByText('2 changes in 1 role').waitFor()
    await page.getByRole('link', { name: 'Roles', exact: true }).click()
    await page.getByRole('button', { name: 'Stay' }).click()
    assert.equal(new URL(page.url()).pathname, '/console/matrix')
    await page.getByText('2 changes in 1 role').waitFor()
  })

  test('the matrix disables permissions that the user lacks, and says why', async () => {
    const { page, go } = await world.open({ as: 'admin' })
    await go('/console/matrix?resource=payments')
    const beyond = cell(page, 'User: payments:delete')
    assert.equal(await beyond.getAttribute('aria-disabled'), 'true')
    assert.match((await beyond.getAttribute('aria-label'))!, /do not have yourself/)
    await beyond.click({ force: true })
    await cell(page, 'User: payments:export').click()
    await page.getByText('1 change in 1 role').waitFor()
  })

  test('opens the first resource of the application, hides what no role has, and puts its own resources last', async () => {
    const { page } = await world.open({ as: 'superuser', at: '/console/matrix' })
    const headings = page.getByRole('rowheader').getByRole('button', { expanded: false })
    const open = page.getByRole('rowheader').getByRole('button', { expanded: true })
    assert.match(await open.first().innerText(), /Documents/)
    const order = await page.getByRole('rowheader').allInnerTexts()
    const positionOf = (name: string) => order.findIndex(text => text.startsWith(name))
    assert.ok(positionOf('Tasks') < positionOf('Built-in resources'), order.join())
    assert.ok(positionOf('Built-in resources') < positionOf('Actions'), order.join())
    assert.equal(await cell(page, 'User: documents:delete').count(), 0)
    await page.getByRole('button', { name: '1 action that no role has: documents' }).click()
    await cell(page, 'User: documents:delete').click()
    await page.getByText('1 change in 1 role').waitFor()
    // Now a role is to have it, so there is nothing to hide.
    await page.getByRole('button', { name: /that no role has: documents/ }).waitFor({ state: 'detached' })
    await cell(page, 'User: documents:delete').waitFor()

    await headings.filter({ hasText: 'Payments' }).click()
    await cell(page, 'User: payments:all').waitFor()
    await page.getByRole('button', { name: 'Expand all' }).click()
    await cell(page, 'User: projects:all').waitFor()
    await page.getByRole('button', { name: 'Collapse all' }).click()
    await page.getByRole('gridcell', { name: /^User: / }).waitFor({ state: 'detached' })
  })

  test('tells long names apart, of roles and of resources', async () => {
    const long = 'Warehouse subsystem of the regional department'
    const create = (path: string, body: object) => world.call('POST', path, { token: root.access, body })
    const made = [
      await create('/resources/', {
        name: `${long}, incoming goods`,
        code_name: 'warehouse_subsystem_incoming',
      }),
      ...['one', 'two'].map(end =>
        create('/roles/', { name: `${long}, ${end}`, code_name: `warehouse_subsystem_department_${end}` }),
      ),
    ]
    for (const { status } of await Promise.all(made)) assert.equal(status, 201)
    const { page } = await world.open({ as: 'superuser', at: '/console/matrix' })
    const heads = page.getByRole('columnheader').filter({ hasText: 'Warehouse' })
    const [one, two] = await heads.allInnerTexts()
    assert.match(one!, /one\n.*_one$/)
    assert.match(two!, /two\n.*_two$/)
    const row = page.getByRole('rowheader', { name: /incoming goods/ })
    const isCut = (element: HTMLElement | SVGElement) =>
      [element, ...element.querySelectorAll('span, code')].some(
        ({ scrollHeight, clientHeight, scrollWidth, clientWidth }) =>
          clientWidth > 0 && (scrollHeight > clientHeight + 1 || scrollWidth > clientWidth + 1),
      )
    assert.equal(await row.evaluate(isCut), false)
  })

  test('is whole in Russian, in the dark and on a phone', async () => {
    const { page, go, complaints } = await world.open({
      as: 'superuser',
      locale: 'ru',
      scheme: 'dark',
      width: 360,
      height: 740,
    })
    await go('/console/matrix')
    await page.getByRole('heading', { name: 'Матрица прав' }).waitFor()
    await assertAccessible(page, 'the matrix on a phone')
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth), false)
    assert.deepEqual(complaints, [])
  })
})

describe('try it', () => {
  test('says refused and why, and the change that it proposes turns the answer round', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    const { id } = await world.register('try.it@example.com')
    await go(`/console/try?user=${id}&resource=documents&action=approve`)
    await page.getByText('Denied', { exact: true }).waitFor()
    await assertAccessible(page, 'a rejection')
    await page.getByRole('button', { name: /Apply: Grant the role “Supervisor”/ }).click()
    await page
      .getByRole('dialog')
      .getByText(/1 person gains/)
      .waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Apply' }).click()
    await page.getByText('Allowed', { exact: true }).waitFor()
    await page.getByText('The role “Supervisor” permits documents:approve').waitFor()
    await settled(page)
    await assertAccessible(page, 'an allowance')
    const { body } = await world.call('GET', `/users/${id}/`, { token: root.access })
    assert.deepEqual(body.roles, ['supervisor'])
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('Denied', { exact: true }).waitFor()
    assert.deepEqual(complaints, [])
  })

  test('offers first what hands out least, a new role where all else is more, and warns of rights over rights', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go('/console/try?user=4&resource=documents&action=delete')
    const rows = page.getByRole('list').last().getByRole('listitem')
    await rows.first().getByText('Create a role with only documents:delete').waitFor()
    const texts = await rows.allInnerTexts()
    assert.match(texts[0]!, /1 person: \+1 permission/)
    const last = texts.at(-1)!
    assert.match(last, /Grant the role “Administrator”/)
    assert.match(last, /1 person: \+\d\d permissions/)
    assert.match(last, /control over access itself/)
    await page.getByRole('button', { name: /Apply: Create a role/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Apply' }).click()
    await page.getByText('Allowed', { exact: true }).waitFor()
    const created = () => world.call('GET', '/roles/?search=documents_delete', { token: root.access })
    assert.deepEqual((await created()).body.results[0].permissions, ['documents:delete'])
    await page.getByRole('button', { name: 'Undo' }).click()
    await page.getByText('Denied', { exact: true }).waitFor()
    assert.deepEqual((await created()).body.results, [])
    assert.deepEqual(complaints, [])
  })

  test('the matrix shows how many people a change would touch before it is made, in Russian and in the dark', async () => {
    const { page, go, complaints } = await world.open({
      as: 'superuser',
      locale: 'ru',
      scheme: 'dark',
      width: 360,
      height: 740,
    })
    const { id } = (await world.core.stores.users.findByEmail('user@example.com'))!.user
    await go(`/console/try?user=${id}&resource=documents&action=approve`)
    await page.getByText('Отказано', { exact: true }).waitFor()
    const touched = (await holdersOf('user')) - (await bothOf('user', 'supervisor', 'admin'))
    await page.getByText(new RegExp(`${touched} пользовател.*: \\+${touched} прав.* всего`)).waitFor()
    await assertAccessible(page, 'a rejection on a phone')
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth), false)
    assert.deepEqual(complaints, [])
  })
})

/** Active holders of the first role who hold one of the others as well. */
async function bothOf(role: string, ...others: readonly string[]): Promise<number> {
  const { body } = await world.call('GET', `/users/?role=${role}&is_active=true&limit=200`, {
    token: root.access,
  })
  return body.results.filter((user: { roles: readonly string[] }) =>
    others.some(other => user.roles.includes(other)),
  ).length
}
