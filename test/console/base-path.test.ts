import assert from 'node:assert/strict'
import { after, describe, it } from 'node:test'
import { seedDemo } from '../../server/src/demo/index.ts'
import { launchBrowser } from '../support/browser.ts'
import { startPathProxy } from '../support/path-proxy.ts'
import { testWorld } from '../support/world.ts'
import { accounts, openPage, settled } from './support/console-world.ts'

const browser = await launchBrowser()
after(() => browser.close())

for (const handling of ['strips', 'keeps'] as const) {
  describe(`a server below a path of its host, behind a proxy that ${handling} it`, async () => {
    let address = ''
    const proxy = await startPathProxy('/auth', () => address, handling)
    const base = `${proxy.origin}/auth`
    const world = await testWorld({ env: { PROPUSK_PUBLIC_URL: base } })
    await seedDemo(world.core)
    address = await world.server.app.listen({ host: '127.0.0.1', port: 0 })
    after(() => proxy.close())

    it('leads a browser at its root to the console', async () => {
      for (const url of [base, `${base}/`]) {
        const answer = await fetch(url, { headers: { accept: 'text/html' }, redirect: 'manual' })
        assert.deepEqual([answer.status, answer.headers.get('location')], [302, '/auth/console/'])
      }
    })

    it('gives links to further pages of a list that work as they are', async () => {
      const { access } = await world.login(accounts.superuser)
      const headers = { authorization: `Bearer ${access}` }
      const read = async (path: string) => {
        const answer = await fetch(new URL(path, proxy.origin), { headers })
        assert.equal(answer.status, 200, path)
        return (await answer.json()) as {
          next: string | null
          previous: string | null
          results: { id: number }[]
        }
      }
      const first = await read('/auth/api/auth/users/?limit=2')
      assert.match(first.next ?? '', /^\/auth\/api\/auth\/users\/\?limit=2&cursor=/)
      const second = await read(first.next!)
      assert.notDeepEqual(second.results, first.results)
      assert.deepEqual((await read(second.previous!)).results, first.results)
    })

    it('says in its documents where it is', async () => {
      const document = await (await fetch(`${base}/openapi.json`)).json()
      assert.deepEqual(
        document.servers.map(({ url }: { url: string }) => url),
        ['/auth'],
      )
      const { keys } = await (await fetch(`${base}/.well-known/jwks.json`)).json()
      assert.ok(keys.length > 0)
    })

    for (const path of ['/swagger/', '/redoc/']) {
      it(`shows ${path} without a question to another path of the host`, async () => {
        const { page, complaints } = await openPage(browser, base)
        await page.goto(`${base}${path}`)
        await page.getByText('Propusk', { exact: false }).first().waitFor()
        assert.deepEqual(complaints, [])
      })
    }

    it('signs a person in, keeps the session over a reload, and leads through the console', async () => {
      const { page, complaints, context, go, signIn } = await openPage(browser, base)
      await go('/console/users')
      assert.match(page.url(), /\/auth\/account\/sign-in/)
      await signIn(accounts.superuser)
      assert.equal(new URL(page.url()).pathname, '/auth/console/users')
      await page.reload()
      await settled(page)
      assert.equal(new URL(page.url()).pathname, '/auth/console/users')
      await page.locator('a[href="/auth/console/roles"]').first().click()
      await settled(page)
      assert.equal(new URL(page.url()).pathname, '/auth/console/roles')
      const cookies = (await context.cookies()).map(({ name, path }) => `${name} ${path}`)
      assert.deepEqual(cookies.sort(), ['__Host-propusk /', '__Host-propusk-device /'])
      assert.deepEqual(complaints, [])
    })
  })
}
