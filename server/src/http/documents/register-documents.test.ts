import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { testApp } from '../testing/test-app.ts'

const pages = [
  '/openapi.json',
  '/swagger/',
  '/redoc/',
  '/swagger/static/swagger-initializer.js',
  '/redoc/redoc.standalone.js',
]

describe('the documents', () => {
  it('are there for everyone when the settings say on', async () => {
    const { app } = testApp()
    for (const url of pages) assert.equal((await app.inject({ url })).statusCode, 200, url)
  })

  it('do not exist when the settings say off', async () => {
    const { app } = testApp({ docs: 'off' })
    for (const url of pages) assert.equal((await app.inject({ url })).statusCode, 404, url)
  })

  it('are for staff only when the settings say so', async () => {
    const { app } = testApp({ docs: 'staff' })
    const statusFor = async (url: string, authorization?: string) =>
      (await app.inject({ url, headers: authorization === undefined ? {} : { authorization } })).statusCode
    for (const url of pages) {
      assert.equal(await statusFor(url), 401, url)
      assert.equal(await statusFor(url, 'Bearer old'), 401, url)
      assert.equal(await statusFor(url, 'Bearer weak'), 403, url)
      assert.equal(await statusFor(url, 'Bearer good'), 200, url)
    }
  })

  it('show files of the map and nothing else of the packages', async () => {
    const { app } = testApp()
    const others = [
      '/swagger/package.json',
      '/swagger/%2e%2e/package.json',
      '/swagger/..%2fpackage.json',
      '/redoc/redoc.lib.js',
    ]
    for (const url of others) assert.equal((await app.inject({ url })).statusCode, 404, url)
  })

  it('answer 400 to a path that is none', async () => {
    const { app } = testApp()
    for (const url of ['/swagger/%00', '/swagger/static/%00.css']) {
      const answer = await app.inject({ url })
      assert.ok([400, 404].includes(answer.statusCode), `${url} ${answer.statusCode}`)
    }
  })

  it('load nothing from another host and run no inline script', async () => {
    const { app } = testApp()
    for (const url of ['/swagger/', '/swagger', '/redoc/', '/redoc']) {
      const { body, headers } = await app.inject({ url })
      const policy = String(headers['content-security-policy'])
      assert.match(policy, /script-src 'self';/)
      assert.doesNotMatch(policy, /https?:|\*|unsafe-eval/)
      assert.doesNotMatch(body, /https?:\/\//)
      assert.doesNotMatch(body, /<script>|<script [^>]*>\s*[^<\s]|\son\w+=/)
    }
    const { body } = await app.inject('/redoc/redoc.standalone.js')
    assert.doesNotMatch(body, /cdn\.redoc/)
  })

  it('link to their files from either spelling of their address', async () => {
    const { app } = testApp()
    for (const page of ['/swagger/', '/swagger', '/redoc/', '/redoc']) {
      const { body } = await app.inject(page)
      const links = [...body.matchAll(/(?:src|href|data-document)="([^"]+)"/g)].map(match => match[1]!)
      for (const link of links.filter(each => !each.startsWith('data:'))) {
        const { pathname } = new URL(link, `http://localhost${page}`)
        assert.equal((await app.inject(pathname)).statusCode, 200, `${page} ${link}`)
      }
    }
  })

  it('are not sent again to who has them', async () => {
    const { app } = testApp()
    for (const url of pages) {
      const { headers } = await app.inject({ url })
      for (const tag of [headers.etag, `W/${headers.etag}`]) {
        const again = await app.inject({ url, headers: { 'if-none-match': String(tag) } })
        assert.equal(again.statusCode, 304, url)
        assert.equal(again.body, '')
      }
      assert.equal((await app.inject({ url, headers: { 'if-none-match': '"other"' } })).statusCode, 200)
    }
  })
})
