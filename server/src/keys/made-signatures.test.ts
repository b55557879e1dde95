import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Algorithm } from '@propusk/gate/core'
import { systemRandom } from '../kernel/index.ts'
import { KeyRing, MadeSignatures, makeKeyPair } from './key-ring.ts'
import { generateKey, importPrivateKey, importPublicKey } from './signing-key.ts'

const text = (words: string) => new TextEncoder().encode(words)

for (const algorithm of ['ES256', 'EdDSA'] as const satisfies readonly Algorithm[]) {
  describe(`signatures that were made here, with ${algorithm}`, () => {
    const pair = (capacity?: number) => {
      const { publicJwk, privatePem } = generateKey(algorithm)
      const real = importPublicKey({ kid: 'k', algorithm, jwk: publicJwk, expiresAtMs: null })
      let reckoned = 0
      const made = new MadeSignatures(capacity)
      const sign = made.keeping('k', importPrivateKey(algorithm, privatePem).sign)
      const counting = (input: Uint8Array, signature: Uint8Array) => {
        reckoned += 1
        return real(input, signature)
      }
      return { sign, verify: made.knowing('k', counting), made, counting, reckonings: () => reckoned }
    }

    it('are known once without reckoning, and verified from then on', () => {
      const { sign, verify, reckonings } = pair()
      const signature = sign(text('a token'))
      assert.equal(verify(text('a token'), signature), true)
      assert.equal(reckonings(), 0)
      assert.equal(verify(text('a token'), signature), true)
      assert.equal(reckonings(), 1)
    })

    it('are not kept, nor what they sign, where they are made beside the event loop', async () => {
      const master = new Uint8Array(32)
      const ring = new KeyRing(master)
      const key = {
        ...makeKeyPair(algorithm, master, systemRandom),
        createdAtMs: 0,
        sequence: 1,
        state: 'signing',
        signsAtMs: null,
        retiredAtMs: null,
        publishedUntilMs: null,
      } as const
      ring.load([key])
      const { signAside } = ring.signer()
      const input = text('a snapshot')
      const signature = await signAside(input)
      const { verify } = ring.verifierOf(key.kid, 0)!
      assert.equal(verify(input, signature), true)
      // What was kept would be taken for the same bytes, whatever they are now.
      const kept = input.slice()
      input.set(text('a snapshoT'))
      assert.equal(verify(input, signature), false)
      assert.equal(verify(kept, signature), true)
    })

    it('are no signatures of any other text, however little it differs', () => {
      const { sign, verify, reckonings } = pair()
      const signature = sign(text('a token'))
      for (const other of ['a tokeN', 'a token ', 'a toke', '']) {
        assert.equal(verify(text(other), signature), false)
      }
      assert.equal(reckonings(), 4)
      assert.equal(verify(text('a token'), signature), true)
    })

    it('are not taken with another bit', () => {
      const { sign, verify } = pair()
      const signature = sign(text('a token'))
      for (let index = 0; index < signature.length; index++) {
        const changed = Uint8Array.from(signature)
        changed[index]! ^= 1
        assert.equal(verify(text('a token'), changed), false)
      }
    })

    it('belong to the key that made them', () => {
      const { sign, made, counting } = pair()
      const signature = sign(text('a token'))
      const other = made.knowing('another key', () => false)
      assert.equal(other(text('a token'), signature), false)
      assert.equal(made.knowing('k', counting)(text('a token'), signature), true)
    })

    it('are kept in bounded memory: the oldest are verified again', () => {
      const { sign, verify, reckonings } = pair(2)
      const signatures = ['one', 'two', 'three'].map(word => [text(word), sign(text(word))] as const)
      for (const [input, signature] of signatures) assert.equal(verify(input, signature), true)
      assert.equal(reckonings(), 1)
    })
  })
}
