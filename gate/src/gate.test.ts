import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  goodClaims,
  importKey,
  joseToken,
  nowMs,
  roleIdOf,
  roleNamed,
  testCatalogue,
  testGate,
  testKey,
  testOptions,
  uuidAt,
} from '../test/issuer.ts'
import { type Change, createGate, type Gate, type GateOptions } from './index.ts'

const key = testKey('ES256', 'key-1')
const nextKey = testKey('EdDSA', 'key-2')
const token = await joseToken(key)
const expiresAtMs = nowMs + 660_000

const ended = { ok: false, rejection: 'ended' }
const unknownKey = { ok: false, rejection: 'unknown_key' }

function authenticated(gate: Gate, presented = token, atMs = nowMs) {
  const verdict = gate.authenticate(presented, atMs, atMs)
  assert.ok(verdict.ok, JSON.stringify(verdict))
  return verdict.claims
}

/** A gate that counts how often a signature is really checked. */
function countingGate(options: Partial<GateOptions> = {}) {
  const count = { checks: 0 }
  const gate = testGate([key], {
    ...options,
    importKey: published => {
      const verify = importKey(published)
      return (input, signature) => {
        count.checks++
        return verify(input, signature)
      }
    },
  })
  return { gate, count }
}

describe('a session', () => {
  it('is refused from the call after its end was received, remembered token or not', () => {
    for (const seenBefore of [true, false]) {
      const gate = testGate([key])
      if (seenBefore) authenticated(gate)
      gate.apply({ id: 1, expiresAtMs, kind: 'session_ended', sessionUuid: goodClaims.sid })
      assert.deepEqual(gate.authenticate(token, nowMs, nowMs), ended)
      assert.equal(gate.verify(token, nowMs).ok, true)
    }
  })

  it('lives on when another session, or another user, ends', () => {
    const gate = testGate([key])
    gate.apply({
      id: 1,
      expiresAtMs,
      kind: 'session_ended',
      sessionUuid: uuidAt(nowMs - 1000, '800000000000'),
    })
    gate.apply({ id: 2, expiresAtMs, kind: 'user_logged_out', userId: 43, beforeMs: nowMs })
    gate.apply({ id: 3, expiresAtMs, kind: 'user_logged_out', userId: 4, beforeMs: nowMs })
    authenticated(gate)
  })

  it('ends with its user’s logout when it began at or before that instant, and only then', async () => {
    const gate = testGate([key])
    gate.apply({ id: 1, expiresAtMs, kind: 'user_logged_out', userId: 42, beforeMs: nowMs - 500 })
    for (const [startedAtMs, alive] of [
      [nowMs - 86_400_000, false],
      [nowMs - 501, false],
      [nowMs - 500, false],
      [nowMs - 499, true],
      [nowMs, true],
    ] as const) {
      const presented = await joseToken(key, { ...goodClaims, sid: uuidAt(startedAtMs) })
      assert.equal(gate.authenticate(presented, nowMs, nowMs).ok, alive)
    }
  })

  it('is not brought back by an earlier logout that is received late', () => {
    const gate = testGate([key])
    gate.apply({ id: 2, expiresAtMs, kind: 'user_logged_out', userId: 42, beforeMs: nowMs })
    gate.apply({ id: 1, expiresAtMs, kind: 'user_logged_out', userId: 42, beforeMs: nowMs - 5000 })
    gate.apply({ id: 3, expiresAtMs, kind: 'user_logged_out', userId: 42, beforeMs: nowMs - 5000 })
    assert.deepEqual(gate.authenticate(token, nowMs, nowMs), ended)
  })

  it('a change that ends all sessions ends each that began at or before its instant, except the spared one', async () => {
    const other = uuidAt(nowMs - 2000, '800000000001')
    const spared = await joseToken(key, { ...goodClaims, sid: other, sub: '7' })
    const late = await joseToken(key, { ...goodClaims, sid: uuidAt(nowMs - 499) })
    const everybody = { expiresAtMs, kind: 'everybody_logged_out' as const }
    const alive = (gate: ReturnType<typeof testGate>) =>
      [token, spared, late].map(presented => gate.authenticate(presented, nowMs, nowMs).ok)
    const gate = testGate([key])
    gate.apply({ ...everybody, id: 2, beforeMs: nowMs - 500, exceptSession: other })
    assert.deepEqual(alive(gate), [false, true, true])
    // An earlier one that is received late brings nobody back.
    gate.apply({ ...everybody, id: 1, beforeMs: nowMs - 90_000, exceptSession: other })
    assert.deepEqual(alive(gate), [false, true, true])
    // Another person’s stands beside it: who was spared there is not spared here.
    gate.apply({ ...everybody, id: 3, beforeMs: nowMs - 1500, exceptSession: goodClaims.sid })
    assert.deepEqual(alive(gate), [false, false, true])
    const copy = testGate([key])
    copy.load(gate.snapshot())
    copy.markSynced(nowMs)
    assert.deepEqual(alive(copy), [false, false, true])
  })

  it('stays ended for as long as one of its tokens could be good', () => {
    const gate = testGate([key])
    gate.apply({ id: 1, expiresAtMs, kind: 'session_ended', sessionUuid: goodClaims.sid })
    for (const atMs of [nowMs + 1, nowMs + 300_000, nowMs + 599_999]) {
      gate.forget(atMs)
      gate.markSynced(atMs)
      assert.deepEqual(gate.authenticate(token, atMs, atMs), ended)
    }
  })
})

describe('a sync that is too old', () => {
  it('shuts a gate that was never synced', () => {
    const gate = createGate(testOptions)
    gate.load({ keys: [key.published], roles: [], catalogue: testCatalogue, changes: [] })
    assert.equal(gate.isFresh(nowMs), false)
    assert.deepEqual(gate.authenticate(token, nowMs, nowMs), { ok: false, rejection: 'stale' })
  })

  it('shuts the gate until the next sync', () => {
    const gate = testGate([key])
    assert.equal(gate.isFresh(nowMs + 1000), true)
    authenticated(gate, token, nowMs + 1000)
    assert.equal(gate.isFresh(nowMs + 1001), false)
    assert.deepEqual(gate.authenticate(token, nowMs + 1001, nowMs + 1001), { ok: false, rejection: 'stale' })
    gate.markSynced(nowMs + 1001)
    authenticated(gate, token, nowMs + 1001)
  })

  it('is not hidden by a clock that is set back', () => {
    const gate = testGate([key])
    assert.equal(gate.isFresh(nowMs - 60_000), false)
  })

  it('does not make a bad token look like a rejection of the gate', () => {
    const gate = testGate([key])
    assert.deepEqual(gate.authenticate(`${token}A`, nowMs + 5000, nowMs + 5000), {
      ok: false,
      rejection: 'wrong_signature',
    })
    gate.apply({ id: 1, expiresAtMs, kind: 'session_ended', sessionUuid: goodClaims.sid })
    assert.deepEqual(gate.authenticate(token, nowMs + 5000, nowMs + 5000), ended)
  })
})

describe('a remembered token', () => {
  it('is checked once', () => {
    const { gate, count } = countingGate()
    for (let times = 0; times < 5; times++) authenticated(gate)
    assert.equal(count.checks, 1)
  })

  it('is found by its whole text: a look-alike is checked by itself and refused', async () => {
    const { gate, count } = countingGate()
    authenticated(gate)
    const [head = '', , signature = ''] = token.split('.')
    const others = Buffer.from(JSON.stringify({ ...goodClaims, sub: '43' })).toString('base64url')
    assert.deepEqual(gate.authenticate(`${head}.${others}.${signature}`, nowMs, nowMs), {
      ok: false,
      rejection: 'wrong_signature',
    })
    assert.equal(count.checks, 2)
    const second = await joseToken(key, { ...goodClaims, sub: '43' })
    assert.equal(authenticated(gate, second).userId, 43)
    assert.equal(authenticated(gate).userId, 42)
  })

  it('dies with its key, at the instant that the retirement names', () => {
    const { gate } = countingGate()
    authenticated(gate)
    gate.apply({ id: 1, expiresAtMs, kind: 'key_retired', kid: 'key-1', untilMs: nowMs + 500 })
    authenticated(gate, token, nowMs + 499)
    assert.deepEqual(gate.authenticate(token, nowMs + 500, nowMs + 500), unknownKey)
    gate.apply({ id: 2, expiresAtMs, kind: 'key_retired', kid: 'key-1', untilMs: nowMs - 1 })
    assert.deepEqual(gate.authenticate(token, nowMs, nowMs), unknownKey)
    gate.forget(nowMs)
    assert.deepEqual(gate.authenticate(token, nowMs, nowMs), unknownKey)
  })

  it('does not outlive a snapshot without its key', () => {
    const gate = testGate([key])
    authenticated(gate)
    gate.load({ keys: [nextKey.published], roles: [], catalogue: testCatalogue, changes: [] })
    assert.deepEqual(gate.authenticate(token, nowMs, nowMs), unknownKey)
  })

  it('is pushed out by newer ones when there is no more room, and is then checked again', async () => {
    const { gate, count } = countingGate({ rememberedTokens: 2 })
    const tokens = await Promise.all(['a', 'b', 'c'].map(jti => joseToken(key, { ...goodClaims, jti })))
    for (const presented of tokens) authenticated(gate, presented)
    for (const presented of tokens.slice(1)) authenticated(gate, presented)
    assert.equal(count.checks, 3)
    authenticated(gate, tokens[0])
    assert.equal(count.checks, 4)
  })

  it('is not kept at all when there is no room', () => {
    const { gate, count } = countingGate({ rememberedTokens: 0 })
    for (let times = 0; times < 3; times++) authenticated(gate)
    assert.equal(count.checks, 3)
  })
})

describe('the signature primitive', () => {
  it('is believed only when it says true: a promise is no yes', () => {
    for (const answer of [Promise.resolve(true), 1, 'true', {}, undefined, null, false]) {
      const gate = testGate([key], { importKey: () => () => answer as boolean })
      assert.deepEqual(gate.authenticate(token, nowMs, nowMs), { ok: false, rejection: 'wrong_signature' })
    }
  })
})

describe('a key', () => {
  it('that is published is accepted at once, and a token of it was refused before', async () => {
    const gate = testGate([key])
    const ofNextKey = await joseToken(nextKey)
    assert.deepEqual(gate.authenticate(ofNextKey, nowMs, nowMs), unknownKey)
    gate.apply({ id: 1, expiresAtMs, kind: 'key_published', key: nextKey.published })
    authenticated(gate, ofNextKey)
    authenticated(gate)
  })

  it('stays retired when its publication is received again, late or after everything was forgotten', () => {
    const published: Change = { id: 1, expiresAtMs, kind: 'key_published', key: key.published }
    const retired: Change = {
      id: 2,
      expiresAtMs: expiresAtMs + 1,
      kind: 'key_retired',
      kid: 'key-1',
      untilMs: nowMs,
    }
    for (const order of [
      [published, retired],
      [retired, published],
      [published, retired, published],
      [retired, published, retired],
    ]) {
      const gate = testGate([])
      for (const change of order) gate.apply(change)
      assert.deepEqual(gate.authenticate(token, nowMs, nowMs), unknownKey)
      gate.forget(nowMs + 1)
      gate.apply(published)
      assert.deepEqual(gate.authenticate(token, nowMs, nowMs), unknownKey)
    }
  })

  it('that cannot be imported changes nothing', () => {
    const gate = testGate([key])
    const broken = { ...nextKey.published, jwk: { ...nextKey.published.jwk, x: '!' } }
    assert.throws(() => gate.apply({ id: 1, expiresAtMs, kind: 'key_published', key: broken }))
    assert.throws(() => gate.load({ keys: [broken], roles: [], catalogue: testCatalogue, changes: [] }))
    authenticated(gate)
  })

  it('is refused by a TypeError when it is private, or fits another algorithm', () => {
    const gate = testGate([])
    for (const wrong of [
      { ...key.published, jwk: { ...key.published.jwk, d: 'AAAA' } },
      { ...key.published, algorithm: 'EdDSA' as const },
      { ...nextKey.published, algorithm: 'ES256' as const },
      { ...key.published, algorithm: 'HS256' as never },
      { ...key.published, algorithm: 'constructor' as never },
      { ...key.published, expiresAtMs: Number.NaN },
      { ...key.published, kid: '' },
    ]) {
      assert.throws(() => gate.apply({ id: 1, expiresAtMs, kind: 'key_published', key: wrong }), TypeError)
    }
    assert.deepEqual(gate.snapshot().keys, [])
  })
})

describe('grants', () => {
  it('grants are those of the token until the ledger has newer roles of the user, and those from then on', async () => {
    const gate = testGate([key])
    gate.apply({ id: 1, expiresAtMs, kind: 'role_permissions', ...roleNamed('reader'), permissions: [] })
    const [editor, reader] = ['editor', 'reader'].map(role => ({ roles: [role], roleIds: [roleIdOf(role)] }))
    const claims = authenticated(gate, await joseToken(key, { ...goodClaims, superuser: true }))
    assert.deepEqual(gate.grantsOf(claims), { roles: ['editor'], isSuperuser: true, acr: 'aal1' })
    const named = await joseToken(key, { ...goodClaims, role_ids: editor!.roleIds })
    assert.deepEqual(gate.grantsOf(authenticated(gate, named)), {
      ...editor,
      isSuperuser: false,
      acr: 'aal1',
    })
    gate.apply({
      id: 2,
      expiresAtMs,
      kind: 'user_roles',
      userId: 42,
      roleIds: ['reader'].map(roleIdOf),
      isSuperuser: false,
    })
    assert.deepEqual(gate.grantsOf(claims), { ...reader, isSuperuser: false, acr: 'aal1' })
    gate.apply({
      id: 1,
      expiresAtMs,
      kind: 'user_roles',
      userId: 42,
      roleIds: ['editor'].map(roleIdOf),
      isSuperuser: true,
    })
    assert.deepEqual(gate.grantsOf(claims), { ...reader, isSuperuser: false, acr: 'aal1' })
    assert.deepEqual(gate.grantsOf({ ...claims, userId: 43 }), {
      roles: ['editor'],
      isSuperuser: true,
      acr: 'aal1',
    })
  })

  it('does not give an older token the role that has taken a name since', () => {
    const gate = testGate([key])
    const older = { userId: 42, roles: ['editor', 'reader'], iat: nowMs / 1000 }
    gate.apply({ id: 1, expiresAtMs, kind: 'role_made', role: 'editor', atMs: nowMs })
    assert.deepEqual(gate.grantsOf(older).roles, ['reader'])
    // Two clocks may differ by so much.
    assert.deepEqual(gate.grantsOf({ ...older, iat: older.iat + 300 }).roles, ['reader'])
    assert.deepEqual(gate.grantsOf({ ...older, iat: older.iat + 301 }).roles, ['editor', 'reader'])
    gate.apply({
      id: 2,
      expiresAtMs,
      kind: 'user_roles',
      userId: 42,
      roleIds: ['editor'].map(roleIdOf),
      isSuperuser: false,
    })
    assert.deepEqual(gate.grantsOf(older).roles, ['editor'], 'who was given the new role has it')
  })

  it('is obeyed by the next decision, as is a change of what a role permits', () => {
    const gate = testGate([key])
    const may = () => gate.allows(gate.grantsOf(authenticated(gate)), 'documents', 'read')
    assert.equal(may(), true)
    gate.apply({
      id: 1,
      expiresAtMs,
      kind: 'role_permissions',
      ...roleNamed('editor'),
      permissions: ['documents:update'],
    })
    assert.equal(may(), false)
    gate.apply({
      id: 2,
      expiresAtMs,
      kind: 'role_permissions',
      ...roleNamed('editor'),
      permissions: ['documents:all'],
    })
    assert.equal(may(), true)
    gate.apply({ id: 3, expiresAtMs, kind: 'role_permissions', ...roleNamed('editor'), permissions: null })
    assert.equal(may(), false)
  })
})

describe('the options of a gate', () => {
  it('cannot leave a check out', () => {
    for (const wrong of [
      { issuer: '' },
      { audience: '' },
      { audience: undefined },
      { maxTokenLifeSeconds: 0 },
      { maxTokenLifeSeconds: Number.POSITIVE_INFINITY },
      { staleAfterMs: Number.NaN },
      { staleAfterMs: undefined },
      { rememberedTokens: -1 },
      { importKey: undefined },
    ]) {
      assert.throws(() => createGate({ ...testOptions, ...wrong } as GateOptions), TypeError)
    }
  })

  it('the smallest options make a gate that accepts no token yet', () => {
    const gate = createGate(testOptions)
    gate.markSynced(nowMs)
    assert.deepEqual(gate.authenticate(token, nowMs, nowMs), unknownKey)
    assert.equal(gate.allows({ roles: ['editor'], isSuperuser: false }, 'documents', 'read'), false)
  })
})
