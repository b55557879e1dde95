import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { findSentProof, withMuchMail } from '../support/proofs.ts'
import { enrolTotp } from '../support/totp.ts'
import { goodPassword, type World } from '../support/world.ts'
import { assertAccessible, consoleWorld } from './support/console-world.ts'

const silent = await consoleWorld()
const mailing = await consoleWorld(withMuchMail)

const newPassword = 'seven quiet lamps at noon'
const pathOf = (link: string) => link.replace(/^https?:\/\/[^/]+/, '')

const words = {
  en: {
    security: 'Sign-in and recovery',
    remove: 'Remove second factors',
    reset: 'Reset password',
    reason: 'Reason',
    none: 'Not set up',
    nothingOn: 'No second factor is set up.',
    left: '10 left',
    done: 'I have handed it over',
    copy: 'Copy and close',
    onlyNow: /shown only once/,
    sent: /An email to set a new password is on its way/,
    notProved: 'Not confirmed',
    copied: 'Copied',
  },
  ru: {
    security: 'Вход и восстановление',
    remove: 'Удалить вторые факторы',
    reset: 'Сбросить пароль',
    reason: 'Причина',
    none: 'Не включён',
    nothingOn: 'Второй фактор не включён.',
    left: 'осталось 10',
    done: 'Передано',
    copy: 'Скопировать и закрыть',
    onlyNow: /показывается только один раз/,
    sent: /Отправлено письмо для сброса пароля/,
    notProved: 'Не подтверждена',
    copied: 'Скопировано',
  },
} as const

const onStaff = async (world: World, ...permissions: string[]) => {
  const account = await world.withPermissions(...permissions)
  await world.core.transaction(({ users }) =>
    users.update(account.id as never, { isStaff: true }, world.clock.nowMs()),
  )
  return account
}

describe('the ways back into an account, on the page of a person', () => {
  for (const look of [
    { locale: 'en', scheme: 'light', width: 1440 },
    { locale: 'ru', scheme: 'dark', width: 360 },
  ] as const) {
    const word = words[look.locale]

    test(`the second factors of who lost them are removed, with a reason, in ${look.locale}`, async () => {
      const person = await silent.register()
      await enrolTotp(silent, person, 'Pixel 9')
      const { page, go, complaints } = await silent.open({ as: 'superuser', ...look })
      await go(`/console/users/${person.id}`)
      const section = page.getByRole('region', { name: word.security })
      await section.getByText('Pixel 9').waitFor()
      await section.getByText(word.left).waitFor()
      await section.getByText(word.notProved).waitFor()
      await assertAccessible(page, 'the state of sign-in and recovery')
      await section.getByRole('button', { name: word.remove }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel(word.reason).fill('Recognised on the phone by the last invoice')
      await assertAccessible(page, 'the reason')
      await dialog.getByRole('button', { name: word.remove }).click()
      await section.getByText(word.none).waitFor()
      const disabled = section.getByRole('button', { name: word.remove })
      assert.equal(await disabled.getAttribute('aria-description'), word.nothingOn)
      const isWider = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)
      assert.equal(isWider, false)
      await silent.login(person)
      assert.deepEqual(complaints, [])
    })

    test(`without mail the link of a reset is shown once, and no stray key closes it, in ${look.locale}`, async () => {
      const person = await silent.register()
      const { page, context, go, complaints } = await silent.open({ as: 'superuser', ...look })
      await context.grantPermissions(['clipboard-read', 'clipboard-write'])
      await go(`/console/users/${person.id}`)
      await page.getByRole('button', { name: word.reset }).click()
      await page.getByRole('dialog').getByRole('button', { name: word.reset }).click()
      const dialog = page.getByRole('dialog')
      await dialog.getByText(word.onlyNow).waitFor()
      await assertAccessible(page, 'the link that is shown once')
      const link = await dialog.locator('[data-secret]').innerText()
      await page.keyboard.press('Escape')
      await page.mouse.click(3, 3)
      await dialog.getByText(word.onlyNow).waitFor()
      await dialog.getByRole('button', { name: word.done }).waitFor()
      await dialog.getByRole('button', { name: word.copy }).click()
      await page.getByText(word.copied, { exact: true }).waitFor()
      await dialog.waitFor({ state: 'hidden' })
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), link)
      const body = { token: link.split('#t=')[1], password: newPassword, password2: newPassword }
      assert.equal((await silent.call('POST', '/password/reset/', { body })).status, 204)
      await silent.login({ email: person.email, password: newPassword })
      assert.deepEqual(complaints, [])
    })

    test(`with mail the link goes to the owner, in ${look.locale}`, async () => {
      const person = await mailing.register()
      const { page, go, complaints } = await mailing.open({ as: 'superuser', ...look })
      await go(`/console/users/${person.id}`)
      await page.getByRole('button', { name: word.reset }).click()
      await page.getByRole('dialog').getByRole('button', { name: word.reset }).click()
      await page.getByText(word.sent).waitFor()
      assert.equal(await page.locator('[data-secret]').count(), 0)
      const sent = await findSentProof(mailing, 'password_reset', person.email)
      assert.match(pathOf(sent!.link), /^\/account\/reset#t=/)
      assert.equal((await mailing.call('GET', '/me/', { token: person.access })).status, 401)
      assert.deepEqual(complaints, [])
    })
  }

  test('a button that cannot be pressed says which permission it takes, or which rank', async () => {
    const { id } = await silent.register()
    const reader = await onStaff(silent, 'users:read', 'factors:read')
    const seen = await silent.open({ as: { email: reader.email, password: goodPassword } })
    await seen.go(`/console/users/${id}`)
    const descriptionOf = (name: string) =>
      seen.page.getByRole('button', { name }).getAttribute('aria-description')
    assert.match((await descriptionOf('Reset password')) ?? '', /users:update/)
    assert.match((await descriptionOf('Remove second factors')) ?? '', /factors:delete/)
    await assertAccessible(seen.page, 'buttons that cannot be pressed')
    assert.deepEqual(seen.complaints, [])

    const desk = await onStaff(silent, 'users:read', 'users:update', 'factors:all')
    const chief = await silent.superuser()
    const lower = await silent.open({ as: { email: desk.email, password: goodPassword } })
    await lower.go(`/console/users/${chief.id}`)
    for (const name of ['Reset password', 'Remove second factors']) {
      const why = await lower.page.getByRole('button', { name }).getAttribute('aria-description')
      assert.equal(why, 'Only a superuser can change this account.')
    }
  })
})
