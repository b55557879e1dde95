import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { type Authentication, type Change, createGate, type Gate, type PublicJwk } from '@propusk/gate/core'

const issuer = 'https://auth.example'
const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const nowMs = Date.now()
const tickMs = performance.now()
const began = (nowMs - 60_000).toString(16).padStart(12, '0')
const sessionUuid = `${began.slice(0, 8)}-${began.slice(8)}-7abc-8def-8000000000ab`

function signToken(claims: Readonly<Record<string, unknown>>): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const input = `${encode({ alg: 'EdDSA', typ: 'at+jwt', kid: 'key-1' })}.${encode(claims)}`
  return `${input}.${sign(null, Buffer.from(input), privateKey).toString('base64url')}`
}

const gate: Gate = createGate({
  issuer,
  audience: issuer,
  maxTokenLifeSeconds: 600,
  staleAfterMs: 1000,
  importKey({ jwk }) {
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
    return (input, signature) => verify(null, input, key, signature)
  },
})
const jwk = publicKey.export({ format: 'jwk' }) as PublicJwk
gate.load({
  keys: [{ kid: 'key-1', algorithm: 'EdDSA', jwk, expiresAtMs: null }],
  roles: [
    { roleId: 1, role: 'editor', permissions: ['documents:all'] },
    { roleId: 2, role: 'reader', permissions: ['documents:read'] },
  ],
  catalogue: [
    { part: 'resource', entryId: 1, codeName: 'documents' },
    { part: 'action', entryId: 1, codeName: 'read' },
    { part: 'action', entryId: 2, codeName: 'delete' },
    { part: 'action', entryId: 3, codeName: 'all' },
  ],
  changes: [],
})
gate.markSynced(tickMs)

const issuedAt = Math.floor(nowMs / 1000) - 1
const token = signToken({
  iss: issuer,
  sub: '42',
  aud: issuer,
  exp: issuedAt + 600,
  iat: issuedAt,
  jti: 'token-1',
  sid: sessionUuid,
  client_id: 'propusk',
  roles: ['editor'],
})

function grants(result: Authentication) {
  if (!result.ok) throw new Error(result.rejection)
  return result.grants
}

assert.equal(gate.allows(grants(gate.authenticate(token, nowMs, tickMs)), 'documents', 'delete'), true)

// The user has fewer roles than the token says, then none of the sessions.
const expiresAtMs = nowMs + 660_000
const demoted: Change = {
  id: 1,
  expiresAtMs,
  kind: 'user_roles',
  userId: 42,
  roleIds: [2],
  isSuperuser: false,
}
gate.apply(demoted)
const now = grants(gate.authenticate(token, nowMs, tickMs))
assert.deepEqual(gate.decide(now, 'documents', 'delete'), {
  allowed: false,
  because: [{ missing: 'documents:delete' }],
})
assert.deepEqual(gate.permissionsOf(now), ['documents:read'])
gate.apply({ id: 2, expiresAtMs, kind: 'user_logged_out', userId: 42, beforeMs: nowMs })
assert.deepEqual(gate.authenticate(token, nowMs, tickMs), { ok: false, rejection: 'ended' })

// Another gate that loads what this one knows answers the same.
const follower = createGate({
  issuer,
  audience: issuer,
  maxTokenLifeSeconds: 600,
  staleAfterMs: 1000,
  importKey: () => () => true,
})
follower.load(gate.snapshot())
follower.markSynced(tickMs)
assert.deepEqual(follower.authenticate(token, nowMs, tickMs), { ok: false, rejection: 'ended' })

// @ts-expect-error: a kind that no ledger writes is refused by the types, and by the gate.
assert.throws(() => gate.apply({ id: 3, expiresAtMs, kind: 'forgotten' }), TypeError)

console.log('done')
