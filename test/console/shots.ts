import { mkdir, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { capture } from './support/capture.ts'
import { type ConsolePage, consoleWorld, type Locale, settled } from './support/console-world.ts'
import { walkOfNewcomer } from './support/newcomer.ts'

/** Makes the pictures of docs/screens/ from the demo, each named after what it shows. `npm run shots` */
const folder = fileURLToPath(new URL('../../docs/screens/', import.meta.url))

async function shoot(page: Page, name: string): Promise<void> {
  const bytes = await capture(page)
  await writeFile(`${folder}${name}.webp`, bytes)
  console.log(`${name}.webp, ${Math.round(bytes.length / 1024)} KB`)
}

interface Shot {
  readonly name: string
  readonly path: string
  /** Done before the picture is taken. */
  act?(page: Page): Promise<void>
}

const cell = (page: Page, name: RegExp) => page.getByRole('gridcell', { name }).click()

const shots: readonly Shot[] = [
  { name: 'overview', path: '/console' },
  { name: 'users', path: '/console/users' },
  { name: 'user', path: '/console/users/4' },
  {
    name: 'matrix',
    path: '/console/matrix?resource=documents',
    async act(page) {
      await cell(page, /^Supervisor: documents:delete/)
      await cell(page, /^User: documents:create/)
      await cell(page, /^Supervisor: documents:export/)
      await page.getByText(/gain/).first().waitFor()
    },
  },
  { name: 'role', path: '/console/roles/2' },
  { name: 'try-it', path: '/console/try?user=4&resource=documents&action=approve' },
  { name: 'sessions', path: '/console/sessions' },
  { name: 'audit', path: '/console/audit' },
  { name: 'settings', path: '/console/settings' },
  { name: 'devices', path: '/account/devices' },
  { name: 'factors', path: '/account/factors' },
  {
    name: 'palette',
    path: '/console/users',
    async act(page) {
      await page.keyboard.press('Control+k')
      // Read when it is first wanted: what is typed before that is lost.
      await page.getByRole('combobox', { name: /^A person, a role/ }).fill('carter')
      await page.getByRole('group', { name: 'People' }).getByRole('option').first().waitFor()
    },
  },
]

await mkdir(folder, { recursive: true })
const world = await consoleWorld()

async function series(opened: ConsolePage, wanted: readonly Shot[], ending = ''): Promise<void> {
  for (const { name, path, act } of wanted) {
    await opened.go(path)
    await act?.(opened.page)
    await settled(opened.page)
    await shoot(opened.page, `${name}${ending}`)
  }
  await opened.context.close()
}

const named = (...names: string[]) => shots.filter(({ name }) => names.includes(name))
const russian: Locale = 'ru'

const signedOut = await world.open()
await signedOut.go('/account/sign-in')
await shoot(signedOut.page, 'sign-in')
await series(await world.open({ as: 'superuser' }), shots)
await series(
  await world.open({ as: 'superuser', locale: russian, scheme: 'dark' }),
  named('overview', 'user', 'try-it'),
  '-ru-dark',
)
await series(
  await world.open({ as: 'superuser', width: 360, height: 740 }),
  named('overview', 'users'),
  '-narrow',
)
const newcomer = await world.open({ as: 'superuser', at: '/console' })
await walkOfNewcomer(newcomer.page, name => shoot(newcomer.page, name))
await newcomer.context.close()
await world.browser.close()
await world.close()
