import assert from 'node:assert/strict'
import { after, afterEach } from 'node:test'
import axe from 'axe-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { demoAccounts, seedDemo } from '../../../server/src/demo/index.ts'
import type { MailTransport } from '../../../server/src/mail/index.ts'
import { launchBrowser } from '../../support/browser.ts'
import { build } from '../../support/build.ts'
import { browserHeaders } from '../../support/sample-requests.ts'
import { testWorld, type World } from '../../support/world.ts'

await build('console')

export type Locale = 'en' | 'ru'
type Who = 'superuser' | 'admin' | 'supervisor' | 'user'

/** The demo's accounts, in the order in which it prints them. */
const [superuser, admin, supervisor, user] = demoAccounts
export const accounts = { superuser, admin, supervisor, user } as Record<
  Who,
  { readonly email: string; readonly password: string }
>

export interface ConsoleWorld extends World {
  readonly address: string
  readonly browser: Browser
  /** A browser of its own, with its own cookies: another device, or another person. */
  open(options?: OpenOptions): Promise<ConsolePage>
}

interface OpenOptions {
  readonly locale?: Locale
  readonly width?: number
  readonly height?: number
  readonly scheme?: 'light' | 'dark'
  /** Signed in already, before any page is shown: by the call that the page of the door makes. */
  readonly as?: Who | { readonly email: string; readonly password: string }
  /** The page that is open then; none, where it is left out. */
  readonly at?: string
}

export interface ConsolePage {
  readonly page: Page
  readonly context: BrowserContext
  /** What went wrong in the page so far: errors, warnings, breaches of its policy, questions to other hosts. */
  readonly complaints: string[]
  go(path: string): Promise<void>
  signIn(account: { readonly email: string; readonly password: string }): Promise<void>
}

/** The demo in a server of its own, its address, and a real browser; closed after the test file. */
export async function consoleWorld(
  env: Record<string, string> = {},
  mail?: MailTransport,
): Promise<ConsoleWorld> {
  const world = await testWorld({ env: { PROPUSK_LIMIT_REGISTRATION: 'off', ...env }, ...(mail && { mail }) })
  await seedDemo(world.core)
  const address = await world.server.app.listen({ host: '127.0.0.1', port: 0 })
  const browser = await launchBrowser()
  // A page that nobody looks at any more still listens, counts its minutes and draws.
  afterEach(() => Promise.all(browser.contexts().map(context => context.close())))
  after(() => browser.close())
  return { ...world, address, browser, open: options => openPage(browser, address, options) }
}

/** A browser of its own on the server at `address`. */
export async function openPage(
  browser: Browser,
  address: string,
  options: OpenOptions = {},
): Promise<ConsolePage> {
  const { locale = 'en', width = 1440, height = 900, scheme = 'light', as, at } = options
  const context = await browser.newContext({
    locale: locale === 'ru' ? 'ru-RU' : 'en-GB',
    timezoneId: 'Europe/Moscow',
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  page.setDefaultTimeout(Number(process.env.PAGE_TIMEOUT_MS ?? 60_000))
  const complaints: string[] = []
  page.on('request', request => {
    const url = request.url()
    if (!url.startsWith(address) && !/^(?:data|blob):/.test(url)) complaints.push(`asked ${url}`)
  })
  page.on('console', entry => {
    // A rejection is an answer that pages expect: the browser prints a line about each all the same.
    const isRejection = /Failed to load resource: the server responded with a status of (?:4\d\d|503)/.test(
      entry.text(),
    )
    if (['error', 'warning'].includes(entry.type()) && !isRejection) complaints.push(entry.text())
  })
  page.on('pageerror', error => complaints.push(error.stack ?? error.message))

  const go = async (path: string) => {
    await page.goto(`${address}${path}`)
    await settled(page)
  }
  const signIn: ConsolePage['signIn'] = async ({ email, password }) => {
    await page.locator('input[autocomplete~=username]').fill(email)
    await page.locator('input[autocomplete=current-password]').fill(password)
    await page.locator('button[type=submit]').click()
    await page.waitForURL(url => !url.pathname.startsWith('/account/sign-in'))
    await settled(page)
  }
  if (as !== undefined) {
    const { email, password } = typeof as === 'string' ? accounts[as] : as
    const answer = await context.request.post(`${address}/api/auth/browser/login/`, {
      data: { email, password },
      headers: browserHeaders(),
    })
    assert.equal(answer.status(), 200, await answer.text())
  }
  if (at !== undefined) await go(at)
  return { page, context, complaints, go, signIn }
}

/** For so long nothing may be on its way: what one answer brings may ask for the next. */
const restMs = 250

/**
 * Waits until the page is there, nothing is loading any more, fonts included, and for a moment nothing begins to. While a
 * part of the page is read there is no `main`, or nothing in it. The stream of events stays open, so the network never rests.
 */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(() => Object.assign(globalThis, { quietSince: undefined }))
  await page.waitForFunction(rest => {
    const memory = globalThis as unknown as { quietSince: number | undefined }
    const busy = '[aria-busy=true], [data-stale], .mantine-Loader-root, .mantine-Skeleton-root'
    const isQuiet =
      document.fonts.status === 'loaded' &&
      document.querySelector('main > :not(style)') !== null &&
      document.querySelector(busy) === null
    memory.quietSince = isQuiet ? (memory.quietSince ?? performance.now()) : undefined
    return memory.quietSince !== undefined && performance.now() - memory.quietSince >= rest
  }, restMs)
}

/** Every violation of WCAG 2.2 A and AA, and of axe's own best practices, that the page has as it stands. */
export async function findViolations(page: Page): Promise<readonly string[]> {
  // What has not been drawn yet cannot be judged.
  await page.locator('main').first().waitFor({ state: 'attached' })
  // By the debugger's own channel: the page's policy runs no script that is not the server's.
  await page.evaluate(axe.source)
  const { violations } = await page.evaluate(async () => {
    const run = (globalThis as unknown as { axe: typeof axe }).axe.run
    return await run(document, { resultTypes: ['violations'] })
  })
  return violations.map(
    ({ id, help, nodes }) =>
      `${id}: ${help}\n${nodes.map(node => `  ${node.html.slice(0, 200)} (${node.failureSummary})`).join('\n')}`,
  )
}

/** Fails with every violation that `findViolations` finds. */
export async function assertAccessible(page: Page, what: string): Promise<void> {
  const found = await findViolations(page)
  assert.deepEqual(found, [], `${what}:\n${found.join('\n')}`)
}
