import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { signIn } from '../../examples/support/demo-api.ts'
import { pathTricks } from '../forward-auth/support/path-tricks.ts'
import { rawGet } from '../forward-auth/support/raw-request.ts'
import { lacksNginx, nginxSite, ordinary } from '../support/nginx-site.ts'

describe('the static site behind nginx', { skip: lacksNginx }, () => {
  const site = nginxSite()
  const ask = (path: string, headers: readonly string[] = []) =>
    rawGet(site.port, path, { host: 'site.propusk.localhost', headers, isTls: true })

  it('is not reached by any spelling of a path, nor by headers that say another path or identity', async () => {
    const { access } = await signIn(site.demoUrl, ordinary)
    const bearer = `Authorization: Bearer ${access}`
    const own = (trick: string) =>
      trick.replaceAll('admin/secret.txt', 'reports/2026.html').replaceAll('admin', 'reports')
    assert.equal((await ask('/reports/2026.html', [bearer])).status, 403)
    for (const trick of pathTricks.filter(each => !each.startsWith('http:')).map(own)) {
      const { status, text } = await ask(trick, [bearer])
      assert.ok(status === 403 || status === 400, `${JSON.stringify(trick)}: ${status}`)
      assert.doesNotMatch(text, /Only holders/)
    }
    for (const trick of ['/Reports/2026.html', '/REPORTS/2026.html']) {
      assert.equal((await ask(trick, [bearer])).status, 403)
    }
    const forged = [
      'X-Original-URI: /open/',
      'X-Original-Method: GET',
      'X-Forwarded-Uri: /open/',
      'X-Propusk-User-Id: 1',
    ]
    for (const header of [
      ...forged,
      'X-Propusk-Sign-In: https://example.com/',
      'X-Propusk-Roles: report_reader',
    ]) {
      const { status, text } = await ask('/reports/2026.html', [header])
      assert.equal(status, 401, header)
      assert.doesNotMatch(text, /example\.com/)
    }
    assert.equal((await ask('/__propusk/forward', [bearer])).status, 404)
  })

  it('is asked about by nginx alone', async () => {
    for (const path of [
      '/api/auth/access/forward/?proxy=nginx',
      '/api/auth/access/forward?proxy=nginx',
      '//api/auth/access/forward/?proxy=nginx',
      '/api/auth/%61ccess/forward/?proxy=nginx',
      '/api/auth/x/../access/forward/?proxy=nginx',
    ]) {
      const headers = ['X-Original-URI: /open/', 'X-Original-Method: GET']
      const { status } = await rawGet(site.port, path, {
        host: 'auth.propusk.localhost',
        headers,
        isTls: true,
      })
      assert.equal(status, 404, path)
    }
    assert.equal((await rawGet(site.port, '/', { host: 'other.propusk.localhost', isTls: true })).status, 421)
  })

  it('is asked about again for what a browser has kept', async () => {
    const { access } = await signIn(site.demoUrl, ordinary)
    const bearer = `Authorization: Bearer ${access}`
    const { text } = await ask('/', [bearer])
    assert.match(text, /\r\nCache-Control: private, no-cache\r\n/)
    const kept = `If-None-Match: ${/\r\nETag: ([^\r]+)/.exec(text)?.[1]}`
    assert.equal((await ask('/', [bearer, kept])).status, 304)
    assert.equal((await ask('/', [kept])).status, 401)
  })
})
