import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { readReturnAddress, signInAddress } from './return-address.ts'

const domain = 'example.org'

/** Addresses that lead, or that some reader takes to lead, out of the domain or to a plain connection. */
const refused: readonly string[] = [
  'http://app.example.org/',
  'ftp://app.example.org/',
  'javascript:alert(1)',
  'data:text/html,x',
  '//app.example.org/',
  '/reports',
  'app.example.org',
  'https:app.example.org',
  'https:/app.example.org',
  'https:///app.example.org/',
  'https:\\\\app.example.org/',
  'https://app.example.org\\@evil.net/',
  'https://evil.net\\.example.org/',
  'https://evil.net\\@app.example.org/',
  'https://evil.net/app.example.org',
  'https://evil.net?.example.org',
  'https://evil.net#.example.org',
  'https://evil.net%2f.example.org/',
  'https://evil.net%00.example.org/',
  'https://evil.net%5c.example.org/',
  'https://evil.net;.example.org/',
  'https://evil.net:443.example.org/',
  'https://app.example.org@evil.net/',
  'https://user@app.example.org/',
  'https://user:secret@app.example.org/',
  'https://@app.example.org/',
  'https://app.example.org.evil.net/',
  'https://badexample.org/',
  'https://example.org.evil.net/',
  'https://example.org./',
  'https://app.example.org./',
  'https://app..example.org/',
  'https://.example.org/',
  'https://app_.example.org/',
  'https://app.example.com/',
  'https://аpp.example.org/',
  'https://app.еxample.org/',
  'https://app。example.org/',
  'https://evil.net／.example.org/',
  ' https://app.example.org/',
  'https://app.example.org/ ',
  'https://app.example.org/a b',
  'https://app.example.org/\n',
  'https://app.example.org/\tx',
  'https://app.example.org:0x1/',
  'https://app.example.org:99999/',
  'https://app.example.org:/x:y@evil.net',
  'https://[::1]/',
  'https://127.0.0.1/',
  'https://2130706433/',
  'https://',
  '',
]

describe('an address to lead back to', () => {
  for (const to of refused) {
    it(`is not ${JSON.stringify(to)}`, () => assert.equal(readReturnAddress(to, domain), undefined))
  }

  const taken: readonly (readonly [string, string, string])[] = [
    [
      'https://app.example.org/reports?a=1&b=%2F#part',
      'https://app.example.org/reports?a=1&b=%2F#part',
      'app.example.org',
    ],
    ['https://example.org', 'https://example.org/', 'example.org'],
    ['HTTPS://APP.Example.org/X', 'https://app.example.org/X', 'app.example.org'],
    ['https://app.example.org:443/', 'https://app.example.org/', 'app.example.org'],
    ['https://app.example.org:8443/x', 'https://app.example.org:8443/x', 'app.example.org'],
    ['https://app.example.org?x', 'https://app.example.org/?x', 'app.example.org'],
    [
      'https://xn--80ak6aa92e.example.org/',
      'https://xn--80ak6aa92e.example.org/',
      'xn--80ak6aa92e.example.org',
    ],
    ['https://app.example.org/@x', 'https://app.example.org/@x', 'app.example.org'],
  ]
  for (const [to, href, host] of taken) {
    it(`is ${to}`, () => assert.deepEqual(readReturnAddress(to, domain), { href, host }))
  }
})

describe('the address of the sign-in page', () => {
  const publicUrl = 'https://auth.example.org/id'
  const toOf = (address: string) => new URL(address).searchParams.get('to')

  it('holds where to go on, whatever characters that has', () => {
    const address = signInAddress(publicUrl, { authority: 'app.example.org:8443', uri: '/x?a=1&to=/y%26#"' })
    assert.ok(
      address.startsWith(`${publicUrl}/account/forward?to=https%3A%2F%2Fapp.example.org%3A8443%2Fx%3Fa`),
    )
    assert.equal(toOf(address), 'https://app.example.org:8443/x?a=1&to=/y%26#"')
  })

  it('leaves out a query that is too long to be taken', () => {
    const address = signInAddress(publicUrl, { authority: 'app.example.org', uri: `/x?${'a'.repeat(5_000)}` })
    assert.equal(toOf(address), 'https://app.example.org/x')
  })
})
