import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ConfigError, type Environment, loadConfig, showSettings } from './index.ts'

const from = 'no-reply@example.org'
const mailUrlIn = (url: string) => loadConfig({ PROPUSK_MAIL_URL: url, PROPUSK_MAIL_FROM: from }).mailUrl

/** The one sentence with which the settings are refused. */
function faultOf(env: Environment): string {
  try {
    loadConfig(env)
  } catch (error) {
    assert.ok(error instanceof ConfigError)
    assert.equal(error.mistakes.length, 1, error.message)
    return error.mistakes[0]!
  }
  return assert.fail('accepted')
}

describe('the address of the mail server', () => {
  for (const url of [
    'smtp://user:password@smtp.example.org:587',
    'smtps://user:p%40ss%2F%23@smtp.example.org',
    'smtp://localhost:2525',
    'smtp://[::1]:25',
  ]) {
    it(`may be ${url}`, () => assert.equal(mailUrlIn(url), url))
  }

  const secret = 'hunter2secret'
  for (const [url, fault] of [
    [`http://user:${secret}@example.org`, /is not smtp:/],
    [`smtp://user:${secret}@`, /cannot be read/],
    [`smtp://user:${secret}/x@example.org`, /cannot be read/],
    [`smtp://user:${secret}@example.org/path`, /cannot be read/],
    [`smtp://user:${secret}@example.org?pool=true`, /cannot be read/],
    [`smtp://${secret}@example.org`, /both a user and a password/],
    [`smtp://user:${secret}%zz@example.org`, /%25/],
    [`smtp://user:${secret} @example.org`, /cannot be read/],
    ['smtp://', /cannot be read|names no host/],
  ] as const) {
    it(`may not be ${url}, and the fault does not quote it`, () => {
      const sentence = faultOf({ PROPUSK_MAIL_URL: url, PROPUSK_MAIL_FROM: from })
      assert.match(sentence, fault)
      assert.ok(!sentence.includes(secret))
    })
  }

  it('is shown as set or not set: with some services the user is as secret as the password', () => {
    const config = loadConfig({
      PROPUSK_MAIL_URL: `smtp://${secret}:${secret}@smtp.example.org`,
      PROPUSK_MAIL_FROM: from,
    })
    assert.ok(!JSON.stringify(showSettings(config)).includes(secret))
  })

  it('needs a sender', () => {
    assert.match(faultOf({ PROPUSK_MAIL_URL: 'smtp://localhost' }), /^PROPUSK_MAIL_FROM is missing/)
  })
})

describe('the sender of mail', () => {
  const senderIn = (text: string) => loadConfig({ PROPUSK_MAIL_FROM: text }).mailFrom
  it('is an address, with a name or without', () => {
    assert.deepEqual(senderIn(from), { name: '', address: from })
    assert.deepEqual(senderIn(`Пропуск, доступ <${from}>`), { name: 'Пропуск, доступ', address: from })
  })

  for (const text of [
    'nobody',
    'a@b@c',
    'a@example.org, b@example.org',
    'group: a@example.org;',
    '"a@b"@example.org',
    'Name\r\nBcc: x@example.org <a@example.org>',
    'Name <a@example.org> <b@example.org>',
    '<a@example.org',
  ]) {
    it(`is not ${JSON.stringify(text)}`, () =>
      assert.match(faultOf({ PROPUSK_MAIL_FROM: text }), /^PROPUSK_MAIL_FROM is wrong/))
  }
})

describe('the brand', () => {
  it('has a name on one line', () => {
    assert.equal(loadConfig({ PROPUSK_BRAND_NAME: ' Acme & Söhne ' }).brandName, 'Acme & Söhne')
    for (const name of [' ', 'x'.repeat(61), 'Acme\r\nBcc: x', 'Acme\u202eemcA', 'a\u2028b']) {
      assert.match(faultOf({ PROPUSK_BRAND_NAME: name }), /PROPUSK_BRAND_NAME is wrong/)
    }
  })

  it('has a colour of six digits, with # or without', () => {
    for (const text of ['0A5CBF', '#0a5cbf']) {
      assert.equal(loadConfig({ PROPUSK_BRAND_COLOR: text }).brandColor, '#0a5cbf')
    }
    for (const text of ['red', '0a5', 'url(x)', '#0a5cbf;x']) {
      assert.match(faultOf({ PROPUSK_BRAND_COLOR: text }), /PROPUSK_BRAND_COLOR is wrong/)
    }
  })
})
