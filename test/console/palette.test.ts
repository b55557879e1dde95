import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { Page } from 'playwright-core'
import { accounts, assertAccessible, consoleWorld, settled } from './support/console-world.ts'

const world = await consoleWorld()

async function ask(page: Page, typed: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: /^(?:A person, a role|Пользователь, роль)/ }).fill(typed)
}
const option = (page: Page, name: string | RegExp) => page.getByRole('option', { name }).first()

describe('the palette', () => {
  test('finds acts by their names in both languages, and by other words for them', async () => {
    const { page, complaints } = await world.open({ as: 'superuser', at: '/console/roles' })
    await ask(page, 'тёмное')
    await option(page, 'Dark appearance').click()
    await page.waitForFunction(() => document.documentElement.dataset.mantineColorScheme === 'dark')
    await ask(page, 'language russian')
    await option(page, 'Language: Russian').click()
    await page.getByRole('heading', { name: 'Роли' }).waitFor()
    for (const [typed, found] of [
      ['log out', 'Выйти'],
      ['download people', 'Выгрузить пользователей (CSV)'],
      ['sessions', /^Сеансы/],
      ['создать', 'Новый пользователь…'],
    ] as const) {
      await ask(page, typed)
      await option(page, found).waitFor()
      await page.keyboard.press('Escape')
    }
    assert.deepEqual(complaints, [])
  })

  test('finds by identifiers: a number, an address, a permission, an address of the network', async () => {
    const { page } = await world.open({ as: 'superuser', at: '/console/roles' })
    await ask(page, '#4')
    await option(page, /Анна Петрова/).waitFor()
    await option(page, 'Session 4').waitFor()
    await settled(page)
    await assertAccessible(page, 'the palette')
    await option(page, /Анна Петрова/).click()
    await page.waitForURL('**/console/users/4')
    await ask(page, 'admin@example.com')
    await option(page, /Ольга Смирнова/).waitFor()
    await page.keyboard.press('Escape')
    await ask(page, 'users:read')
    await option(page, 'Who has users:read').click()
    await page.waitForURL(/console\/resources\/\d+\?with=read/)
    await ask(page, '203.0.113.24')
    await option(page, 'Find “203.0.113.24” in the audit').click()
    await page.waitForURL('**/console/audit?address=203.0.113.24')
  })

  test('begins an act with the person who is named, which asks before it is done', async () => {
    const { page } = await world.open({ as: 'superuser', at: '/console/roles' })
    await ask(page, 'deactivate carter')
    await option(page, /Deactivate Emily Carter…/).click()
    const dialog = page.getByRole('dialog', { name: /Emily Carter/ })
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await dialog.waitFor({ state: 'detached' })
    assert.equal(new URL(page.url()).search, '')
    await ask(page, 'carter')
    await option(page, /End all sessions of Emily Carter…/).waitFor()
  })

  /** What is typed in either language, and what it finds in each. */
  const acts: readonly (readonly [en: string, ru: string, found: RegExp])[] = [
    ['new user', 'новый пользователь', /^(New user…|Новый пользователь…)/],
    ['invite', 'пригласить', /^(Invite a person…|Пригласить человека…)/],
    ['import', 'импорт', /^(Import users|Импорт пользователей)/],
    ['new role', 'новая роль', /^(New role…|Новая роль…)/],
    ['new api key', 'новый api-ключ', /^(New API key…|Новый API-ключ…)/],
    ['new rule', 'новое правило', /^(New rule of forward-auth…|Новое правило прокси…)/],
    ['export audit', 'выгрузить журнал', /^(Export the audit|Выгрузить журнал)/],
    ['download people', 'экспорт пользователей', /^(Export users|Выгрузить пользователей)/],
    ['rotate', 'ротация', /^(Rotate the signing keys…|Сменить ключи подписи…)/],
    ['theme', 'тема', /^(Light appearance|Светлое оформление)/],
    ['dark', 'тёмное', /^(Dark appearance|Тёмное оформление)/],
    ['sign-in policy', 'политика', /^(Sign-in policy|Правила входа)/],
    ['everyone', 'выход для всех', /^(End all sessions of all users…|Завершить все сеансы всех)/],
    ['incidents', 'инциденты', /^(Audit: incidents|Журнал: инциденты)/],
    ['yesterday', 'вчера', /^(Audit: yesterday|Журнал: вчера)/],
    ['roles given', 'кто выдал', /^(Audit: roles given|Журнал: выдача)/],
    ['gdpr', 'скачать мои данные', /^(Download my data|Скачать мои данные)/],
    ['security activity', 'события безопасности', /^(My security activity|Мои события безопасности)/],
    ['remembered', 'запомненные', /^(My remembered devices|Мои запомненные устройства)/],
    ['close my account', 'закрыть мою', /^(Close my account|Закрыть мою)/],
    ['swagger', 'документация', /^(API reference: Swagger|Описание API: Swagger)/],
    ['quick start', 'быстрый старт', /^(Quick start|Быстрый старт)/],
    ['log out', 'выйти', /^(Sign out|Выйти)$/],
    ['view as carter', 'посмотреть как carter', /(View as|Посмотреть как) Emily Carter/],
    [
      'reset password carter',
      'сбросить пароль carter',
      /(Reset the password of|Сбросить пароль:) Emily Carter/,
    ],
    ['edit carter', 'изменить carter', /(Edit|Изменить:) Emily Carter…/],
    ['check carter', 'почему carter', /(Access check of|Проверка доступа:) Emily Carter/],
    [
      'audit of carter',
      'журнал пользователя carter',
      /(What Emily Carter did|Действия в журнале: Emily Carter)/,
    ],
  ]

  for (const locale of ['en', 'ru'] as const) {
    test(`finds every act of the interface by the words of both languages, in ${locale}`, async () => {
      const { page } = await world.open({ as: 'superuser', locale, at: '/console/roles' })
      await ask(page, '')
      const field = page.getByRole('combobox')
      for (const [en, ru, found] of acts) {
        for (const typed of [en, ru]) {
          await field.fill(typed)
          await option(page, found).waitFor()
        }
      }
    })
  }

  test('finds people in the other alphabet, and what was typed in the other layout of the keyboard', async () => {
    const { page } = await world.open({ as: 'superuser', at: '/console/roles' })
    await ask(page, 'Anna Petrova')
    const field = page.getByRole('combobox')
    for (const [typed, found] of [
      ['Anna Petrova', /Анна Петрова/],
      ['фттф', /Анна Петрова/],
      ['fyyf', /Анна Петрова/],
      ['Картер', /Emily Carter/],
      ['вуфсешмфеу сфкеук', /Deactivate Emily Carter…/],
      ['вфкл', 'Dark appearance'],
      ['ntvyjt', 'Dark appearance'],
      ['гыукыЖкуфв', 'Who has users:read'],
      ['№4', 'Session 4'],
    ] as const) {
      await field.fill(typed)
      await option(page, found).waitFor()
    }
  })

  test('finds an API key by its prefix, an invitation by its address, and a rule by its host', async () => {
    const { access: token } = await world.login(accounts.superuser)
    const key = await world.call('POST', '/api_keys/', {
      token,
      body: { name: 'Nightly report', permissions: ['users:read'] },
    })
    assert.equal(key.status, 201, JSON.stringify(key.body))
    await world.call('POST', '/invitations/', {
      token,
      body: { email: 'guest.of.palette@example.com', roles: [] },
    })
    await world.call('POST', '/forward_rules/', {
      token,
      body: { host: 'palette.example.com', path: '/*', access: 'public' },
    })
    const { page } = await world.open({ as: 'superuser', at: '/console/roles' })
    await ask(page, key.body.prefix)
    await option(page, /Nightly report/).click()
    await page.waitForURL(`**/console/api-keys/${key.body.id}`)
    await ask(page, 'guest.of.palette')
    await option(page, 'guest.of.palette@example.com').click()
    await page.waitForURL(/console\/invitations\?search=guest/)
    await ask(page, 'palette.example')
    await option(page, /^palette\.example\.com/).click()
    await page.waitForURL(/console\/forward-rules\?search=palette/)
  })

  test('begins «View as» on the page of the person', async () => {
    const { page } = await world.open({ as: 'superuser', at: '/console/roles' })
    await ask(page, 'view as carter')
    await option(page, /View as Emily Carter/).click()
    await page.getByRole('dialog', { name: /Emily Carter/ }).waitFor()
    assert.equal(new URL(page.url()).search, '')
  })

  test('offers nobody what they may not do', async () => {
    const { page } = await world.open({ as: 'admin', at: '/console/users' })
    await ask(page, 'new')
    await option(page, 'New user…').waitFor()
    assert.equal(await page.getByRole('option', { name: 'New API key…' }).count(), 0)
  })
})

describe('the help of the keys', () => {
  test('opens on «?», but not in a field, and names the pages that one may see', async () => {
    const { page } = await world.open({ as: 'admin', at: '/console/users' })
    await page.getByRole('searchbox').fill('')
    await page.keyboard.type('?')
    assert.equal(await page.getByRole('dialog').count(), 0)
    await page.getByRole('searchbox').fill('')
    await page.getByRole('heading', { name: 'Users' }).click()
    await page.keyboard.type('?')
    const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
    await help.getByText('Search, go to a page, run a command').waitFor()
    await assertAccessible(page, 'the help of the keys')
    assert.equal(await help.getByText('API keys').count(), 0)
    await page.keyboard.press('Escape')
    await help.waitFor({ state: 'detached' })
  })
})
