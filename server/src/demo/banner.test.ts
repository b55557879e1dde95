import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { banner } from './banner.ts'
import { demoAccounts } from './people.ts'

describe('the banner', () => {
  const text = banner('http://127.0.0.1:8000', demoAccounts)
  const lines = text.split('\n')

  it('names the addresses and every account with its password', () => {
    for (const path of ['/swagger/', '/redoc/', '/openapi.json', '/console/mail/']) {
      assert.ok(lines.some(line => line.endsWith(` http://127.0.0.1:8000${path}`)))
    }
    for (const { email, password } of demoAccounts) {
      assert.ok(lines.some(line => line.includes(email) && line.includes(password)))
    }
    assert.match(text, /Ctrl-C/)
  })

  it('aligns the accounts and stays within a terminal of 100 columns', () => {
    const starts = demoAccounts.map(({ email, password }) => {
      return lines.find(line => line.includes(email))!.indexOf(` ${password} `)
    })
    assert.equal(new Set(starts).size, 1)
    for (const line of lines) assert.ok(line.length <= 100 && line === line.trimEnd(), line)
  })

  it('shows a first call that signs in with an account of the table', () => {
    const [, sent] = /-d '(.*)'/.exec(text)!
    const { email, password } = JSON.parse(sent!) as { email: string; password: string }
    assert.ok(demoAccounts.some(account => account.email === email && account.password === password))
  })
})
