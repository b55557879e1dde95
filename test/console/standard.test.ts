import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { accounts, consoleWorld } from './support/console-world.ts'

const world = await consoleWorld()
const root = fileURLToPath(new URL('../..', import.meta.url))

const pages = [
  ...['/console', '/console/users', '/console/sessions', '/console/matrix', '/console/roles'],
  ...['/console/resources', '/console/actions', '/console/try', '/console/audit', '/console/settings'],
  '/console/api-keys',
  '/console/forward-rules',
  '/console/outbox',
  '/console/invitations',
  ...['/account', '/account/password', '/account/factors', '/account/devices', '/account/close'],
]

describe('the pages, by the standard', () => {
  test('a name that is markup is shown as the text that it is', async () => {
    const probe = '<img src=x onerror="document.title=1"><svg onload=alert(1)>'
    const { id } = await world.register()
    await world.core.transaction(({ users }) =>
      users.update(id as never, { firstName: probe }, world.clock.nowMs()),
    )
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    for (const path of [`/console/users/${id}`, '/console/users?ordering=-id', '/console/sessions']) {
      await go(path)
      await page.getByText(probe).first().waitFor()
      assert.equal(await page.locator('img[src=x], svg[onload]').count(), 0, path)
    }
    assert.deepEqual(complaints, [])
  })

  test('no file of the pages makes markup or code from text', () => {
    const sources = globSync('console/src/**/*.{ts,tsx}', { cwd: root })
    assert.ok(sources.length > 100)
    const forbidden =
      /dangerouslySetInnerHTML|\b(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write|\beval\(|new Function\b/
    assert.deepEqual(
      sources.filter(path => forbidden.test(readFileSync(`${root}${path}`, 'utf8'))),
      [],
    )
  })

  test('passwords are masked, and a password manager and a paste find their fields', async () => {
    const { page, context, go } = await world.open()
    await go('/account/sign-in')
    const field = page.locator('input[autocomplete=current-password]')
    assert.equal(await field.getAttribute('type'), 'password')
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.evaluate(text => navigator.clipboard.writeText(text), accounts.user.password)
    await field.focus()
    await page.keyboard.press('Control+v')
    assert.equal(await field.inputValue(), accounts.user.password)
    await go('/account/register')
    const fresh = await page.locator('input[autocomplete=new-password]').all()
    assert.deepEqual(await Promise.all(fresh.map(each => each.getAttribute('type'))), [
      'password',
      'password',
    ])
  })

  test('signing out is in sight on every page', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    const person = page.getByRole('button', { name: /Mister Englishcat/ })
    for (const path of pages) {
      await go(path)
      await person.click()
      await page.getByRole('menuitem', { name: 'Sign out' }).waitFor()
      await page.keyboard.press('Escape')
    }
    assert.deepEqual(complaints, [])
  })
})
