import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import { promisify } from 'node:util'
import { snippets } from '../../console/src/screens/start/snippets.ts'
import { accounts, assertAccessible, consoleWorld, settled } from './support/console-world.ts'

const world = await consoleWorld()
const run = promisify(execFile)
const codeOf = (id: string) => snippets.find(snippet => snippet.id === id)!.code({ url: world.address })

describe('the quick start', () => {
  test('has the address of this server in its code, and leads to the documents of the API', async () => {
    const { page, context, complaints } = await world.open({ as: 'superuser', at: '/console/start' })
    await context.grantPermissions(['clipboard-read', 'clipboard-write'])
    const metadata = await context.request.get(`${world.address}/.well-known/oauth-authorization-server`)
    const { issuer } = await metadata.json()
    await page.getByText(`issuer: '${issuer}'`).waitFor()
    await settled(page)
    await assertAccessible(page, 'the quick start')
    await page.getByText('Python', { exact: true }).click()
    await page.getByRole('button', { name: 'Copy', exact: true }).click()
    const copied = await page.evaluate(() => navigator.clipboard.readText())
    assert.match(copied, new RegExp(`"${issuer}/api/auth/access/check/"`))
    for (const name of ['Swagger', 'ReDoc', 'openapi.json']) {
      const href = await page.getByRole('link', { name }).getAttribute('href')
      assert.equal((await context.request.get(`${world.address}${href}`)).status(), 200, name)
    }
    assert.deepEqual(complaints, [])
  })

  test('is whole in Russian, in the dark and on a phone', async () => {
    const { page, complaints } = await world.open({
      as: 'superuser',
      locale: 'ru',
      scheme: 'dark',
      width: 360,
      height: 740,
      at: '/console/start',
    })
    await page.getByRole('heading', { name: 'Быстрый старт' }).waitFor()
    await assertAccessible(page, 'the quick start on a phone')
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth), false)
    assert.deepEqual(complaints, [])
  })

  test('has code of the shell that works as it stands', async () => {
    const { email, password } = accounts.user
    const code = codeOf('curl').replace('you@example.com', email).replace('"…"', `"${password}"`)
    const { stdout } = await run('sh', ['-c', code])
    assert.deepEqual(JSON.parse(stdout).results, [{ resource: 'notes', action: 'read', allowed: false }])
  })

  test('has code of Python that works as it stands', async () => {
    const { email, password } = accounts.user
    const { body } = await world.call('POST', '/login/', { body: { email, password } })
    const program = codeOf('python')
      .replace('Bearer …', `Bearer ${body.access}`)
      .replace('"notes", "read"', '"documents", "read"')
    assert.equal((await run('python3', ['-c', program])).stdout, '200\n')
    assert.equal((await run('python3', ['-c', codeOf('python').replace('…', 'x')])).stdout, '401\n')
  })

  test('has code of Node.js that is that of the document, which its own test runs', async () => {
    const document = await readFile(new URL('../../docs/protect-your-api.md', import.meta.url), 'utf8')
    const lines = codeOf('node').split('\n')
    const body = lines.slice(lines.findIndex(line => line.startsWith('const app')))
    assert.ok(document.includes(body.join('\n').trim()))
  })
})
