import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { asSuperuser } from '../../examples/support/demo-api.ts'
import { installExample } from '../../examples/support/install-example.ts'
import { prepareNotes } from '../../examples/support/prepare-notes.ts'
import { type Started, startDemo, startExample } from '../../examples/support/start.ts'
import { launchBrowser } from '../support/browser.ts'
import { build } from '../support/build.ts'
import { eventually } from '../support/eventually.ts'
import { freePort } from '../support/free-port.ts'

const compiler = join(import.meta.dirname, '../../node_modules/typescript/bin/tsc')
const folder = mkdtempSync(join(tmpdir(), 'propusk-spa-'))
after(() => rmSync(folder, { recursive: true, force: true }))

const author = { email: 'user@example.com', password: 'user-demo' }
const editor = { email: 'supervisor@example.com', password: 'supervisor-demo' }

describe('the single-page app', () => {
  let demo: Started
  let example: Started
  let browser: Browser
  const faults: string[] = []
  before(async () => {
    await build('console', 'server')
    const port = await freePort()
    const cors = { PROPUSK_CORS_ORIGINS: `http://127.0.0.1:${port}` }
    demo = await startDemo(join(folder, 'demo'), await freePort(), cors)
    const key = await prepareNotes(demo.url)
    const installed = await installExample('spa', join(folder, 'spa'))
    example = await startExample(installed, { issuer: demo.url, key, port })
    browser = await launchBrowser()
  })
  after(async () => {
    await browser?.close()
    await example?.stop()
    await demo?.stop()
  })

  async function open(context: BrowserContext): Promise<Page> {
    const page = await context.newPage()
    page.on('pageerror', error => faults.push(String(error)))
    await page.goto(example.url)
    return page
  }

  async function signIn(page: Page, { email, password }: typeof author): Promise<void> {
    await page.getByLabel('Email').fill(email)
    await page.getByLabel('Password').fill(password)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText(email).waitFor()
  }

  it('compiles with the types of the packed libraries', () => {
    const project = join(folder, 'spa/tsconfig.json')
    writeFileSync(project, JSON.stringify({ compilerOptions }))
    execFileSync(process.execPath, [compiler, '--noEmit', '-p', project], { stdio: 'inherit' })
  })

  it('lets its visitors do what their roles permit, and says what they may not', async () => {
    const context = await browser.newContext()
    const page = await open(context)
    await page.getByLabel('Email').fill(author.email)
    await page.getByLabel('Password').fill('wrong')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page
      .getByText(/password/i)
      .and(page.getByRole('alert'))
      .waitFor()
    await signIn(page, author)
    await page.getByLabel('New note').fill('<b>Call Ann</b>')
    await page.getByRole('button', { name: 'Add' }).click()
    const note = page.getByRole('listitem').filter({ hasText: '<b>Call Ann</b>' })
    await note.getByRole('button', { name: 'Approve' }).click()
    await page.getByRole('alert').filter({ hasText: /\S/ }).waitFor()

    const other = await open(await browser.newContext())
    await signIn(other, editor)
    await other.getByRole('listitem').filter({ hasText: 'Call Ann' }).getByRole('button').click()
    await other.getByText('(approved)').waitFor()
    await other.context().close()
    await context.close()
  })

  it('is signed in after a reload, and in and out in all tabs at once', async () => {
    const context = await browser.newContext()
    const [one, two] = [await open(context), await open(context)]
    await signIn(one, author)
    await two.getByText(author.email).waitFor()
    await two.reload()
    await two.getByText('Buy milk').waitFor()
    await two.getByRole('button', { name: 'Sign out' }).click()
    for (const page of [one, two]) await page.getByRole('button', { name: 'Sign in' }).waitFor()
    assert.equal(await one.evaluate(() => localStorage.length), 0)
    await context.close()
  })

  it('shows the sign-in again once an administrator has ended the session', async () => {
    const context = await browser.newContext()
    const page = await open(context)
    await signIn(page, author)
    const ask = await asSuperuser(demo.url)
    const { results } = await ask('GET', `/users/?search=${author.email}`)
    await ask('POST', `/token/revoke_all/${results[0].id}/`)
    await page.getByLabel('New note').fill('Too late')
    // The API of the example hears of it within moments, without a call to the server.
    const isOut = async () => {
      const add = page.getByRole('button', { name: 'Add' })
      await add.click({ timeout: 500 }).catch(() => undefined)
      return await page.getByRole('button', { name: 'Sign in' }).isVisible()
    }
    assert.ok(await eventually(isOut))
    assert.deepEqual(faults, [])
    await context.close()
  })
})

const compilerOptions = {
  target: 'es2023',
  module: 'nodenext',
  strict: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  noEmit: true,
  types: ['node'],
}
