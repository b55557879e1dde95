import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decideRotation, type RotationDecision, type StoredRefreshToken } from './decide-rotation.ts'

const nowMs = 1_800_000_000_000
const hourMs = 3_600_000
const live = { isActive: true, expiresAtMs: nowMs + 1 }
const fresh: StoredRefreshToken = { isRevoked: false, expiresAtMs: nowMs + 1, consumed: null }
const consumed = (agoMs: number, isNextUnused = true): StoredRefreshToken => ({
  ...fresh,
  consumed: { atMs: nowMs - agoMs, nextEncrypted: '', retryKeyHash: null, isNextUnused },
})
const keyed = (agoMs: number, retryKeyHash: string, isNextUnused = true): StoredRefreshToken => ({
  ...fresh,
  consumed: { atMs: nowMs - agoMs, nextEncrypted: '', retryKeyHash, isNextUnused },
})

type Row = readonly [
  title: string,
  token: StoredRefreshToken | undefined,
  session: typeof live | undefined,
  decision: RotationDecision,
]

const table: readonly Row[] = [
  ['a token without a session', fresh, undefined, 'invalid'],
  ['a token of a session that was ended', fresh, { ...live, isActive: false }, 'invalid'],
  ['a token of a session whose time is over', fresh, { ...live, expiresAtMs: nowMs }, 'invalid'],
  ['a consumed token of a session that was ended', consumed(0), { ...live, isActive: false }, 'invalid'],
  ['a token that has no row', undefined, live, 'reused'],
  ['a revoked token', { ...fresh, isRevoked: true }, live, 'reused'],
  ['an expired token', { ...fresh, expiresAtMs: nowMs }, live, 'reused'],
  ['a token consumed longer ago than the reuse interval', consumed(10_001), live, 'reused'],
  ['a consumed token whose next one was used', consumed(0, false), live, 'reused'],
  ['a token consumed at this instant', consumed(0), live, 'repeated'],
  ['a token consumed as long ago as the reuse interval', consumed(10_000), live, 'repeated'],
  ['a token consumed by a node whose clock is ahead', consumed(-1), live, 'repeated'],
  ['a token that was never used', fresh, live, 'rotated'],
]

/** What is presented with a key whose digest is `same`. */
const keyedTable: readonly Row[] = [
  ['a token that was never used', fresh, live, 'rotated'],
  ['a token consumed long ago with the same key', keyed(hourMs, 'same'), live, 'repeated'],
  ['a token consumed long ago with another key', keyed(hourMs, 'other'), live, 'reused'],
  ['a token consumed long ago without a key', consumed(hourMs), live, 'reused'],
  ['a token consumed just now with another key', keyed(10_000, 'other'), live, 'repeated'],
  ['a token consumed just now without a key', consumed(10_000), live, 'repeated'],
  ['a token with the same key whose next one was used', keyed(0, 'same', false), live, 'reused'],
  [
    'a token with the same key of a session that ended',
    keyed(0, 'same'),
    { ...live, isActive: false },
    'invalid',
  ],
]

describe('the decision about a refresh token', () => {
  for (const [title, token, session, decision] of table) {
    it(`is ${decision} for ${title}`, () =>
      assert.equal(decideRotation(token, session, { nowMs, retryKeyHash: null }), decision))
  }
  for (const [title, token, session, decision] of keyedTable) {
    it(`is ${decision} with a key for ${title}`, () =>
      assert.equal(decideRotation(token, session, { nowMs, retryKeyHash: 'same' }), decision))
  }
  it('is reused without a key for a token that was consumed with one long ago', () => {
    assert.equal(decideRotation(keyed(hourMs, 'same'), live, { nowMs, retryKeyHash: null }), 'reused')
  })
})
