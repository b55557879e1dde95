import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  audience,
  goodClaims,
  issuedAt,
  issuer,
  joseToken,
  nowMs,
  rawToken,
  testGate,
  testKey,
} from '../test/issuer.ts'
import type { TokenRejection } from './index.ts'

const key = testKey('ES256', 'key-1')
const gate = testGate([key])
const header = JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid: 'key-1' })

const longAgo = issuedAt - 10_000
const uuidVersion4 = '018f2b6e-1c00-4abc-8def-0123456789ab'

/** Each a change to the claims of a good token; `undefined` takes the claim away. */
const rejected: [rejection: TokenRejection, change: Record<string, unknown>][] = [
  ...[undefined, null, '', `${issuer}/`, issuer.toUpperCase(), [issuer], 1].map(
    iss => ['wrong_issuer', { iss }] as [TokenRejection, Record<string, unknown>],
  ),
  ...[undefined, null, '', `${audience}/`, 'https://other.example', [audience], [audience, 'x'], {}].map(
    aud => ['wrong_audience', { aud }] as [TokenRejection, Record<string, unknown>],
  ),
  ...[
    undefined,
    null,
    42,
    '',
    '0',
    '042',
    '-1',
    '+1',
    '4.2',
    '1e3',
    ' 42',
    '42 ',
    '42\n',
    '0x2a',
    '٤٢',
    ['42'],
  ].map(sub => ['wrong_claims', { sub }] as [TokenRejection, Record<string, unknown>]),
  ['wrong_claims', { sub: '9007199254740992' }],
  ['wrong_claims', { sub: '9007199254740993' }],
  ['wrong_claims', { sub: '90071992547409920' }],
  ...[
    undefined,
    null,
    '',
    7,
    uuidVersion4,
    goodClaims.sid.toUpperCase(),
    goodClaims.sid.replaceAll('-', ''),
    `{${goodClaims.sid}}`,
    `urn:uuid:${goodClaims.sid}`,
    `${goodClaims.sid}\n`,
    `${goodClaims.sid}0`,
    goodClaims.sid.replace('-8def-', '-cdef-'),
  ].map(sid => ['wrong_claims', { sid }] as [TokenRejection, Record<string, unknown>]),
  ...[undefined, null, '', 1, ['x'], 'x'.repeat(257)].flatMap(value => [
    ['wrong_claims', { jti: value }] as [TokenRejection, Record<string, unknown>],
    ['wrong_claims', { client_id: value }] as [TokenRejection, Record<string, unknown>],
  ]),
  ...[
    undefined,
    null,
    'editor',
    {},
    [1],
    [null],
    [''],
    [['editor']],
    ['x'.repeat(257)],
    Array(1025).fill('a'),
  ].map(roles => ['wrong_claims', { roles }] as [TokenRejection, Record<string, unknown>]),
  ...[false, null, 'true', 1, {}, [true]].map(
    superuser => ['wrong_claims', { superuser }] as [TokenRejection, Record<string, unknown>],
  ),
  ...[undefined, null, String(issuedAt), -1, true, [issuedAt], 2 ** 53].flatMap(value => [
    ['wrong_claims', { exp: value }] as [TokenRejection, Record<string, unknown>],
    ['wrong_claims', { iat: value }] as [TokenRejection, Record<string, unknown>],
  ]),
  ...[null, String(issuedAt), -1, true].map(
    nbf => ['wrong_claims', { nbf }] as [TokenRejection, Record<string, unknown>],
  ),
  ['wrong_claims', { exp: issuedAt }],
  ['wrong_claims', { exp: issuedAt + 10, iat: issuedAt + 20 }],
  ['expired', { iat: longAgo, exp: longAgo + 600 }],
  ['expired', { iat: issuedAt - 10, exp: issuedAt }],
  ['expired', { iat: issuedAt - 10, exp: issuedAt - 1 }],
  ['expired', { iat: issuedAt - 10, exp: issuedAt - 0.001 }],
  ['too_long_lived', { exp: issuedAt + 600.001 }],
  ['not_yet_valid', { iat: issuedAt + 61, exp: issuedAt + 600 }],
  ['not_yet_valid', { nbf: issuedAt + 1 }],
  ['not_yet_valid', { nbf: issuedAt + 600 }],
  ['too_long_lived', { exp: issuedAt + 601 }],
  ['too_long_lived', { iat: issuedAt - 1, exp: issuedAt + 600 }],
  ['too_long_lived', { iat: 0 }],
  ['too_long_lived', { exp: 2 ** 53 - 1 }],
]

const accepted: Record<string, unknown>[] = [
  {},
  { iat: issuedAt - 0.25, exp: issuedAt + 0.001 },
  { roles: [] },
  { superuser: true },
  { sub: '1' },
  { sub: '9007199254740991' },
  { nbf: issuedAt },
  { nbf: 0 },
  { iat: issuedAt + 60, exp: issuedAt + 660 },
  { iat: issuedAt - 599, exp: issuedAt + 1 },
  { scope: 'openid', acr: '1', cnf: { jkt: 'x' } },
]

describe('the claims of a rightly signed token', () => {
  for (const change of accepted) {
    it(`pass with ${JSON.stringify(change)}`, async () => {
      assert.equal(gate.verify(await joseToken(key, { ...goodClaims, ...change }), nowMs).ok, true)
    })
  }

  for (const [rejection, change] of rejected) {
    const shown = JSON.stringify(change, (_, value) => (value === undefined ? 'absent' : value)).slice(0, 80)
    it(`are refused as ${rejection} with ${shown}`, () => {
      const token = rawToken(key, header, JSON.stringify({ ...goodClaims, ...change }))
      assert.deepEqual(gate.verify(token, nowMs), { ok: false, rejection })
      assert.deepEqual(gate.authenticate(token, nowMs, nowMs), { ok: false, rejection })
    })
  }

  for (const payload of [
    'null',
    '[]',
    '1',
    '"x"',
    '{',
    `[${JSON.stringify(goodClaims)}]`,
    '['.repeat(5000),
  ]) {
    it(`are refused when they are ${payload.slice(0, 20)}`, () => {
      assert.deepEqual(gate.verify(rawToken(key, header, payload), nowMs), {
        ok: false,
        rejection: 'wrong_claims',
      })
    })
  }

  it('hold until the millisecond of exp and no longer', async () => {
    const token = await joseToken(key)
    const endMs = goodClaims.exp * 1000
    gate.markSynced(endMs)
    assert.equal(gate.authenticate(token, endMs - 1, endMs - 1).ok, true)
    for (const atMs of [endMs, endMs + 1, endMs + 1e9]) {
      assert.deepEqual(gate.authenticate(token, atMs, atMs), { ok: false, rejection: 'expired' })
      assert.deepEqual(gate.verify(token, atMs), { ok: false, rejection: 'expired' })
    }
  })
})
