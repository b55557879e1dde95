import assert from 'node:assert/strict'
import { generateKeyPairSync, sign, verify } from 'node:crypto'
import { it } from 'node:test'
import { signLargeToken } from './sign-large-token.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const signer = {
  kid: 'a key',
  algorithm: 'EdDSA',
  sign: (input: Uint8Array) => sign(null, input, privateKey),
  signAside: async (input: Uint8Array) => sign(null, input, privateKey),
} as const

it('a token of any length is signed in pieces that joined are a JWS of the very claims', async () => {
  // Characters of one to four bytes, so that pieces end in the middle of three bytes; none, one and two left over.
  for (const length of [0, 1, 2, 3, 40_000, 40_001, 40_002]) {
    const names = Array.from({ length }, (_, at) => ['a', 'é', '→', '🔑'][at % 4]! + at)
    const parts = [
      '{"names":[',
      ...names.map((name, at) => (at === 0 ? '' : ',') + JSON.stringify(name)),
      ']}',
    ]
    const pieces = await signLargeToken('a+jwt', signer, parts)
    const [header = '', payload = '', signature = ''] = pieces.join('').split('.')
    assert.deepEqual(decode(header), { alg: 'EdDSA', typ: 'a+jwt', kid: 'a key' })
    assert.deepEqual(decode(payload), { names })
    const input = Buffer.from(`${header}.${payload}`)
    assert.ok(verify(null, input, publicKey, Buffer.from(signature, 'base64url')))
    // RFC 7515 section 2: no padding, and so one spelling.
    assert.match(pieces.join(''), /^[\w-]+\.[\w-]+\.[\w-]+$/)
    if (length > 3) assert.ok(pieces.length > 5)
  }
})

const decode = (text: string): unknown => JSON.parse(Buffer.from(text, 'base64url').toString())
