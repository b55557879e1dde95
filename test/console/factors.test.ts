import assert from 'node:assert/strict'
import { after, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { launchBrowser } from '../support/browser.ts'
import { build } from '../support/build.ts'
import { freePort } from '../support/free-port.ts'
import { sentProof, withMuchMail } from '../support/proofs.ts'
import { claimsOf, enrolTotp, ticketOf, totpAt } from '../support/totp.ts'
import { testWorld } from '../support/world.ts'
import { assertAccessible, type Locale, openPage, settled } from './support/console-world.ts'

await build('console')
const port = await freePort()
const address = `http://localhost:${port}`
const world = await testWorld({
  env: {
    ...withMuchMail,
    PROPUSK_PUBLIC_URL: address,
    PROPUSK_ACCESS_TTL: '1h',
    PROPUSK_REMEMBER_DEVICE: '30',
  },
})
await world.server.app.listen({ host: '127.0.0.1', port })
const browser = await launchBrowser()
after(() => browser.close())

/** The words of the pages, in both languages. */
const words = {
  en: {
    addApp: 'Add an authenticator app',
    go: 'Continue',
    code: 'Code from your app',
    turnOn: 'Turn on',
    kept: 'I have saved them',
    signInCode: 'Code from your authenticator app',
    useRecovery: 'Use a recovery code instead',
    recovery: 'Recovery code',
    confirmTitle: 'Confirm that it is you',
    confirm: 'Confirm',
    addPasskey: 'Add a passkey',
    byPasskey: 'Sign in with a passkey',
    usePasskey: 'Use a passkey',
    newCodes: 'Get new codes',
    remember: 'Don’t ask on this device for 30 days',
    forgetAll: 'Forget all devices',
    forget: 'Forget',
  },
  ru: {
    addApp: 'Добавить приложение',
    go: 'Продолжить',
    code: 'Код из приложения',
    turnOn: 'Включить',
    kept: 'Коды сохранены',
    signInCode: 'Код из приложения',
    useRecovery: 'Ввести резервный код',
    recovery: 'Резервный код',
    confirmTitle: 'Подтвердите, что это вы',
    confirm: 'Подтвердить',
    addPasskey: 'Добавить ключ доступа',
    byPasskey: 'Войти ключом доступа',
    usePasskey: 'Ключ доступа',
    newCodes: 'Получить новые коды',
    remember: 'Не спрашивать на этом устройстве, дней: 30',
    forgetAll: 'Забыть все устройства',
    forget: 'Забыть',
  },
} as const

/** An authenticator of Chromium itself, which the page asks like any other. */
async function virtualAuthenticator(page: Page, isUserVerified = true) {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified,
    },
  })
  return {
    setVerified: (isUserVerified: boolean) =>
      session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
    credentials: async () => (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
  }
}

const onAccount = (page: Page) => page.waitForURL(url => url.pathname === '/account')

async function enrolApp(page: Page, text: (typeof words)[Locale]) {
  await page.getByRole('button', { name: text.addApp }).click()
  await page.getByRole('button', { name: text.go }).click()
  const secret = (await page.locator('[role=dialog] code').first().textContent())!.replaceAll(' ', '')
  assert.equal(await page.locator('[role=dialog] svg[role=img]').count(), 1, 'the QR code')
  await assertAccessible(page, 'the QR code')
  await page.getByLabel(text.code).fill(totpAt(secret, world.clock.nowMs()))
  await page.getByRole('button', { name: text.turnOn }).click()
  await page.getByRole('button', { name: text.kept }).waitFor()
  const codes = await page.locator('[role=dialog] li code').allTextContents()
  assert.equal(codes.length, 10)
  await assertAccessible(page, 'the recovery codes')
  await page.getByRole('button', { name: text.kept }).click()
  return { secret, codes }
}

async function password(page: Page, { email, password }: { email: string; password: string }) {
  await page.locator('input[autocomplete~=username]').fill(email)
  await page.locator('input[autocomplete=current-password]').fill(password)
  await page.locator('button[type=submit]').click()
}

describe('second factors in the browser', () => {
  for (const locale of ['en', 'ru'] as const) {
    test(`an app is turned on, signs in, and a recovery code in its place (${locale})`, async () => {
      const text = words[locale]
      const person = await world.register()
      const { page, go, complaints } = await openPage(browser, address, {
        locale,
        as: person,
        at: '/account/factors',
        width: 360,
      })
      await assertAccessible(page, 'no factor yet')
      const { secret, codes } = await enrolApp(page, text)
      await settled(page)
      await assertAccessible(page, 'one factor')
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      assert.ok(width <= 360, `the page is ${width} px wide`)

      const elsewhere = await openPage(browser, address, { locale })
      await elsewhere.go('/account/sign-in')
      await password(elsewhere.page, person)
      const field = elsewhere.page.getByLabel(text.signInCode)
      await field.waitFor()
      await assertAccessible(elsewhere.page, 'the second step')
      world.clock.advance(30_000)
      await field.fill(totpAt(secret, world.clock.nowMs()))
      await elsewhere.page.locator('button[type=submit]').click()
      await onAccount(elsewhere.page)

      const third = await openPage(browser, address, { locale })
      await third.go('/account/sign-in')
      await password(third.page, person)
      await third.page.getByRole('button', { name: text.useRecovery }).click()
      await third.page.getByLabel(text.recovery, { exact: true }).fill(codes[3]!)
      await third.page.locator('button[type=submit]').click()
      await onAccount(third.page)
      await go('/account/factors')
      assert.deepEqual([...complaints, ...elsewhere.complaints, ...third.complaints], [])
    })
  }

  for (const locale of ['en', 'ru'] as const) {
    test(`a device that asks to be remembered signs in without the second step, until it is forgotten (${locale})`, async () => {
      const text = words[locale]
      const person = await world.register()
      const app = await enrolTotp(world, person)
      const { page, go, complaints } = await openPage(browser, address, { locale, width: 360 })
      const signOut = () => page.context().clearCookies({ name: '__Host-propusk' })
      await go('/account/sign-in')
      await password(page, person)
      await page.getByLabel(text.remember).check()
      await assertAccessible(page, 'the second step')
      await page.getByLabel(text.signInCode).fill(app.next())
      await page.locator('button[type=submit]').click()
      await onAccount(page)

      await signOut()
      await go('/account/sign-in')
      await password(page, person)
      await onAccount(page)
      await go('/account/factors')
      await assertAccessible(page, 'remembered devices')
      const width = await page.evaluate(() => document.documentElement.scrollWidth)
      assert.ok(width <= 360, `the page is ${width} px wide`)
      await page.getByRole('button', { name: text.forgetAll }).click()
      await page.getByRole('dialog').getByRole('button', { name: text.forget, exact: true }).click()
      await page.getByRole('button', { name: text.forgetAll }).waitFor({ state: 'detached' })

      await signOut()
      await go('/account/sign-in')
      await password(page, person)
      await page.getByLabel(text.signInCode).waitFor()
      assert.deepEqual(complaints, [])
    })
  }

  test('the page insists on new recovery codes when three are left', async () => {
    const text = words.en
    const person = await world.register()
    const { recoveryCodes } = await enrolTotp(world, person)
    const rows = await world.core.database.read
      .selectFrom('recovery_codes')
      .select('id')
      .where('user_id', '=', person.id)
      .orderBy('id')
      .execute()
    assert.equal(rows.length, recoveryCodes.length)
    const use = (ids: readonly { id: number }[]) =>
      world.core.transaction(async ({ recoveryCodes }) => {
        for (const { id } of ids)
          assert.ok(await recoveryCodes.consume(person.id as never, id, world.clock.nowMs()))
      })
    const answer = await world.call('POST', '/token/refresh/', { body: { refresh: person.refresh } })
    assert.equal(answer.status, 200)
    await use(rows.slice(0, 6))
    const list = () => world.call('GET', '/me/factors/', { token: answer.body.access })
    assert.equal((await list()).body.recovery_codes, 4)
    const { page, go } = await openPage(browser, address)
    await go('/account/sign-in')
    await password(page, person)
    await page.getByRole('button', { name: text.useRecovery }).click()
    await page.getByLabel(text.recovery, { exact: true }).fill(recoveryCodes[9]!)
    await page.locator('button[type=submit]').click()
    await onAccount(page)
    await go('/account/factors')
    await page.getByText('Only a few recovery codes are left').waitFor()
    await assertAccessible(page, 'few recovery codes')
  })

  test('a sensitive act opens a dialog after ten minutes, and goes on once the proof is there', async () => {
    const text = words.en
    const person = await world.register()
    const { page, complaints } = await openPage(browser, address, { as: person, at: '/account/factors' })
    const { secret } = await enrolApp(page, text)
    await settled(page)
    // The session has just shown the app: nothing is asked.
    await page.getByRole('button', { name: text.newCodes }).click()
    await page.getByRole('dialog').getByRole('button', { name: text.newCodes }).click()
    await page.getByRole('button', { name: text.kept }).click()
    await settled(page)
    world.clock.advance(11 * 60_000)
    await page.getByRole('button', { name: text.newCodes }).click()
    await page.getByRole('dialog').getByRole('button', { name: text.newCodes }).click()
    const dialog = page.getByRole('dialog', { name: text.confirmTitle })
    const field = dialog.getByLabel(text.signInCode)
    await field.waitFor()
    await assertAccessible(page, 'the step-up')
    await field.fill('000000')
    await dialog.getByRole('button', { name: text.confirm }).click()
    await dialog.getByText('This code is wrong').waitFor()
    await field.fill(totpAt(secret, world.clock.nowMs()))
    await dialog.getByRole('button', { name: text.confirm }).click()
    await page.getByRole('button', { name: text.kept }).waitFor()
    assert.equal(await page.locator('[role=dialog] li code').count(), 10)
    assert.deepEqual(complaints, [])
  })
})

describe('passkeys in the browser', () => {
  test('one is made, signs in by the button, and is a second step', async () => {
    const text = words.en
    const person = await world.register()
    const { page, go, complaints } = await openPage(browser, address, { as: person, at: '/account/factors' })
    const authenticator = await virtualAuthenticator(page)
    await page.getByRole('button', { name: text.addPasskey }).click()
    await page.getByRole('button', { name: text.go }).click()
    await page.getByRole('button', { name: text.kept }).click()
    const [made] = await authenticator.credentials()
    assert.equal(made?.isResidentCredential, true)
    assert.equal(made?.rpId, 'localhost')

    await page.context().clearCookies()
    await go('/account/sign-in')
    await onAccountByPasskey(page, text)
    const sessions = await world.core.stores.sessions.listLive(person.id as never, world.clock.nowMs())
    assert.deepEqual(sessions.map(({ acr, amr }) => [acr, amr.join(' ')])[0], ['aal2', 'pop user mfa'])

    await page.context().clearCookies()
    await go('/account/sign-in')
    if (!(await isSignedIn(page))) {
      await password(page, person)
      await page.getByRole('button', { name: text.usePasskey }).click()
      await onAccount(page)
    }
    assert.deepEqual(complaints, [])
  })

  test('one is the second factor of a password that is set anew by mail', async () => {
    const text = words.en
    const person = await world.register()
    const { page, go, complaints } = await openPage(browser, address, { as: person, at: '/account/factors' })
    await virtualAuthenticator(page)
    await page.getByRole('button', { name: text.addPasskey }).click()
    await page.getByRole('button', { name: text.go }).click()
    await page.getByRole('button', { name: text.kept }).click()
    await world.call('POST', '/password/reset/request/', { body: { email: person.email } })
    const { link } = await sentProof(world, 'password_reset', person.email)
    await go(link.slice(address.length))
    const next = 'seven quiet lamps at noon'
    await page.getByLabel('New password', { exact: true }).fill(next)
    await page.getByLabel('New password again').fill(next)
    await page.getByRole('button', { name: 'Set new password' }).click()
    const byPasskey = page.getByRole('button', { name: 'Confirm with a passkey' })
    await byPasskey.waitFor()
    await assertAccessible(page, 'a factor at a reset')
    await byPasskey.click()
    await page.getByText(/Your new password is set/).waitFor()
    await ticketOf(world, { email: person.email, password: next })
    // The first answer asks for the factor, which the browser writes down as a failed call.
    assert.deepEqual(
      complaints.filter(line => !line.includes('401')),
      [],
    )
  })

  test('one whose user is not verified signs nobody in', async () => {
    const text = words.en
    const person = await world.register()
    const { page, go } = await openPage(browser, address, { as: person, at: '/account/factors' })
    const authenticator = await virtualAuthenticator(page)
    await page.getByRole('button', { name: text.addPasskey }).click()
    await page.getByRole('button', { name: text.go }).click()
    await page.getByRole('button', { name: text.kept }).click()
    await authenticator.setVerified(false)
    await page.context().clearCookies()
    await go('/account/sign-in')
    await page.getByRole('button', { name: text.byPasskey }).click()
    await page.waitForTimeout(1_500)
    assert.ok(new URL(page.url()).pathname.startsWith('/account/sign-in'))
  })
})

const isSignedIn = (page: Page) => Promise.resolve(new URL(page.url()).pathname === '/account')

/** The field of the address offers the passkey by itself; where it does not, the button does. */
async function onAccountByPasskey(page: Page, text: (typeof words)[Locale]) {
  if (!(await isSignedIn(page))) {
    await page
      .getByRole('button', { name: text.byPasskey })
      .click()
      .catch(() => undefined)
  }
  await onAccount(page)
}

void claimsOf
