import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { createPeer } from './peer.ts'

const asked = (remoteAddress: string | undefined, headers: Record<string, string> = {}) =>
  ({ socket: { remoteAddress }, headers }) as unknown as Parameters<
    ReturnType<typeof createPeer>['addressOf']
  >[0]

const from = (proxies: readonly string[] | false, remote: string | undefined, forwarded?: string) =>
  createPeer(proxies).addressOf(
    asked(remote, forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }),
  )

describe('the address of a client', () => {
  it('is the socket’s where no proxy is trusted, or another one', () => {
    assert.equal(from(false, '10.0.0.9', '203.0.113.5'), '10.0.0.9')
    assert.equal(from(['10.0.0.8'], '10.0.0.9', '203.0.113.5'), '10.0.0.9')
    assert.equal(from(['10.0.0.9'], '10.0.0.9'), '10.0.0.9')
    assert.equal(from(['10.0.0.9'], '10.0.0.9', ' , '), '10.0.0.9')
    assert.equal(from(false, undefined), '')
  })

  it('is read from the right, and no further than the first that is not trusted', () => {
    const proxies = ['10.0.0.0/24', '192.0.2.1']
    assert.equal(from(proxies, '10.0.0.9', '198.51.100.1, 203.0.113.5'), '203.0.113.5')
    assert.equal(from(proxies, '10.0.0.9', '198.51.100.1, 203.0.113.5, 192.0.2.1'), '203.0.113.5')
    assert.equal(from(proxies, '10.0.0.9', '10.0.0.3,10.0.0.2'), '10.0.0.3')
    assert.equal(from(proxies, '10.0.0.9', '10.0.0.1, nonsense, 10.0.0.2'), '10.0.0.9')
  })

  it('is judged and given in one spelling', () => {
    assert.equal(from(['10.0.0.9'], '::ffff:10.0.0.9', '203.0.113.5'), '203.0.113.5')
    assert.equal(from(['2001:db8::/32'], '2001:DB8::1', '2001:db9:0::1'), '2001:db9::1')
    assert.equal(from(['fe80::/10'], 'fe80::1%eth0', '203.0.113.5'), '203.0.113.5')
  })
})

describe('the host that a browser asked', () => {
  const headers = { host: 'a.example', 'x-forwarded-host': 'b.example', 'x-forwarded-proto': 'http, https' }

  it('is that of the request, unless a proxy that is trusted says another', () => {
    assert.equal(createPeer(false).hostOf(asked('10.0.0.9', headers)), 'http://a.example')
    assert.equal(createPeer(['10.0.0.8']).hostOf(asked('10.0.0.9', headers)), 'http://a.example')
    assert.equal(createPeer(['10.0.0.9']).hostOf(asked('10.0.0.9', headers)), 'https://b.example')
    assert.equal(
      createPeer(['10.0.0.9']).hostOf(asked('10.0.0.9', { host: 'a.example' })),
      'http://a.example',
    )
  })
})
