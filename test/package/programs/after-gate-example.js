// Is put at the end of the example, and does what that leaves to its reader: a key, a token, and the words of the ledger.
import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'

const pair = generateKeyPairSync('ed25519')
const encode = value => Buffer.from(JSON.stringify(value)).toString('base64url')
const nowMs = Date.now()
const began = nowMs.toString(16).padStart(12, '0')
const sid = `${began.slice(0, 8)}-${began.slice(8)}-7abc-8def-8000000000ab`
const iat = Math.floor(nowMs / 1000) - 1
const iss = 'https://auth.example.com'
const claims = {
  iss,
  sub: '1',
  aud: iss,
  exp: iat + 600,
  iat,
  jti: 'a',
  sid,
  client_id: 'b',
  roles: ['reader'],
}
const input = `${encode({ alg: 'EdDSA', typ: 'at+jwt', kid: 'key' })}.${encode(claims)}`
const token = `${input}.${sign(null, Buffer.from(input), pair.privateKey).toString('base64url')}`
const jwk = pair.publicKey.export({ format: 'jwk' })

assert.equal(guard(token), 401)
const keys = [{ kid: 'key', algorithm: 'EdDSA', jwk, expiresAtMs: null }]
const roles = [{ roleId: 1, role: 'reader', permissions: ['documents:read'] }]
const catalogue = [
  { part: 'resource', entryId: 1, codeName: 'documents' },
  { part: 'action', entryId: 1, codeName: 'read' },
]
gate.load({ keys, roles, catalogue, changes: [] })
assert.equal(guard(token), 503)
gate.markSynced(performance.now())
assert.equal(guard(token), 200)
gate.apply({
  id: 1,
  expiresAtMs: nowMs + 660_000,
  kind: 'role_permissions',
  roleId: 1,
  role: 'reader',
  permissions: null,
})
assert.equal(guard(token), 403)
gate.apply({ id: 2, expiresAtMs: nowMs + 660_000, kind: 'session_ended', sessionUuid: sid })
assert.equal(guard(token), 401)

console.log('done')
