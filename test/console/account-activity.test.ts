import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { assertAccessible, consoleWorld, settled } from './support/console-world.ts'

const world = await consoleWorld()

const looks = [
  {
    ...({ locale: 'en', scheme: 'light', width: 1440 } as const),
    title: 'Security activity',
    signedIn: 'You signed in',
    refused: 'Sign-in refused',
    changed: 'Account changed',
    administrator: 'By an administrator',
    changePassword: 'change your password',
  },
  {
    ...({ locale: 'ru', scheme: 'dark', width: 360 } as const),
    title: 'События безопасности',
    signedIn: 'Вы вошли',
    refused: 'Отказ во входе',
    changed: 'Учётная запись изменена',
    administrator: 'Администратор',
    changePassword: 'смените пароль',
  },
] as const

describe('the security activity of one’s own account', () => {
  for (const look of looks) {
    test(`is told day by day, and leads to what to do about a stranger, in ${look.locale}`, async () => {
      const person = await world.register()
      await world.call('POST', '/login/', { body: { email: person.email, password: 'a wrong guess' } })
      const administrator = await world.superuser()
      const body = { last_name: 'Ivanova' }
      const path = `/users/${person.id}/`
      const changed = await world.call('PATCH', path, { token: administrator.access, body })
      assert.equal(changed.status, 200, changed.text)
      const { locale, scheme, width } = look
      const { page, go, complaints } = await world.open({ as: person, locale, scheme, width })
      await go('/account')
      await page.getByRole('link', { name: look.title }).click()
      const day = page.getByRole('region').filter({ has: page.getByRole('heading', { level: 2 }) })
      const event = (sentence: string) => day.getByRole('listitem').filter({ hasText: sentence })
      await event(look.signedIn).first().getByText('127.0.0.1').waitFor()
      await event(look.refused).getByText('127.0.0.1').waitFor()
      const byOther = event(look.changed)
      await byOther.getByText(look.administrator).waitFor()
      assert.equal(await byOther.getByText('127.0.0.1').count(), 0)
      assert.equal(await page.getByText(administrator.email).count(), 0)
      await settled(page)
      await assertAccessible(page, `the activity in ${locale}`)
      const isWider = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
      assert.equal(isWider, false)
      await page.getByRole('link', { name: look.changePassword }).click()
      await page.waitForURL(url => url.pathname === '/account/password')
      assert.deepEqual(complaints, [])
    })
  }

  test('an account without an event says so', async () => {
    const person = await world.register()
    const { page, go } = await world.open({ as: person })
    await page.route('**/api/auth/me/events/**', route =>
      route.fulfill({ json: { next: null, previous: null, results: [] } }),
    )
    await go('/account/activity')
    await page.getByText('No events yet').waitFor()
    await assertAccessible(page, 'no activity')
  })
})
