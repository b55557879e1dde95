import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { defaultArgon2Cost, parseDjangoHash } from './password-hash.ts'

// Made by Python 3.11, the way Django's PBKDF2PasswordHasher does it:
//   hash = base64.b64encode(hashlib.pbkdf2_hmac('sha256', password.encode(), salt.encode(), iterations))
//   f'pbkdf2_sha256${iterations}${salt}${hash.decode()}'
const vectors: readonly (readonly [password: string, stored: string])[] = [
  [
    'correct horse battery staple',
    'pbkdf2_sha256$1000$Zq3vN8mKx1Lp$f+PeVHxTCwbNeF+VdObPcSaUyN9dMrKksv8scFZB/IU=',
  ],
  ['пароль не из списка', 'pbkdf2_sha256$1500$seasalt$cYO6YxQO9scZsb0aD2/wWRW94jXP0If8xhTZwiFCx1o='],
  // Not normalised: `e` with a combining accent, and the ligature fi.
  ['cafe\u0301 \ufb01ne 2026', 'pbkdf2_sha256$1000$kNf7Qw2e$HwhT4bflyALF7iKisURfoN2/fXW6OpUIlDn8GhH6Fzs='],
  ['x'.repeat(1024), 'pbkdf2_sha256$1000$longsalt$9EWcZQqEE8p0W084mNosuZDZNbx338e1vfM/5WDGbug='],
]

const digest = 'f+PeVHxTCwbNeF+VdObPcSaUyN9dMrKksv8scFZB/IU='

const notHashes: readonly string[] = [
  '',
  '!',
  `!${'a'.repeat(40)}`,
  'pbkdf2_sha256',
  `pbkdf2_sha256$0$salt$${digest}`,
  `pbkdf2_sha256$-1000$salt$${digest}`,
  `pbkdf2_sha256$1e3$salt$${digest}`,
  `pbkdf2_sha256$01000$salt$${digest}`,
  `pbkdf2_sha256$3000001$salt$${digest}`,
  `pbkdf2_sha256$99999999999$salt$${digest}`,
  `pbkdf2_sha256$1000$$${digest}`,
  `pbkdf2_sha256$1000$sa$lt$${digest}`,
  'pbkdf2_sha256$1000$salt$',
  'pbkdf2_sha256$1000$salt$f+PeVHxTCwbNeF+VdObPcQ==',
  `pbkdf2_sha256$1000$salt$${digest}\n`,
  `pbkdf2_sha1$1000$salt$${digest}`,
  'md5$salt$5f4dcc3b5aa765d61d8327deb882cf99',
]

describe("a hash of Django's", () => {
  for (const [password, stored] of vectors) {
    it(`matches the password behind it: ${stored.slice(0, 32)}`, async () => {
      const hash = parseDjangoHash(stored)
      assert.equal(await hash?.matches(password), true)
      assert.equal(await hash?.matches(`${password} `), false)
      assert.equal(await hash?.matches(password.toUpperCase()), false)
      assert.equal(await hash?.matches(''), false)
    })
  }

  it('matches the normalised password when it was made of that', async () => {
    const hash = parseDjangoHash(vectors[0]![1])
    assert.equal(await hash?.matches('\uff43orrect horse battery staple'), true)
  })

  for (const stored of notHashes) {
    it(`is not seen in ${JSON.stringify(stored)}`, () => {
      assert.equal(parseDjangoHash(stored), undefined)
    })
  }

  it('is always to be replaced', () => {
    assert.equal(parseDjangoHash(vectors[0]![1])?.isOutdated(defaultArgon2Cost), true)
  })

  it('is as much work as it has iterations, and twice that for a password that NFKC changes', () => {
    const hash = parseDjangoHash(`pbkdf2_sha256$870000$salt$${digest}`)!
    assert.deepEqual(hash.workOf('plain'), { argon2: undefined, pbkdf2: 870_000 })
    assert.deepEqual(hash.workOf('\ufb01ne'), { argon2: undefined, pbkdf2: 1_740_000 })
  })
})
