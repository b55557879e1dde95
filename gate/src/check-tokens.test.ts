import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { catalogueOf, goodClaims, joseToken, rolesOf, testKey, testOptions } from '../test/issuer.ts'
import { TokenChecks } from './check-tokens.ts'
import { createGate } from './gate.ts'
import { ProvedSignatures } from './web-signatures.ts'

const { iat } = goodClaims

for (const algorithm of ['ES256', 'EdDSA'] as const) {
  const asked = { resource: 'documents', action: 'read' }

  describe(`a token that was not seen before, of ${algorithm}`, async () => {
    const [key, other] = [testKey(algorithm, 'key-1'), testKey(algorithm, 'key-1')]
    const [token, forged] = [await joseToken(key), await joseToken(other)]
    const checksBy = (signatures: ProvedSignatures) => {
      const gate = createGate({ ...testOptions, importKey: published => signatures.importKey(published) })
      const roles = rolesOf({ editor: ['documents:read'] })
      gate.load({
        keys: [key.published],
        roles,
        catalogue: catalogueOf(['documents'], ['read']),
        changes: [],
      })
      gate.markSynced(performance.now())
      return new TokenChecks(
        () => ({ gate, signatures }),
        () => iat * 1_000,
      )
    }

    it('is answered at once by Node, and one with a wrong signature refused', () => {
      const checks = checksBy(new ProvedSignatures())
      for (let times = 0; times < 2; times += 1) {
        const verdict = checks.check(token, asked)
        assert.ok(!(verdict instanceof Promise) && verdict.status === 200)
        const wrong = checks.check(forged, asked)
        assert.ok(!(wrong instanceof Promise))
        assert.deepEqual([wrong.status, wrong.because], [401, [{ token: 'wrong_signature' }]])
      }
    })

    it('is proved by Web Crypto elsewhere, and answered at once from then on', async () => {
      const checks = checksBy(new ProvedSignatures(null))
      const first = checks.check(token, asked)
      assert.ok(first instanceof Promise)
      assert.equal((await first).status, 200)
      const again = checks.check(token, asked)
      assert.ok(!(again instanceof Promise) && again.status === 200)
      const wrong = await checks.check(forged, asked)
      assert.deepEqual([wrong.status, wrong.because], [401, [{ token: 'wrong_signature' }]])
    })
  })
}
