import assert from 'node:assert/strict'
import { after, beforeEach, describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { behindWire } from './support/behind-wire.ts'
import { accounts, assertAccessible, consoleWorld } from './support/console-world.ts'

const world = await consoleWorld()
const wire = await behindWire(world)
after(() => wire.close())
beforeEach(() => wire.heal())

/** Notes every text that the page has shown, however briefly. */
const watchTexts = (page: Page) =>
  page.evaluate(() => {
    const seen = new Set<string>()
    Object.assign(globalThis, { seen })
    const note = () => seen.add(document.body.innerText)
    new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true })
  })
const seenTexts = (page: Page) =>
  page.evaluate(() => [...(globalThis as unknown as { seen: Set<string> }).seen].join('\n---\n'))

const menu = (page: Page, name: string) => page.getByRole('link', { name, exact: true }).click()
const signInShown = (page: Page) => page.getByRole('heading', { name: /^(Sign in|Вход)$/ }).waitFor()
const failure = /went wrong|Show Error|stopped working|Couldn.t|could not be loaded|did not load/

describe('leaving', () => {
  const ways: Record<string, (page: Page, other: Page) => Promise<void>> = {
    'signing out here': async page => {
      await page.getByRole('button', { name: /user@example\.com/ }).click()
      await page.getByRole('menuitem', { name: 'Sign out' }).click()
    },
    'signing out in another tab': async (_page, other) => {
      await other.getByRole('button', { name: /user@example\.com/ }).click()
      await other.getByRole('menuitem', { name: 'Sign out' }).click()
    },
    'the end of the session by an administrator': async () => {
      const root = await world.superuser()
      const { body } = await world.call('GET', '/users/?search=user@example.com', { token: root.access })
      const [{ id }] = body.results
      for (const is_active of [false, true]) {
        await world.call('PATCH', `/users/${id}/`, { token: root.access, body: { is_active } })
      }
    },
  }
  for (const [name, leave] of Object.entries(ways)) {
    test(`by ${name} shows no error on the way to the sign-in, however slowly that comes`, async () => {
      const { page, context, complaints } = await world.open({ as: 'user', at: '/account/devices' })
      const other = await context.newPage()
      await other.goto(`${world.address}/account`)
      await other.getByRole('heading', { name: 'Profile' }).waitFor()
      await page.waitForTimeout(500)
      await context.route('**/*', async route => {
        await new Promise(resolve => setTimeout(resolve, 400))
        await route.continue().catch(() => undefined)
      })
      await watchTexts(page)
      await leave(page, other)
      await signInShown(page)
      assert.doesNotMatch(await seenTexts(page), failure)
      assert.deepEqual(complaints, [])
      await context.unrouteAll({ behavior: 'ignoreErrors' })
    })
  }

  test('by closing the account shows no error either', async () => {
    const account = await world.register()
    const { page, complaints } = await world.open({ as: account, at: '/account/close' })
    await watchTexts(page)
    await page.getByRole('textbox').fill(account.email)
    await page.getByRole('button', { name: 'Close my account' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Close my account' }).click()
    await signInShown(page)
    await page.getByText('Your account is closed.').waitFor()
    assert.doesNotMatch(await seenTexts(page), failure)
    assert.deepEqual(complaints, [])
  })
})

describe('a part of the page that does not load', () => {
  test('while the server is down is told inside the frame, and comes by itself with the server', async () => {
    const { page } = await wire.open({ as: 'superuser', at: '/console/users/4' })
    // What is still being read when the server goes is missing, too.
    await page.getByRole('row', { name: /Анна Петрова/ }).waitFor()
    await page.getByRole('link', { name: 'Roles', exact: true }).waitFor()
    wire.cut()
    await menu(page, 'Roles')
    await page.getByRole('heading', { name: 'A part of this page did not load' }).waitFor()
    await page.getByText('This page keeps trying').waitFor()
    await page.getByRole('navigation', { name: 'Main navigation' }).waitFor()
    await assertAccessible(page, 'the missing part')
    wire.heal()
    await page.getByRole('heading', { name: 'Roles', exact: true }).waitFor()
    assert.equal(new URL(page.url()).pathname, '/console/roles')
  })

  test('because a newer release has replaced it makes the page reload once, and say so', async () => {
    const { page, context } = await world.open({ as: 'superuser', at: '/console/users', locale: 'ru' })
    let isReloaded = false
    page.on('request', request => {
      isReloaded ||= request.isNavigationRequest()
    })
    await context.route('**/matrix-screen*.js', route =>
      isReloaded ? route.continue() : route.fulfill({ status: 404, body: '' }),
    )
    await menu(page, 'Матрица')
    await page.getByRole('heading', { name: 'Матрица' }).waitFor()
    await page.getByText('Страница перезагружена').waitFor()
  })

  test('also after the reload is told, with the frame around it and no second reload', async () => {
    const { page, context } = await world.open({ as: 'superuser', at: '/console/users', locale: 'ru' })
    let loads = 0
    page.on('load', () => loads++)
    await context.route('**/matrix-screen*.js', route => route.fulfill({ status: 404, body: '' }))
    await menu(page, 'Матрица')
    await page.getByRole('button', { name: 'Перезагрузить' }).waitFor()
    await page.getByRole('navigation', { name: 'Главная навигация' }).waitFor()
    assert.equal(loads, 1)
    await menu(page, 'Пользователи')
    await page.getByRole('row', { name: /Анна Петрова/ }).waitFor()
  })

  test('is the palette, which says so where one reload does not help', async () => {
    const { page, context } = await world.open({ as: 'superuser', at: '/console/users' })
    // One attempt may ask more than once: the browser reads ahead, and the import asks again.
    const palette = '**/command-palette*.js'
    await context.route(palette, route => route.abort())
    await page.getByRole('row', { name: /Анна Петрова/ }).waitFor()
    await page.keyboard.press('Control+k')
    // The first attempt reloads the page, and the second one gives up.
    await page.getByText('The page was reloaded').waitFor()
    await page.getByRole('row', { name: /Анна Петрова/ }).waitFor()
    await page.keyboard.press('Control+k')
    await page.getByText('A part of this page did not load').waitFor()
    await context.unroute(palette)
    await page.reload()
    await page.getByRole('row', { name: /Анна Петрова/ }).waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: /A person, a role/ }).waitFor()
  })
})

describe('a page that breaks', () => {
  test('is told in the language of the reader, with the frame around it', async () => {
    const { page, context, go } = await world.open({ as: 'superuser', locale: 'ru' })
    await context.route('**/api/auth/server/settings/', route =>
      route.fulfill({ json: { settings: 'none' } }),
    )
    await go('/console/settings')
    await page.getByRole('heading', { name: 'Страница перестала работать' }).waitFor()
    await page.getByRole('navigation', { name: 'Главная навигация' }).waitFor()
    await assertAccessible(page, 'the broken page')
    await menu(page, 'Пользователи')
    await page.getByRole('row', { name: /Анна Петрова/ }).waitFor()
  })
})

describe('a server that is gone', () => {
  test('is told by a bar with the time, and every list comes back by itself', async () => {
    const { page } = await wire.open({ as: 'superuser', at: '/console/users' })
    await menu(page, 'Sessions')
    await menu(page, 'Users')
    await page.getByRole('row', { name: /Анна Петрова/ }).waitFor()
    wire.cut()
    await page.getByText(/No connection to the server since \d\d:\d\d/).waitFor()
    await page.getByRole('searchbox').fill('harry')
    await page.getByText('This page keeps trying').waitFor()
    await assertAccessible(page, 'without a server')
    const { access } = await world.superuser()
    const { body } = await world.call('GET', '/users/?search=harry.barnes', { token: access })
    await world.call('PATCH', `/users/${body.results[0].id}/`, {
      token: access,
      body: { first_name: 'Harold' },
    })
    wire.heal()
    await page.getByRole('row', { name: /Harold Barnes/ }).waitFor()
    await page.getByText(/No connection to the server/).waitFor({ state: 'detached' })
  })

  test('while the page starts is asked again by itself', async () => {
    const { page, context } = await wire.open({ as: 'superuser' })
    await context.route('**/api/auth/browser/refresh/', route => route.abort(), { times: 1 })
    await page.goto(`${wire.address}/console/users`)
    await page.getByText('This page keeps trying').waitFor()
    await page.getByRole('row', { name: /Анна Петрова/ }).waitFor()
  })

  test('makes a form say that it may not have been saved, and keeps what was typed', async () => {
    const { page } = await wire.open({ as: 'superuser', at: '/console/roles?create=true' })
    const form = page.getByRole('dialog')
    await form.getByRole('textbox').first().fill('Bookkeeper')
    wire.cut()
    await form.getByRole('button', { name: 'Create' }).click()
    await form.getByText('may not have been done').waitFor()
    assert.equal(await form.getByText('keeps trying').count(), 0)
    assert.equal(await form.getByRole('textbox').first().inputValue(), 'Bookkeeper')
    wire.heal()
    await form.getByRole('button', { name: 'Create' }).click()
    await page.getByRole('heading', { name: 'Bookkeeper' }).waitFor()
  })

  test('makes the sign-in form say so, too', async () => {
    const { page, go } = await wire.open()
    await go('/account/sign-in')
    await page.getByLabel('Email').fill(accounts.user.email)
    await page.getByRole('textbox', { name: 'Password' }).fill(accounts.user.password)
    wire.cut()
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByText('The server did not answer').waitFor()
    wire.heal()
    assert.equal(await page.getByLabel('Email').inputValue(), accounts.user.email)
  })
})
