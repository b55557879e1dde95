import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { authenticationOf, isAuthenticatedEnough, stepUpChallenge } from './step-up.ts'

const nowMs = 1_800_000_000_000
const minutesAgo = (minutes: number) => nowMs - minutes * 60_000

describe('how a caller was authenticated', () => {
  it('a token that does not say was given for a password when its session began', () => {
    assert.deepEqual(authenticationOf({ startedAtMs: 5 }), { acr: 'aal1', authTimeMs: 5 })
  })

  it('an unknown level is the lowest', () => {
    assert.equal(authenticationOf({ acr: 'aal3', auth_time: 1, startedAtMs: 5 }).acr, 'aal1')
  })

  it('a refresh, which makes a newer token, moves nothing: the claims count, not the life of the token', () => {
    assert.deepEqual(authenticationOf({ acr: 'aal2', auth_time: 7, startedAtMs: 5 }), {
      acr: 'aal2',
      authTimeMs: 7_000,
    })
  })
})

describe('whether a caller is authenticated enough', () => {
  for (const [acr, minutes, requirement, expected] of [
    ['aal1', 600, {}, true],
    ['aal1', 9, { maxAgeSeconds: 600 }, true],
    ['aal1', 10, { maxAgeSeconds: 600 }, true],
    ['aal1', 11, { maxAgeSeconds: 600 }, false],
    ['aal1', 0, { acr: 'aal2' }, false],
    ['aal2', 600, { acr: 'aal2' }, true],
    ['aal2', 600, { acr: 'aal1' }, true],
    ['aal2', 11, { acr: 'aal2', maxAgeSeconds: 600 }, false],
    ['aal2', 9, { acr: 'aal2', maxAgeSeconds: 600 }, true],
    ['aal1', 9, { acr: 'aal2', maxAgeSeconds: 600 }, false],
    ['aal2', -2, { maxAgeSeconds: 600 }, false],
    ['aal2', 0, { maxAgeSeconds: 0 }, true],
  ] as const) {
    it(`${acr}, ${minutes} minutes ago, for ${JSON.stringify(requirement)}: ${expected ? 'yes' : 'no'}`, () => {
      const authentication = { acr, authTimeMs: minutesAgo(minutes) }
      assert.equal(isAuthenticatedEnough(authentication, requirement, nowMs), expected)
    })
  }
})

describe('the challenge', () => {
  it('names the level and the age (RFC 9470 section 3)', () => {
    assert.equal(
      stepUpChallenge({ acr: 'aal2', maxAgeSeconds: 600 }, 'propusk'),
      'Bearer realm="propusk", error="insufficient_user_authentication", error_description="A stronger or a more recent authentication is needed", acr_values="aal2", max_age="600"',
    )
  })

  it('names only what is asked for', () => {
    assert.doesNotMatch(stepUpChallenge({ maxAgeSeconds: 5 }), /acr_values|realm/)
  })
})
