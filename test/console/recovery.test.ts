import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { sentProof, withMuchMail } from '../support/proofs.ts'
import { goodPassword } from '../support/world.ts'
import { assertAccessible, consoleWorld, settled } from './support/console-world.ts'

const world = await consoleWorld({ ...withMuchMail, PROPUSK_REGISTRATION: 'verified' })
const newPassword = 'seven quiet lamps at noon'
const pathOf = (link: string) => link.replace(/^https?:\/\/[^/]+/, '')

const register = async (address: string) => {
  const body = { email: address, password: goodPassword, password2: goodPassword }
  assert.equal((await world.call('POST', '/register/', { body })).status, 202)
  return sentProof(world, 'registration', address)
}

const words = {
  en: {
    forgotten: 'Forgot password?',
    email: 'Email',
    send: 'Send email',
    code: 'Eight-digit code',
    next: 'New password',
    again: 'New password again',
    set: 'Set new password',
    wasSet: /Your new password is set/,
    registered: 'Password you registered with',
    activate: 'Create account',
    activated: /Your email is confirmed/,
    wrong: /not the password you registered with/,
    chooseNew: 'Choose another password',
  },
  ru: {
    forgotten: 'Забыли пароль?',
    email: 'Эл. почта',
    send: 'Отправить письмо',
    code: 'Код из письма',
    next: 'Новый пароль',
    again: 'Новый пароль ещё раз',
    set: 'Задать новый пароль',
    wasSet: /Новый пароль задан/,
    registered: 'Пароль, заданный при регистрации',
    activate: 'Создать учётную запись',
    activated: /Адрес подтверждён/,
    wrong: /не тот пароль/,
    chooseNew: 'Задать другой пароль',
  },
} as const

describe('the pages that the links of mails open', () => {
  for (const look of [
    { locale: 'en', scheme: 'light', width: 1440 },
    { locale: 'ru', scheme: 'dark', width: 360 },
  ] as const) {
    const word = words[look.locale]

    test(`a person registers and opens the account by the link and the password, in ${look.locale}`, async () => {
      const address = `confirm-${look.locale}@example.com`
      const { link, token } = await register(address)
      const { page, go, complaints } = await world.open(look)
      for (let opened = 0; opened < 3; opened++) await go(pathOf(link))
      assert.doesNotMatch(page.url(), new RegExp(token))
      assert.equal(
        await world.core.stores.users.findByEmail(address),
        undefined,
        'opening it changes nothing',
      )
      const isWider = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
      assert.equal(isWider, false)
      await assertAccessible(page, 'recovery')
      await page.getByLabel(word.registered).fill(goodPassword)
      await page.keyboard.press('Enter')
      await page.getByText(word.activated).waitFor()
      await world.login({ email: address, password: goodPassword })
      assert.deepEqual(complaints, [])
    })

    test(`the reader of a mail that was not asked for gives no other person the account, in ${look.locale}`, async () => {
      const address = `unasked-${look.locale}@example.com`
      const { link } = await register(address)
      const { page, go } = await world.open(look)
      await go(pathOf(link))
      await page.getByLabel(word.registered).fill('what I think I chose once')
      await page.getByRole('button', { name: word.activate }).click()
      await page.getByText(word.wrong).first().waitFor()
      assert.equal(await world.core.stores.users.findByEmail(address), undefined)
      await page.getByRole('button', { name: word.chooseNew }).click()
      await page.getByLabel(word.next, { exact: true }).fill(newPassword)
      await page.getByLabel(word.again).fill(newPassword)
      await assertAccessible(page, 'a registration with another password')
      await page.getByRole('button', { name: word.activate }).click()
      await page.getByText(word.activated).waitFor()
      await world.login({ email: address, password: newPassword })
      const body = { email: address, password: goodPassword }
      assert.equal((await world.call('POST', '/login/', { body })).status, 401)
    })

    test(`a person who forgot the password asks for a mail and types its code, in ${look.locale}`, async () => {
      const address = `reset-${look.locale}@example.com`
      await world.call('POST', '/email/verify/', { body: { token: (await register(address)).token } })
      const { page, go, complaints } = await world.open(look)
      await go('/account/sign-in')
      await page.getByRole('link', { name: word.forgotten }).click()
      await page.getByRole('button', { name: word.send }).waitFor()
      await page.getByLabel(word.email).fill(address)
      await page.getByRole('button', { name: word.send }).click()
      await page.getByLabel(word.code).waitFor()
      await assertAccessible(page, 'recovery')
      await page.getByLabel(word.code).fill((await sentProof(world, 'password_reset', address)).code)
      await page.getByLabel(word.next, { exact: true }).fill(newPassword)
      await page.getByLabel(word.again).fill(newPassword)
      await page.keyboard.press('Enter')
      await page.getByText(word.wasSet).waitFor()
      await world.login({ email: address, password: newPassword })
      assert.deepEqual(complaints, [])
    })
  }

  test('a password is set by the link, whose token leaves the address bar', async () => {
    const address = 'by-link@example.com'
    await world.call('POST', '/email/verify/', { body: { token: (await register(address)).token } })
    await world.call('POST', '/password/reset/request/', { body: { email: address } })
    const { link, token } = await sentProof(world, 'password_reset', address)
    const { page, go } = await world.open()
    await go(pathOf(link))
    assert.equal(new URL(page.url()).hash, '')
    assert.equal((await page.content()).includes(token), false)
    await page.getByLabel('New password', { exact: true }).fill(newPassword)
    await page.getByLabel('New password again').fill(newPassword)
    await page.getByRole('button', { name: 'Set new password' }).click()
    await page.getByText(/Your new password is set/).waitFor()
    await go(pathOf(link))
    await page.getByLabel('New password', { exact: true }).fill(newPassword)
    await page.getByLabel('New password again').fill(newPassword)
    await page.getByRole('button', { name: 'Set new password' }).click()
    await page.getByText(/This link does not work/).waitFor()
  })

  test('the own address is changed by the code of the new one, and the old one undoes it', async () => {
    const address = 'changes@example.com'
    await world.call('POST', '/email/verify/', { body: { token: (await register(address)).token } })
    const { page, go } = await world.open({
      as: { email: address, password: goodPassword },
      at: '/account/email',
    })
    await page.getByLabel('New email').fill('changed@example.com')
    await page.getByRole('button', { name: 'Send email' }).click()
    await page
      .getByLabel('Eight-digit code')
      .fill((await sentProof(world, 'email_change', 'changed@example.com')).code)
    await assertAccessible(page, 'recovery')
    await page.getByRole('button', { name: 'Change to the new email' }).click()
    await page.getByText(/Your email is changed@example.com/).waitFor()
    const { link } = await sentProof(world, 'email_undo', address)
    await go(pathOf(link))
    await assertAccessible(page, 'recovery')
    await page.getByRole('button', { name: 'Undo the change' }).click()
    await page.getByText(/has its address back/).waitFor()
    await settled(page)
    assert.equal((await world.core.stores.users.findByEmail(address))?.user.email, address)
  })

  for (const look of [
    { locale: 'en', scheme: 'light', width: 1440 },
    { locale: 'ru', scheme: 'dark', width: 360 },
  ] as const) {
    test(`«this was not me» takes one button, and nothing before it is pressed, in ${look.locale}`, async () => {
      const address = `not-me-${look.locale}@example.com`
      await world.call('POST', '/email/verify/', { body: { token: (await register(address)).token } })
      const thief = await world.login({ email: address, password: goodPassword })
      const body = { current_password: goodPassword, password: newPassword, password2: newPassword }
      await world.call('POST', '/me/password/', { token: thief.access, body })
      const { link, token } = await sentProof(world, 'not_me', address)
      const { page, go, complaints } = await world.open(look)
      for (let opened = 0; opened < 20; opened++) {
        const method = opened % 2 ? 'GET' : 'HEAD'
        await fetch(`${world.address}${pathOf(link)}`, { method })
      }
      for (let opened = 0; opened < 3; opened++) await go(pathOf(link))
      assert.doesNotMatch(page.url(), new RegExp(token))
      assert.equal((await world.call('GET', '/me/', { token: thief.access })).status, 200)
      await assertAccessible(page, 'this was not me')
      const isWider = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
      assert.equal(isWider, false)
      const press = { en: 'This was not me', ru: 'Это не я' }[look.locale]
      await page.getByRole('button', { name: press }).click()
      await page
        .getByText({ en: /All devices are signed out/, ru: /Все сеансы завершены/ }[look.locale])
        .waitFor()
      await assertAccessible(page, 'after this was not me')
      assert.equal((await world.call('GET', '/me/', { token: thief.access })).status, 401)
      await go(pathOf((await sentProof(world, 'password_reset', address)).link))
      await page.getByLabel(words[look.locale].next, { exact: true }).waitFor()
      await go(pathOf(link))
      await page.getByRole('button', { name: press }).click()
      await page
        .getByRole('link', { name: { en: 'Set a new password', ru: 'Задать новый пароль' }[look.locale] })
        .waitFor()
      assert.deepEqual(complaints, [])
    })
  }

  test('no link to a new password is shown where the server sends no mail', async () => {
    const silent = await consoleWorld()
    const { page, go } = await silent.open()
    await go('/account/sign-in')
    await settled(page)
    assert.equal(await page.getByRole('link', { name: 'Forgot password?' }).count(), 0)
  })
})
