import assert from 'node:assert/strict'
import { createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto'
import { createGate } from '@propusk/gate/core'

const issuer = 'https://auth.example'
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const nowMs = Date.now()
const tickMs = performance.now()
const began = (nowMs - 60_000).toString(16).padStart(12, '0')
const sessionUuid = `${began.slice(0, 8)}-${began.slice(8)}-7abc-8def-8000000000ab`

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** Of the two signatures that ECDSA has for each text, the gate takes the one with the smaller s. */
function withLowS(signature) {
  const s = BigInt(`0x${signature.subarray(32).toString('hex')}`)
  const low = s > order / 2n ? order - s : s
  return Buffer.concat([signature.subarray(0, 32), Buffer.from(low.toString(16).padStart(64, '0'), 'hex')])
}

function signToken(claims) {
  const encode = value => Buffer.from(JSON.stringify(value)).toString('base64url')
  const input = `${encode({ alg: 'ES256', typ: 'at+jwt', kid: 'key-1' })}.${encode(claims)}`
  const signature = sign('sha256', Buffer.from(input), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return `${input}.${withLowS(signature).toString('base64url')}`
}

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

const gate = createGate({
  issuer,
  audience: issuer,
  maxTokenLifeSeconds: 600,
  staleAfterMs: 1000,
  importKey({ jwk }) {
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
    return (input, signature) => verify('sha256', input, { key, dsaEncoding: 'ieee-p1363' }, signature)
  },
})

// It knows no key, then it has heard nothing, then it answers.
assert.deepEqual(gate.authenticate(token, nowMs, tickMs), { ok: false, rejection: 'unknown_key' })
gate.load({
  keys: [{ kid: 'key-1', algorithm: 'ES256', jwk: publicKey.export({ format: 'jwk' }), expiresAtMs: null }],
  roles: [{ roleId: 1, role: 'editor', permissions: ['documents:read'] }],
  catalogue: [
    { part: 'resource', entryId: 1, codeName: 'documents' },
    { part: 'action', entryId: 1, codeName: 'read' },
    { part: 'action', entryId: 2, codeName: 'delete' },
    { part: 'action', entryId: 3, codeName: 'all' },
  ],
  changes: [],
})
assert.deepEqual(gate.authenticate(token, nowMs, tickMs), { ok: false, rejection: 'stale' })
gate.markSynced(tickMs)
const result = gate.authenticate(token, nowMs, tickMs)
assert.ok(result.ok)
assert.equal(result.claims.userId, 42)
assert.equal(gate.allows(result.grants, 'documents', 'read'), true)
assert.equal(gate.allows(result.grants, 'documents', 'delete'), false)

// A changed character, and a role that permits less.
const at = token.length - 10
const flipped = `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`
assert.equal(gate.authenticate(flipped, nowMs, tickMs).ok, false)
const expiresAtMs = nowMs + 660_000
gate.apply({ id: 1, expiresAtMs, kind: 'role_permissions', roleId: 1, role: 'editor', permissions: [] })
assert.equal(gate.allows(gate.authenticate(token, nowMs, tickMs).grants, 'documents', 'read'), false)

// The session ends: the very same token is refused by the next call.
gate.apply({ id: 2, expiresAtMs, kind: 'session_ended', sessionUuid })
assert.deepEqual(gate.authenticate(token, nowMs, tickMs), { ok: false, rejection: 'ended' })

console.log('done')
