import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { NewChange } from './change-log.sql.ts'
import { type StoredChange, toChange, toStored } from './ledger.ts'

/** As releases have written them: a change of these words makes nodes of two releases refuse each other's rows. */
const released = [
  `{"kind":"session_ended","sessionUuid":"0190a1b2-0000-7000-8000-000000000001"}`,
  `{"kind":"user_logged_out","userId":7,"beforeMs":1800000000000}`,
  `{"kind":"everybody_logged_out","beforeMs":1800000000000,"exceptSession":"0190a1b2-0000-7000-8000-000000000001"}`,
  `{"kind":"role_made","role":"clerk","atMs":1800000000000}`,
  `{"kind":"role_permissions","roleId":3,"role":"clerk","permissions":["users:read"]}`,
  `{"kind":"key_retired","kid":"k","untilMs":1800000000000}`,
]

describe('a row of the ledger', () => {
  for (const row of released) {
    it(`is read and written with the released field names: ${row.slice(8, row.indexOf(',') - 1)}`, () => {
      const stored = JSON.parse(row) as StoredChange
      const change = toChange(stored, { id: 1, expiresAtMs: 2 })
      assert.deepEqual(change, { ...stored, id: 1, expiresAtMs: 2 })
      assert.equal(JSON.stringify(toStored(stored as NewChange)), row)
    })
  }

  it('of a session that ended names it `sessionUuid`, as the type of a change does', () => {
    const change: NewChange = { kind: 'session_ended', sessionUuid: '0190a1b2-0000-7000-8000-000000000001' }
    assert.equal(JSON.stringify(toStored(change)), released[0])
  })
})
