import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { assertAccessible, consoleWorld, settled } from './support/console-world.ts'

const world = await consoleWorld()
const root = await world.superuser()

interface Bucket {
  readonly refusals: number
}

describe('the overview', () => {
  test('counts what the server counts, and shows what happens as it happens', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go('/console')
    await settled(page)
    await assertAccessible(page, 'the overview')
    const { body } = await world.call('GET', '/statistics/?hours=24', { token: root.access })
    const tile = (name: string) => page.locator('dl > div').filter({ hasText: name }).locator('dd')
    const { active, total } = body.users
    assert.match(await tile('Signed in now').innerText(), new RegExp(`^${body.sessions.active}\\b`))
    await page.getByRole('link', { name: `${active} active accounts of ${total}` }).waitFor()
    await page.getByRole('img', { name: /^Sign-ins: \d+/ }).waitFor()
    await page.getByRole('img', { name: /^Denied requests: \d+/ }).waitFor()

    const { email } = await world.register()
    await page.getByText(email).first().waitFor()
    assert.deepEqual(complaints, [])
  })

  test('puts incidents first, tells repeated events in one line, and leads from each figure to its events', async () => {
    const { page, go } = await world.open({ as: 'superuser', at: '/console' })
    const { body } = await world.call('GET', '/statistics/?hours=24', { token: root.access })
    const refusals = body.buckets.reduce((sum: number, { refusals }: Bucket) => sum + refusals, 0)
    const incidents = page.getByRole('list', { name: 'Needs attention' })
    await incidents.getByRole('link', { name: 'A refresh token was used twice' }).click()
    await page.waitForURL(/console\/audit\?action=token\.reuse&since=/)
    await go('/console')
    const events = page.getByRole('region', { name: 'Recent activity' }).getByRole('listitem')
    assert.match((await events.first().getAttribute('data-incident'))!, /true/)
    const signedIn = events.filter({ hasText: /^Signed in/ })
    assert.ok((await signedIn.count()) <= 2)
    await page
      .getByText(/the previous 24 hours/)
      .first()
      .waitFor()
    assert.equal(await page.getByText(/^\D?0 vs the previous/).count(), 0)
    const denied = page.locator('dl > div').filter({ hasText: 'Denied requests' }).getByRole('link')
    assert.equal(await denied.innerText(), String(refusals))
    await denied.click()
    await page.waitForURL(/console\/audit\?action=access\.denied&since=/)
    // Of the list alone: the page before has rows, too.
    const rows = page.getByRole('grid').getByRole('row')
    await rows.nth(refusals).waitFor()
    assert.equal(await rows.count(), refusals + 1)
  })

  test('the overview lists accounts that wait after wrong passwords, and clears their counters', async () => {
    const { email, password } = await world.register()
    for (let waitSeconds = 0; waitSeconds < 60; ) {
      const attempt = await world.call('POST', '/login/', { body: { email, password: 'wrong horse' } })
      if (attempt.status !== 429) continue
      waitSeconds = Number(attempt.headers['retry-after'])
      if (waitSeconds < 60) world.clock.advance(waitSeconds * 1000)
    }
    const signIn = () => world.call('POST', '/login/', { body: { email, password } })
    assert.equal((await signIn()).status, 429)
    const { page, go } = await world.open({ as: 'superuser' })
    await go('/console')
    await page.getByRole('button', { name: `Unblock: ${email}` }).click()
    await page.getByText(/: unblocked\.$/).waitFor()
    assert.equal((await signIn()).status, 200)
  })

  test('is whole in Russian, in the dark and on a phone', async () => {
    const { page, go, complaints } = await world.open({
      as: 'superuser',
      locale: 'ru',
      scheme: 'dark',
      width: 360,
      height: 740,
    })
    for (const [path, title] of [
      ['/console', 'Обзор'],
      ['/console/settings', 'Настройки и ключи'],
    ] as const) {
      await go(path)
      await page.getByRole('heading', { name: title, level: 1 }).waitFor()
      await settled(page)
      await assertAccessible(page, `${path} on a phone`)
      assert.equal(
        await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth),
        false,
        path,
      )
    }
    assert.deepEqual(complaints, [])
  })

  test('says what it would take to see more', async () => {
    const account = await world.register()
    await world.core.transaction(({ users }) =>
      users.update(account.id as never, { isStaff: true }, world.clock.nowMs()),
    )
    const { page, go } = await world.open({ as: account })
    await go('/console')
    await page.getByText('This page requires the permissions').waitFor()
    await go('/console/users')
    await page.getByText('users:read').waitFor()
    await assertAccessible(page, 'a page without the permission')
  })

  test('the overview is refused to users who are not staff', async () => {
    const { page, go } = await world.open({ as: 'user' })
    await go('/console')
    await page.getByText('The console is for staff').waitFor()
  })
})

describe('settings and keys', () => {
  test('show what the server runs with and no secret, and rotate the key', async () => {
    const { page, go, complaints } = await world.open({ as: 'superuser' })
    await go('/console/settings')
    await page.getByText('PROPUSK_MASTER_KEY').waitFor()
    await settled(page)
    await assertAccessible(page, 'the settings')
    assert.doesNotMatch((await page.locator('main').textContent())!, /BwcHBwcH/)
    const signing = async () =>
      (await world.call('GET', '/server/keys/', { token: root.access })).body.map(
        (key: { kid: string }) => key.kid,
      )
    const before = await signing()
    await page.getByRole('button', { name: 'Rotate keys' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Rotate keys' }).click()
    await page.getByText('Next key published.').waitFor()
    const after = await signing()
    assert.equal(after.length, before.length + 1)
    const fresh = after.find((kid: string) => !before.includes(kid))
    await page.getByText(fresh).first().waitFor()
    // No one is signed out by it: the next page asks with the old token, or renews it.
    await go('/console/users')
    await page.getByRole('heading', { name: 'Users' }).waitFor()
    assert.deepEqual(complaints, [])
  })

  test('say in Russian what each setting means, as the Russian document does', async () => {
    const { page } = await world.open({ as: 'superuser', locale: 'ru', at: '/console/settings' })
    await page.getByText('Адрес, который видят клиенты').waitFor()
    const cells = page.locator('td[lang]')
    assert.ok((await cells.count()) > 40)
    assert.equal(await page.locator('td[lang="en"]').count(), 0)
    await page.getByRole('searchbox', { name: 'Найти настройку' }).fill('общая папка, которой нет')
    await page.locator('td[lang]').first().waitFor({ state: 'detached' })
    await page.getByRole('searchbox', { name: 'Найти настройку' }).fill('который видят клиенты')
    await page.getByText('PROPUSK_PUBLIC_URL').waitFor()
    assert.equal(await cells.count(), 1)
  })

  test('find a setting by its name or meaning', async () => {
    const { page, go } = await world.open({ as: 'superuser' })
    await go('/console/settings')
    await page.getByRole('searchbox', { name: 'Find a setting' }).fill('audience')
    await page.getByText('PROPUSK_AUDIENCE').waitFor()
    assert.equal(await page.getByText('PROPUSK_HOST').count(), 0)
  })
})
