import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { mailEnv, smtpServer } from '../mail/support/smtp.ts'
import { eventually } from '../support/eventually.ts'
import { unthrottled } from '../support/throttle.ts'
import {
  accounts,
  assertAccessible,
  type ConsolePage,
  consoleWorld,
  settled,
} from './support/console-world.ts'

const password = 'seven quiet lamps at noon'

const smtp = await smtpServer()
const { PROPUSK_PUBLIC_URL: _, ...mail } = mailEnv(smtp)
const world = await consoleWorld({ ...unthrottled, ...mail, PROPUSK_REGISTRATION: 'closed' })
const silent = await consoleWorld(unthrottled)

const words = {
  en: {
    invite: 'Invite…',
    dialog: 'Invite a person',
    email: 'Email',
    first: 'First name',
    roles: 'Roles',
    language: 'Language',
    submit: 'Invite',
    onItsWay: /is on its way/,
    invited: /invites you to create an account/,
    password: 'Password',
    again: 'Password again',
    accept: 'Accept and sign in',
    accepted: 'Accepted',
    subject: 'You are invited to Propusk',
    code: 'Eight-digit code',
    show: 'Show invitation',
  },
  ru: {
    invite: 'Пригласить…',
    dialog: 'Новое приглашение',
    email: 'Эл. почта',
    first: 'Имя',
    roles: 'Роли',
    language: 'Язык письма',
    submit: 'Пригласить',
    onItsWay: /отправляется/,
    invited: /приглашает вас создать учётную запись/,
    password: 'Пароль',
    again: 'Пароль ещё раз',
    accept: 'Принять и войти',
    accepted: 'Принято',
    subject: 'Вас приглашают в Propusk',
    code: 'Код из письма',
    show: 'Показать приглашение',
  },
} as const

/** What the newest mail to an address says. */
async function mailTo(address: string) {
  const newest = () => smtp.taken.findLast(({ to }) => to.includes(address))
  const isThere = async () => {
    await world.server.mail!.sendDue()
    return newest() !== undefined
  }
  assert.ok(await eventually(isThere), `no mail to ${address}`)
  const found = newest()!
  const text = found.mail.text!.replaceAll('\r\n', '\n')
  const [, path] = /^https?:\/\/[^/]+(\/account\/invitation#t=\S+)$/m.exec(text)!
  const [, code] = /^(\d{8})$/m.exec(text)!
  return { subject: found.mail.subject, path: path!, code: code! }
}

const isWider = ({ page }: ConsolePage) =>
  page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth)

const accountOf = (address: string) => world.core.stores.users.findByEmail(address)

describe('a person who is invited', () => {
  for (const look of [
    { locale: 'en', scheme: 'light', width: 1440 },
    { locale: 'ru', scheme: 'dark', width: 360 },
  ] as const) {
    const word = words[look.locale]
    const address = `invited-${look.locale}@example.com`

    test(`reads the mail, sets a password and is signed in, in ${look.locale}`, async () => {
      const inviter = await world.open({ ...look, as: 'superuser', at: '/console/invitations' })
      await assertAccessible(inviter.page, 'invitations, none yet')
      await inviter.page.getByRole('button', { name: word.invite }).click()
      const dialog = inviter.page.getByRole('dialog', { name: word.dialog })
      await dialog.getByLabel(word.email).fill(address)
      await dialog.getByLabel(word.first, { exact: true }).fill('Anna')
      await dialog.getByRole('combobox', { name: word.roles }).fill('supervisor')
      await inviter.page.getByRole('option', { name: 'Supervisor' }).click()
      await inviter.page.keyboard.press('Escape')
      await dialog.getByRole('combobox', { name: word.language }).click()
      await inviter.page.getByRole('option', { name: look.locale === 'en' ? 'English' : 'Русский' }).click()
      await assertAccessible(inviter.page, 'the dialog of an invitation')
      await dialog.getByRole('button', { name: word.submit, exact: true }).click()
      await inviter.page.getByText(word.onItsWay).waitFor()
      await inviter.page.getByRole('grid').getByText(address).waitFor()
      await settled(inviter.page)
      await assertAccessible(inviter.page, 'a list of invitations')
      assert.equal(await isWider(inviter), false)

      const { subject, path } = await mailTo(address)
      assert.equal(subject, word.subject)
      for (let times = 0; times < 20; times++) {
        for (const method of ['GET', 'HEAD']) {
          const answer = await fetch(world.address + path, { method })
          assert.equal(answer.status, 200, method)
          await answer.arrayBuffer()
        }
      }
      const invitee = await world.open(look)
      for (let opened = 0; opened < 3; opened++) {
        await invitee.go(path)
        await invitee.page.getByText(word.invited).waitFor()
        assert.equal(new URL(invitee.page.url()).hash, '')
      }
      assert.equal(await accountOf(address), undefined, 'opening it changes nothing')
      assert.equal(await invitee.page.getByLabel(word.first, { exact: true }).inputValue(), 'Anna')
      await assertAccessible(invitee.page, 'the page of an invitation')
      assert.equal(await isWider(invitee), false)
      await invitee.page.getByLabel(word.password, { exact: true }).fill(password)
      await invitee.page.getByLabel(word.again).fill(password)
      await invitee.page.keyboard.press('Enter')
      await invitee.page.waitForURL(/\/account$/)
      const account = (await accountOf(address))!.user
      assert.deepEqual([account.firstName, account.emailVerified], ['Anna', true])
      const roles = await world.core.stores.users.rolesOf([account.id])
      assert.deepEqual(roles.get(account.id), ['supervisor'])
      const row = inviter.page.getByRole('row').filter({ hasText: address })
      await row.getByText(word.accepted, { exact: true }).waitFor()
      assert.deepEqual([...inviter.complaints, ...invitee.complaints], [])
    })

    test(`types the code of the mail on another device, in ${look.locale}`, async () => {
      const other = `code-${look.locale}@example.com`
      const { access: token } = await world.login(accounts.superuser)
      const body = { email: other, locale: look.locale }
      assert.equal((await world.call('POST', '/invitations/', { token, body })).status, 201)
      const { code } = await mailTo(other)
      const invitee = await world.open({ ...look, at: '/account/invitation' })
      await assertAccessible(invitee.page, 'the page of an invitation, by code')
      await invitee.page.getByLabel(word.email).fill(other)
      await invitee.page.getByLabel(word.code).fill(`${code.slice(0, 4)} ${code.slice(4)}`)
      await invitee.page.getByRole('button', { name: word.show }).click()
      await invitee.page.getByText(word.invited).waitFor()
      await invitee.page.getByLabel(word.password, { exact: true }).fill(password)
      await invitee.page.getByLabel(word.again).fill(password)
      await invitee.page.getByRole('button', { name: word.accept }).click()
      await invitee.page.waitForURL(/\/account$/)
      assert.deepEqual(invitee.complaints, [])
    })
  }
})

describe('an administrator where no mail is sent', () => {
  test('hands a link over, sends it anew and takes it back', async () => {
    const { page, complaints, go } = await silent.open({ as: 'superuser', at: '/console/invitations' })
    await page.getByRole('button', { name: 'Invite the first person…' }).click()
    const dialog = page.getByRole('dialog', { name: 'Invite a person' })
    await dialog.getByLabel('Email').fill('by-hand@example.com')
    await dialog.getByRole('button', { name: 'Invite', exact: true }).click()
    const linkOf = async () => {
      const shown = page.getByRole('dialog', { name: 'Link for by-hand@example.com' })
      const link = (await shown.locator('[data-secret]').textContent())!
      await assertAccessible(page, 'the link of an invitation')
      await shown.getByRole('button', { name: 'I have handed it over' }).click()
      await shown.waitFor({ state: 'hidden' })
      return link.replace(/^https?:\/\/[^/]+/, '')
    }
    const first = await linkOf()
    assert.ok(!(await page.content()).includes(first.split('#t=')[1]!))

    // A second one to the same address leads to the first.
    await page.getByRole('button', { name: 'Invite…', exact: true }).click()
    await dialog.getByLabel('Email').fill(' By-Hand@example.com')
    await dialog.getByRole('button', { name: 'Invite', exact: true }).click()
    await dialog.getByRole('button', { name: 'Send that one again' }).click()
    const question = page.getByRole('dialog', { name: /Send the invitation to by-hand@example.com again/ })
    await question.getByRole('button', { name: 'Send again' }).click()
    const second = await linkOf()
    assert.notEqual(second, first)

    const invitee = await silent.open()
    await invitee.go(first)
    await invitee.page.getByText(/This link does not work/).waitFor()
    await invitee.go(second)
    await invitee.page.getByText(/invites you to create an account for by-hand@example.com/).waitFor()

    await page.getByRole('button', { name: 'Revoke: by-hand@example.com' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click()
    await page.getByRole('grid').getByText('Revoked', { exact: true }).waitFor()
    await invitee.page.getByLabel('Password', { exact: true }).fill(password)
    await invitee.page.getByLabel('Password again').fill(password)
    await invitee.page.getByRole('button', { name: 'Accept and sign in' }).click()
    await invitee.page.getByText(/This link does not work/).waitFor()
    await go('/console/invitations?state=pending')
    await page.getByText('by-hand@example.com').waitFor({ state: 'detached' })
    assert.deepEqual([...complaints, ...invitee.complaints], [])
  })

  test('is asked before a page is left with a link that is shown once, unless it was copied', async () => {
    const { page, context, complaints } = await silent.open({ as: 'superuser', at: '/console/users' })
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    const invite = async (email: string) => {
      await page.getByRole('link', { name: 'Invitations' }).click()
      await page.getByRole('button', { name: 'Invite…', exact: true }).click()
      const form = page.getByRole('dialog', { name: 'Invite a person' })
      await form.getByLabel('Email').fill(email)
      await form.getByRole('button', { name: 'Invite', exact: true }).click()
      const shown = page.getByRole('dialog', { name: `Link for ${email}` })
      await shown.waitFor()
      return shown
    }
    const kept = await invite('kept@example.com')
    const link = await kept.locator('[data-secret]').innerText()
    await page.goBack()
    const question = page.getByRole('dialog', { name: 'Leave without copying?' })
    await question.waitFor()
    await assertAccessible(page, 'the question before a link is lost')
    await page.keyboard.press('Escape')
    await question.waitFor({ state: 'hidden' })
    assert.equal(await kept.locator('[data-secret]').innerText(), link)
    await page.goBack()
    await question.getByRole('button', { name: 'Leave' }).click()
    await page.waitForURL(/console\/users/)
    assert.equal(await page.locator('[data-secret]').count(), 0)

    const copied = await invite('copied@example.com')
    await copied.getByRole('button', { name: 'Copy and close' }).click()
    await copied.waitFor({ state: 'hidden' })
    await page.goBack()
    await page.waitForURL(/console\/users/)
    assert.deepEqual(complaints, [])
  })

  test('sees why an invitation beyond the own rank cannot be touched', async () => {
    const boss = await silent.superuser()
    const body = { email: 'beyond@example.com', roles: ['admin'] }
    assert.equal((await silent.call('POST', '/invitations/', { token: boss.access, body })).status, 201)
    const clerk = await silent.withPermissions('users:read', 'users:create', 'roles:read')
    await silent.core.transaction(({ users }) =>
      users.update(clerk.id as never, { isStaff: true }, silent.clock.nowMs()),
    )
    const { page } = await silent.open({ as: clerk, at: '/console/invitations' })
    const revoke = page.getByRole('button', { name: 'Revoke: beyond@example.com' })
    await revoke.waitFor()
    const reason = async () => (await revoke.getAttribute('aria-description')) ?? ''
    assert.ok(await eventually(async () => /holds .+, which you don’t have/.test(await reason())))
    await page.getByRole('button', { name: 'Invite…', exact: true }).click()
    await page.getByRole('dialog', { name: 'Invite a person' }).waitFor()
  })
})
