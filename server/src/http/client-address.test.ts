import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ClientAddress, type UnreadableEntry } from './client-address.ts'

const asked = (remoteAddress: string | undefined, headers: Record<string, string> = {}) =>
  ({ socket: { remoteAddress }, headers }) as unknown as Parameters<ClientAddress['addressOf']>[0]

const from = (proxies: readonly string[] | false, remote: string | undefined, forwarded?: string) =>
  new ClientAddress(proxies).addressOf(
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

describe('an entry of X-Forwarded-For with a port', () => {
  const proxies = ['10.0.0.0/24', '2001:db8:ffff::/48']
  for (const [forwarded, address] of [
    ['203.0.113.7:51234', '203.0.113.7'],
    ['198.51.100.1:1, 203.0.113.7:51234', '203.0.113.7'],
    ['203.0.113.7:51234, 10.0.0.2:443', '203.0.113.7'],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['[2001:DB8:0::1]', '2001:db8::1'],
    ['[2001:db8::1]:443, [2001:db8:ffff::9]:8443', '2001:db8::1'],
    ['[::ffff:203.0.113.7]:443', '203.0.113.7'],
    ['[fe80::1%eth0]:443', 'fe80::1'],
    ['2001:db8::1:443', '2001:db8::1:443'],
  ] as const) {
    it(`${forwarded} is ${address}`, () => assert.equal(from(proxies, '10.0.0.9', forwarded), address))
  }
})

describe('an entry of X-Forwarded-For that is no address', () => {
  for (const entry of [
    'unknown',
    '_hidden',
    '203.0.113.7:',
    '203.0.113.7:123456',
    '203.0.113.7:http',
    '[203.0.113.7]:443',
    '[2001:db8::1',
    '[2001:db8::1]443',
    '[]:443',
    ':443',
    '203.0.113.07',
    '0xcb.0.113.7',
    '3405803783',
    '203.0.113.7/32',
    'for=203.0.113.7',
  ]) {
    it(`counts as the proxy that the socket shows: ${entry}`, () => {
      assert.equal(from(['10.0.0.9'], '10.0.0.9', entry), '10.0.0.9')
    })
  }

  it('of a trusted proxy is reported once, short and printable', () => {
    const reported: UnreadableEntry[] = []
    const clients = new ClientAddress(['10.0.0.0/24'], unreadable => reported.push(unreadable))
    const forwarded = { 'x-forwarded-for': `\u001b[2J${'x'.repeat(5000)}, 10.0.0.2:443` }
    for (let request = 0; request < 3; request++) {
      assert.equal(clients.addressOf(asked('10.0.0.9', forwarded)), '10.0.0.9')
    }
    assert.deepEqual(reported, [{ entry: `?[2J${'x'.repeat(56)}`, proxy: '10.0.0.2' }])
  })

  it('is not reported where no trusted proxy sent it', () => {
    const reported: UnreadableEntry[] = []
    const clients = new ClientAddress(['10.0.0.0/24'], unreadable => reported.push(unreadable))
    clients.addressOf(asked('203.0.113.5', { 'x-forwarded-for': 'nonsense' }))
    clients.addressOf(asked('10.0.0.9', { 'x-forwarded-for': 'nonsense, 203.0.113.5' }))
    clients.addressOf(asked('10.0.0.9', { 'x-forwarded-for': ' , ' }))
    clients.addressOf(asked('10.0.0.9'))
    assert.deepEqual(reported, [])
  })
})

describe('the host that a browser asked', () => {
  const headers = { host: 'a.example', 'x-forwarded-host': 'b.example', 'x-forwarded-proto': 'http, https' }

  it('is that of the request, unless a proxy that is trusted says another', () => {
    assert.equal(new ClientAddress(false).hostOf(asked('10.0.0.9', headers)), 'http://a.example')
    assert.equal(new ClientAddress(['10.0.0.8']).hostOf(asked('10.0.0.9', headers)), 'http://a.example')
    assert.equal(new ClientAddress(['10.0.0.9']).hostOf(asked('10.0.0.9', headers)), 'https://b.example')
    assert.equal(
      new ClientAddress(['10.0.0.9']).hostOf(asked('10.0.0.9', { host: 'a.example' })),
      'http://a.example',
    )
  })
})
