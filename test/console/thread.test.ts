import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { accounts, assertAccessible, consoleWorld } from './support/console-world.ts'

const world = await consoleWorld()

describe('from the sign-in to the users', () => {
  test('a page without a session leads to the sign-in form, and then back to the page', async () => {
    const { page, go, signIn, complaints } = await world.open()
    await go('/console/users?search=anna')
    await page.getByRole('heading', { name: 'Sign in' }).waitFor()
    await assertAccessible(page, 'the door')
    await signIn(accounts.superuser)
    assert.equal(new URL(page.url()).pathname, '/console/users')
    assert.equal(new URL(page.url()).search, '?search=anna')
    await page.getByRole('heading', { name: 'Users' }).waitFor()
    assert.deepEqual(complaints, [])
  })

  test('no script can read the refresh token, and no storage holds one', async () => {
    const { page, context, go, signIn, complaints } = await world.open()
    await go('/account/sign-in')
    await signIn(accounts.superuser)
    const cookie = (await context.cookies()).find(({ name }) => name === '__Host-propusk')
    assert.ok(cookie)
    assert.deepEqual(
      [cookie?.httpOnly, cookie?.secure, cookie?.sameSite, cookie?.path],
      [true, true, 'Strict', '/'],
    )
    const seen = await page.evaluate(() =>
      [document.cookie, ...Object.values(localStorage), ...Object.values(sessionStorage)].join(' '),
    )
    assert.doesNotMatch(seen, /eyJ/)
    assert.deepEqual(complaints, [])
  })

  test('a page that is loaded again is still signed in', async () => {
    const { page, go, signIn } = await world.open()
    await go('/account/sign-in')
    await signIn(accounts.superuser)
    await page.reload()
    await page.getByRole('navigation', { name: 'Main navigation' }).waitFor()
  })

  test('a refresh whose answer was lost signs nobody out', async () => {
    const { page, go, signIn } = await world.open()
    await go('/account/sign-in')
    await signIn(accounts.superuser)
    let lost = 0
    await page.route('**/browser/refresh/', async route => {
      if (lost > 0) return await route.continue()
      lost += 1
      // The server exchanges the token, of which this browser does not learn.
      const request = route.request()
      const { 'content-length': _, ...headers } = await request.allHeaders()
      const answer = await fetch(request.url(), { method: 'POST', headers, body: request.postData() })
      assert.equal(answer.status, 200)
      // Longer than a token that was exchanged may come again without its key.
      world.clock.advance(3_600_000)
      await route.abort()
    })
    await page.reload()
    await page.getByRole('navigation', { name: 'Main navigation' }).waitFor()
    assert.equal(lost, 1)
  })

  test('a wrong password is reported at the form, which keeps the email', async () => {
    const { page, go } = await world.open({ locale: 'ru' })
    await go('/account/sign-in')
    await page.getByLabel('Эл. почта').fill('nobody@example.com')
    await page.getByLabel('Пароль').fill('wrong horse')
    await page.getByRole('button', { name: 'Войти', exact: true }).click()
    await page.getByRole('alert').waitFor()
    assert.equal(await page.getByLabel('Эл. почта').inputValue(), 'nobody@example.com')
    assert.equal(await page.getByLabel('Пароль').inputValue(), '')
  })
})
