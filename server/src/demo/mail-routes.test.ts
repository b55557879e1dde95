import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { testWorld } from '../../../test/support/world.ts'
import { createMailCatcher } from '../mail/index.ts'
import { mailRoutes } from './mail-routes.ts'

describe('the mails of the demo', () => {
  it('are listed and read as pages, and the HTML only within a frame without scripts', async () => {
    const mail = createMailCatcher()
    const world = await testWorld({ mail, apis: () => [{ basePath: '', routes: mailRoutes(mail) }] })
    const page = (url: string) => world.inject({ method: 'GET', url })
    assert.match((await page('/console/mail/')).payload, /None yet/)

    const { email } = await world.register()
    await world.call('POST', '/password/reset/request/', { body: { email } })
    await world.server.mail!.sendDue()
    const list = await page('/console/mail/')
    assert.match(list.payload, /<a href="2\/">Set a new password for Propusk<\/a>/)
    assert.match(String(list.headers['content-security-policy']), /default-src 'none'/)

    const read = await page('/console/mail/2/')
    const [, link = ''] =
      /<a href="(http:\/\/localhost:8000\/account\/reset#t=[\w.-]+)"/.exec(read.payload) ?? []
    assert.ok(link)
    const token = link.split('#t=')[1]
    const reset = { token, password: 'a newer staple', password2: 'a newer staple' }
    assert.equal((await world.call('POST', '/password/reset/', { body: reset })).status, 204)

    const html = await page('/console/mail/2/html/')
    assert.ok(html.payload.includes(link))
    assert.match(
      String(html.headers['content-security-policy']),
      /frame-ancestors 'self'.*sandbox allow-popups/,
    )
    assert.equal((await page('/console/mail/3/')).statusCode, 404)
  })

  it('are nowhere but in the demo', async () => {
    const world = await testWorld({ mail: createMailCatcher() })
    const { email } = await world.register()
    await world.call('POST', '/password/reset/request/', { body: { email } })
    await world.server.mail!.sendDue()
    for (const url of ['/console/mail/', '/console/mail/2/', '/console/mail/2/html/']) {
      const answer = await world.inject({ method: 'GET', url })
      assert.ok(!answer.payload.includes('password for Propusk'), url)
    }
    assert.ok(!world.server.app.routes.some(({ route }) => route.operationId === 'listCaughtMails'))
  })
})
