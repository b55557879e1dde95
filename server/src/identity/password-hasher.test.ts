import assert from 'node:assert/strict'
import { argon2Sync } from 'node:crypto'
import { describe, it } from 'node:test'
import { Rejection } from '../kernel/index.ts'
import { createPasswordHasher } from './password-hasher.ts'

const cheap = { memoryKib: 64, passes: 2, parallelism: 1 }
const hasher = createPasswordHasher(cheap)

interface Peer {
  readonly algorithm?: 'argon2d' | 'argon2i' | 'argon2id'
  readonly memoryKib?: number
  readonly passes?: number
  readonly parallelism?: number
  readonly saltBytes?: number
  readonly tagBytes?: number
}

/** The same hash by another implementation: Node's own, which is OpenSSL's. */
function peerHash(password: string, peer: Peer = {}): string {
  const { algorithm = 'argon2id', memoryKib = 64, passes = 2, parallelism = 1 } = peer
  const salt = Buffer.alloc(peer.saltBytes ?? 16, 'some salt')
  const tag = argon2Sync(algorithm, {
    message: password,
    nonce: salt,
    parallelism,
    tagLength: peer.tagBytes ?? 32,
    memory: memoryKib,
    passes,
  })
  const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
  return `$${algorithm}$v=19$m=${memoryKib},t=${passes},p=${parallelism}$${base64(salt)}$${base64(tag)}`
}

const password = 'Correct  horse — аккумулятор 🔋'

describe('the password hasher', () => {
  it('makes a PHC string of Argon2id that fits the column and never repeats', async () => {
    const first = await hasher.hash(password)
    assert.match(first, /^\$argon2id\$v=19\$m=64,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    assert.notEqual(await hasher.hash(password), first)
  })

  it('the password hasher takes 19 MiB and two passes by default', async () => {
    const stored = await createPasswordHasher().hash(password)
    assert.match(stored, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    assert.ok(stored.length <= 128)
    assert.deepEqual(await createPasswordHasher().verify(password, stored), {
      matches: true,
      outdated: false,
    })
  })

  it('makes what another implementation makes', async () => {
    const [, , , , salt = '', tag] = (await hasher.hash(password)).split('$')
    const nonce = Buffer.from(salt, 'base64')
    const options = { message: password, nonce, parallelism: 1, tagLength: 32, memory: 64, passes: 2 }
    assert.equal(argon2Sync('argon2id', options).toString('base64').replace('=', ''), tag)
  })

  const near: readonly string[] = [
    password.trim().toLowerCase(),
    ` ${password}`,
    `${password} `,
    password.replace('  ', ' '),
    password.slice(0, -1),
    '',
  ]
  for (const wrong of near) {
    it(`does not take ${JSON.stringify(wrong)} for the password`, async () => {
      assert.equal((await hasher.verify(wrong, await hasher.hash(password))).matches, false)
    })
  }

  it('takes the same password typed in another way', async () => {
    assert.equal(
      (await hasher.verify('cafe\u0301 au lait', await hasher.hash('caf\u00e9 au lait'))).matches,
      true,
    )
    assert.equal(
      (await hasher.verify('caf\u00e9 au lait', await hasher.hash('cafe\u0301 au lait'))).matches,
      true,
    )
  })

  it('counts every one of 1,024 characters', async () => {
    const long = 'я'.repeat(1024)
    const stored = await hasher.hash(long)
    assert.equal((await hasher.verify(long, stored)).matches, true)
    assert.equal((await hasher.verify(`${long.slice(0, -1)}ю`, stored)).matches, false)
    assert.equal((await hasher.verify(long.slice(0, -1), stored)).matches, false)
  })

  for (const unfit of ['x'.repeat(1025), 'x'.repeat(1_000_000), 'half a pair \ud83d']) {
    it(`neither hashes nor takes a password out of form: ${JSON.stringify(unfit.slice(0, 20))}`, async () => {
      await assert.rejects(hasher.hash(unfit), TypeError)
      for (const stored of [peerHash(''), peerHash(unfit.toWellFormed()), peerHash(unfit.slice(0, 1024))]) {
        assert.equal((await hasher.verify(unfit, stored)).matches, false)
      }
      await hasher.verifyNothing(unfit)
    })
  }

  const outdated: readonly (readonly [why: string, stored: string, outdated: boolean])[] = [
    ['its own parameters', peerHash(password), false],
    ['less memory', peerHash(password, { memoryKib: 32 }), true],
    ['more memory', peerHash(password, { memoryKib: 128 }), true],
    ['another number of passes', peerHash(password, { passes: 3 }), true],
    ['more lanes', peerHash(password, { parallelism: 4 }), true],
    ['Argon2i', peerHash(password, { algorithm: 'argon2i' }), true],
    ['a short salt', peerHash(password, { saltBytes: 8 }), true],
    ['a short tag', peerHash(password, { tagBytes: 16 }), true],
    [
      "the parameters of Django's Argon2",
      `argon2${peerHash(password, { memoryKib: 102_400, parallelism: 8 })}`,
      true,
    ],
    ["Django's name in front", `argon2${peerHash(password)}`, true],
  ]
  for (const [why, stored, expected] of outdated) {
    it(`checks a hash with ${why}, and says whether to replace it`, async () => {
      assert.deepEqual(await hasher.verify(password, stored), { matches: true, outdated: expected })
      assert.equal((await hasher.verify(`${password}!`, stored)).matches, false)
    })
  }

  it('checks a hash that Django made, and asks for another', async () => {
    // By Python 3.11: see django-hash.test.ts.
    const stored = 'pbkdf2_sha256$1500$seasalt$cYO6YxQO9scZsb0aD2/wWRW94jXP0If8xhTZwiFCx1o='
    assert.deepEqual(await hasher.verify('пароль не из списка', stored), { matches: true, outdated: true })
    assert.equal((await hasher.verify('пароль не из списка!', stored)).matches, false)
  })

  const tail = '$c29tZSBzYWx0c29tZSBzYQ$f+PeVHxTCwbNeF+VdObPcSaUyN9dMrKksv8scFZB/IU'
  const unusable: readonly string[] = [
    '',
    '!',
    '!unusable',
    password,
    'plain text',
    peerHash(password, { algorithm: 'argon2d' }),
    `${peerHash(password)}\n`,
    peerHash(password).replace('v=19', 'v=16'),
    peerHash(password).replace('$v=19', ''),
    `$argon2id$v=19$m=4294967295,t=1,p=1${tail}`,
    `$argon2id$v=19$m=131073,t=1,p=1${tail}`,
    `$argon2id$v=19$m=64,t=9999,p=1${tail}`,
    `$argon2id$v=19$m=131072,t=4,p=1${tail}`,
    `$argon2id$v=19$m=1024,t=1,p=17${tail}`,
    `$argon2id$v=19$m=15,t=1,p=2${tail}`,
    `$argon2id$v=19$m=0,t=0,p=0${tail}`,
    '$argon2id$v=19$m=64,t=2,p=1$c29tZSBzYWx0c29tZSBzYQ$AAAA',
    '$argon2id$v=19$m=64,t=2,p=1$$',
    '$2b$12$abcdefghijklmnopqrstuuN8Q0m0o0p0q0r0s0t0u0v0w0x0y0z0a',
    `pbkdf2_sha256$9999999$salt${tail.slice(23)}=`,
    'x'.repeat(1_000_000),
  ]
  for (const stored of unusable) {
    it(`matches nothing against what is no hash, or one of absurd cost: ${JSON.stringify(stored.slice(0, 48))}`, async () => {
      assert.deepEqual(await hasher.verify(password, stored), { matches: false, outdated: true })
      assert.equal((await hasher.verify(stored.slice(0, 1000), stored)).matches, false)
    })
  }

  it('does the work of a check for an account that does not exist', async () => {
    assert.equal(await hasher.verifyNothing(password), undefined)
  })

  it('turns every kind of work away once its queue is full', async () => {
    const busy = createPasswordHasher({ ...cheap, concurrency: 1, queueLimit: 1 })
    const stored = peerHash(password)
    const works = [busy.verify(password, stored), busy.verify(password, stored)]
    const unavailable = (error: unknown) => error instanceof Rejection && error.code === 'unavailable'
    await assert.rejects(busy.verify(password, stored), unavailable)
    await assert.rejects(busy.verify(password, '!'), unavailable)
    await assert.rejects(busy.verifyNothing(password), unavailable)
    await assert.rejects(busy.hash(password), unavailable)
    for (const { matches } of await Promise.all(works)) assert.equal(matches, true)
    assert.equal((await busy.verify(password, stored)).matches, true)
  })

  it('leaves the event loop free', async () => {
    let turns = 0
    const timer = setInterval(() => {
      turns += 1
    }, 1)
    const full = createPasswordHasher()
    await Promise.all(Array.from({ length: 6 }, () => full.verifyNothing(password)))
    clearInterval(timer)
    assert.ok(turns > 3)
  })
})
