import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import { accounts, assertAccessible, consoleWorld, type Locale, settled } from './support/console-world.ts'

const world = await consoleWorld()
const { stores } = world.core

/** An account of its own for each test, so that none sees what another has ended. */
const newcomer = async () => {
  const { id, email, password } = await world.register()
  return { id, email, password }
}
const liveSessionsOf = async (id: number) =>
  (await world.core.stores.sessions.listLive(id as never, world.clock.nowMs())).length

describe('sign-in and registration in the browser', () => {
  for (const [locale, words] of [
    [
      'en',
      { register: 'Create an account', submit: 'Create account', email: 'Email', again: 'Password again' },
    ],
    [
      'ru',
      {
        register: 'Создать учётную запись',
        submit: 'Создать учётную запись',
        email: 'Эл. почта',
        again: 'Пароль ещё раз',
      },
    ],
  ] as const) {
    test(`a visitor registers, and errors stand at their fields (${locale})`, async () => {
      const { page, go, complaints } = await world.open({ locale: locale as Locale })
      await go('/account/sign-in')
      await page.getByRole('link', { name: words.register }).click()
      // Until the new page is there, the old one shows a field of the same name.
      await page.locator('input[autocomplete=new-password]').first().waitFor()
      await page.getByLabel(words.email).fill(accounts.user.email)
      await page.locator('input[autocomplete=new-password]').first().fill('password')
      await page.getByLabel(words.again).fill('password')
      await page.getByRole('button', { name: words.submit }).click()
      await page.locator('[data-error] ~ *, .mantine-InputWrapper-error').first().waitFor()
      await assertAccessible(page, 'mistakes in the form')

      const good = 'correct horse battery staple'
      await page.getByLabel(words.email).fill(`new-${locale}@example.com`)
      await page.locator('input[autocomplete=new-password]').first().fill(good)
      await page.getByLabel(words.again).fill(good)
      await page.getByRole('button', { name: words.submit }).click()
      await page.waitForURL(url => url.pathname === '/account')
      assert.ok(await stores.users.findByEmail(`new-${locale}@example.com`))
      assert.deepEqual(complaints, [])
    })
  }

  test('an address that leads elsewhere is not followed after the sign-in', async () => {
    for (const to of [
      '//evil.example',
      '/\\evil.example',
      'https://evil.example',
      'javascript:alert(1)',
      '/consoleevil',
    ]) {
      const { page, context, go, signIn } = await world.open()
      await go(`/account/sign-in?to=${encodeURIComponent(to)}`)
      await signIn(accounts.user)
      assert.equal(new URL(page.url()).origin, world.address)
      assert.equal(new URL(page.url()).pathname, '/account', to)
      await context.close()
    }
  })

  test('too many wrong passwords show a sentence with the time of the next try', async () => {
    const { email } = await newcomer()
    const { page, go } = await world.open()
    await go('/account/sign-in')
    const alert = page.getByRole('alert')
    for (let attempt = 0; attempt < 8; attempt++) {
      await page.locator('input[autocomplete~=username]').fill(email)
      await page.locator('input[autocomplete=current-password]').fill(`wrong horse ${attempt}`)
      const [answer] = await Promise.all([
        page.waitForResponse(response => response.url().endsWith('/browser/login/')),
        page.locator('button[type=submit]').click(),
      ])
      if (answer.status() === 429) break
    }
    await alert
      .getByText(/wait|later|seconds|too many/i)
      .first()
      .waitFor()
    await page
      .getByRole('timer')
      .getByText(/You can try again in 0:\d\d\./)
      .waitFor()
    await page.getByRole('timer').getByText('You can try again now.').waitFor()
  })

  test('a wait at the change of the password is counted down, in Russian as well', async () => {
    const account = await newcomer()
    const { page, context, go } = await world.open({ locale: 'ru', as: account })
    await go('/account/password')
    const fields = page.locator('input[type=password]')
    for (let attempt = 0; attempt < 8; attempt++) {
      for (const [index, value] of [`wrong horse ${attempt}`, 'short', 'short'].entries()) {
        await fields.nth(index).fill(value)
      }
      const [answer] = await Promise.all([
        page.waitForResponse(response => response.url().endsWith('/me/password/')),
        page.locator('form button[type=submit]').click(),
      ])
      if (answer.status() === 429) break
    }
    await page
      .getByRole('timer')
      .getByText(/Повторить можно через 0:\d\d\./)
      .waitFor()
    if (process.env.PROPUSK_SHOT !== undefined) await page.screenshot({ path: process.env.PROPUSK_SHOT })
    await page.getByRole('timer').getByText('Теперь можно повторить.').waitFor()
    await context.close()
  })
})

describe('one’s own pages', () => {
  test('are whole and without a fault in both languages, light and dark, wide and narrow', async () => {
    const account = await newcomer()
    for (const options of [
      { locale: 'en', scheme: 'light', width: 1440 },
      { locale: 'ru', scheme: 'dark', width: 360 },
    ] as const) {
      const { page, context, go, complaints } = await world.open({ ...options, as: account })
      for (const path of [
        '/account',
        '/account/password',
        '/account/factors',
        '/account/devices',
        '/account/activity',
        '/account/close',
      ]) {
        await go(path)
        await page.getByRole('heading', { level: 1 }).waitFor()
        await settled(page)
        await assertAccessible(page, `${path} ${options.locale} ${options.scheme}`)
        const isWider = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
        assert.equal(isWider, false, `${path} at ${options.width}`)
      }
      assert.deepEqual(complaints, [])
      await context.close()
    }
  })

  test('a name is changed by keyboard alone', async () => {
    const account = await newcomer()
    const { page, go } = await world.open({ as: account })
    await go('/account')
    await page.getByLabel('First name').focus()
    await page.keyboard.type('Вера')
    await page.keyboard.press('Enter')
    await page.getByText('Profile saved.').waitFor()
    assert.equal((await stores.users.findById(account.id as never))?.firstName, 'Вера')
  })

  test('the own data come as a file, after a step-up once the sign-in is some time ago', async () => {
    const account = await newcomer()
    const { page, go, complaints } = await world.open({ as: account })
    await go('/account')
    const section = page.getByRole('region', { name: 'Your data' })
    const fetched = async (act: () => Promise<void>) => {
      const begun = page.waitForEvent('download')
      await act()
      const file = await begun
      assert.equal(file.suggestedFilename(), 'propusk-my-data.json')
      return JSON.parse(await readFile(await file.path(), 'utf8'))
    }
    const press = () => section.getByRole('button', { name: 'Download your data' }).click()
    const data = await fetched(press)
    assert.deepEqual([data.account.email, data.events[0].action], [account.email, 'data.export'])

    world.clock.advance(11 * 60_000)
    const later = await fetched(async () => {
      await press()
      const dialog = page.getByRole('dialog', { name: 'Confirm that it is you' })
      await dialog.getByLabel('Your password').fill(account.password)
      await dialog.getByRole('button', { name: 'Confirm' }).click()
    })
    assert.ok(later.events.some((event: { action: string }) => event.action === 'user.step_up'))
    assert.deepEqual(complaints, [])
  })

  test('a user signs a lost phone out, and then all other devices', async () => {
    const account = await newcomer()
    await world.login(account)
    await world.login(account)
    const phone = await world.open({ as: account, at: '/account' })
    const { page, go } = await world.open({ as: account })
    await go('/account/devices')
    await page.getByText('This device').waitFor()
    const before = await liveSessionsOf(account.id)
    await page
      .getByRole('button', { name: /^Sign out Chrome/ })
      .first()
      .click()
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    assert.equal(await liveSessionsOf(account.id), before - 1)

    await page.getByRole('button', { name: 'Sign out all others' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out all others' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    assert.equal(await liveSessionsOf(account.id), 1)
    // The page on the phone is led to the sign-in page by itself, and says why.
    await phone.page.getByText('Your session was ended.').waitFor()
  })

  test('a new password ends every other session and keeps this one', async () => {
    const account = await newcomer()
    await world.login(account)
    const { page, go } = await world.open({ as: account })
    await go('/account/password')
    const fill = async (current: string, next: string) => {
      await page.locator('input[autocomplete=current-password]').fill(current)
      for (const field of await page.locator('input[autocomplete=new-password]').all()) await field.fill(next)
      await page.getByRole('button', { name: 'Change password' }).click()
    }
    await fill('wrong horse', 'another horse battery staple')
    await page.locator('.mantine-InputWrapper-error').first().waitFor()
    await fill(account.password, 'another horse battery staple')
    await page.getByText('Password changed.').waitFor()
    assert.equal(await liveSessionsOf(account.id), 1)
    await go('/account')
    await page.getByRole('heading', { name: 'Profile' }).waitFor()
  })

  test('an account is closed by its owner, after its email was typed', async () => {
    const account = await newcomer()
    const { page, go } = await world.open({ as: account })
    await go('/account/close')
    const close = page.getByRole('main').getByRole('button', { name: 'Close my account' })
    assert.equal(await close.isDisabled(), true)
    const typed = page.getByLabel('Type your email to confirm')
    assert.equal(await typed.getAttribute('placeholder'), null, 'what is to be typed is known, not copied')
    await typed.fill(account.email)
    await close.click()
    await page.getByRole('dialog').getByRole('button', { name: 'Close my account' }).click()
    await page.getByText('Your account is closed.').waitFor()
    assert.equal((await stores.users.findById(account.id as never))?.isActive, false)
  })
})

describe('two browsers at once', () => {
  test('deactivating a user moves their open page to the sign-in form, which says why', async () => {
    const account = await newcomer()
    const theirs = await world.open({ as: account })
    await theirs.go('/account/devices')
    const admin = await world.open({ as: 'superuser' })
    await admin.go(`/console/users/${account.id}`)
    await admin.page.getByRole('button', { name: 'Deactivate' }).click()
    await admin.page.getByRole('dialog').getByRole('button', { name: 'Deactivate' }).click()
    await theirs.page.getByText('An administrator has deactivated your account.').waitFor()
    assert.equal(new URL(theirs.page.url()).pathname, '/account/sign-in')
    assert.equal(await liveSessionsOf(account.id), 0)
  })

  test('closing the account in one tab is said as it is in the other tab', async () => {
    const account = await newcomer()
    const { page, context } = await world.open({ as: account, at: '/account/close' })
    const other = await context.newPage()
    await other.goto(`${world.address}/account/devices`)
    await other.getByRole('heading', { name: 'My devices' }).waitFor()
    await page.getByLabel('Type your email to confirm').fill(account.email)
    await page.getByRole('main').getByRole('button', { name: 'Close my account' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Close my account' }).click()
    for (const tab of [page, other]) await tab.getByText('Your account is closed.').waitFor()
  })

  test('signing out in one tab signs the other tab out', async () => {
    const account = await newcomer()
    const { page, context } = await world.open({ as: account, at: '/account' })
    const other = await context.newPage()
    await other.goto(`${world.address}/account/devices`)
    await other.getByRole('heading', { name: 'My devices' }).waitFor()
    await page.getByRole('button', { name: new RegExp(account.email) }).click()
    await page.getByRole('menuitem', { name: 'Sign out' }).click()
    await other.getByRole('heading', { name: 'Sign in' }).waitFor()
  })
})
