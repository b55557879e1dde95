import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { describe, it } from 'node:test'
import { type JWTHeaderParameters, SignJWT, UnsecuredJWT } from 'jose'
import {
  goodClaims,
  importKey,
  joseToken,
  nowMs,
  rawToken,
  signedText,
  testGate,
  testKey,
  upper,
  withS,
  withSignature,
} from '../test/issuer.ts'
import { readSignedToken, type TokenRejection } from './index.ts'

const key = testKey('ES256', 'key-1')
const edKey = testKey('EdDSA', 'key-2')
const foreignKey = testKey('ES256', 'key-1')
const gate = testGate([key, edKey])

const header = JSON.stringify({ alg: 'ES256', typ: 'at+jwt', kid: 'key-1' })
const payload = JSON.stringify(goodClaims)

function assertRefused(token: string, rejection?: TokenRejection, atMs = nowMs): void {
  for (const verdict of [gate.verify(token, atMs), gate.authenticate(token, atMs, atMs)]) {
    assert.equal(verdict.ok, false)
    if (rejection !== undefined) assert.deepEqual(verdict, { ok: false, rejection })
  }
}

describe('a token of jose', () => {
  for (const each of [key, edKey]) {
    it(`is accepted under ${each.published.algorithm}, and says what was put in`, async () => {
      const verdict = gate.verify(await joseToken(each), nowMs)
      assert.ok(verdict.ok)
      assert.deepEqual(verdict.claims, {
        ...goodClaims,
        userId: 42,
        startedAtMs: nowMs - 1000,
        expiresAtMs: nowMs + 600_000,
      })
    })
  }

  it('verified claims are frozen', async () => {
    const verdict = gate.verify(await joseToken(key), nowMs)
    assert.ok(verdict.ok)
    assert.ok(Object.isFrozen(verdict.claims))
    assert.ok(Object.isFrozen(verdict.claims.roles))
  })

  it('carries no claim that the gate does not know', async () => {
    const verdict = gate.verify(await joseToken(key, { ...goodClaims, isSuperuser: true, userId: 1 }), nowMs)
    assert.ok(verdict.ok)
    assert.equal(verdict.claims.userId, 42)
    assert.equal('isSuperuser' in verdict.claims, false)
  })

  it('is refused when another key with the same kid signed it', async () => {
    assertRefused(await joseToken(foreignKey), 'wrong_signature')
  })

  it('is refused when its kid is unknown, or a name that objects inherit', async () => {
    for (const kid of ['key-9', '', '__proto__', 'constructor', 'toString', '../key-1', "key-1' or '1'='1"]) {
      assertRefused(await joseToken(key, goodClaims, { kid }), 'unknown_key')
    }
  })

  it('is refused when its kid is that of a key for another algorithm', async () => {
    assertRefused(await joseToken(key, goodClaims, { kid: 'key-2' }), 'wrong_algorithm')
    assertRefused(await joseToken(edKey, goodClaims, { kid: 'key-1' }), 'wrong_algorithm')
  })
})

describe('the algorithm', () => {
  it('is never none, in any spelling', async () => {
    const [unsecuredHeader = '', claims = ''] = new UnsecuredJWT(goodClaims).encode().split('.')
    assertRefused(`${unsecuredHeader}.${claims}.`, 'malformed')
    assertRefused(`${unsecuredHeader}.${claims}.AA`, 'wrong_header')
    for (const alg of ['none', 'None', 'NONE', 'nOnE', '']) {
      const token = rawToken(key, JSON.stringify({ alg, typ: 'at+jwt', kid: 'key-1' }), payload)
      assertRefused(token, 'wrong_algorithm')
      assertRefused(`${token.slice(0, token.lastIndexOf('.'))}.`, 'malformed')
    }
  })

  it('is never an HMAC with the public key as its secret, however the key is written', async () => {
    const { jwk } = key.published
    const pem = key.publicKey.export({ format: 'pem', type: 'spki' }) as string
    const der = key.publicKey.export({ format: 'der', type: 'spki' }) as Buffer
    const point = Buffer.concat([
      Buffer.from([4]),
      Buffer.from(jwk.x, 'base64url'),
      Buffer.from(jwk.y!, 'base64url'),
    ])
    const spellings = [pem, pem.trim(), `${pem}\n`, ` ${pem}`, `\n${pem}`, pem.replaceAll('\n', '\r\n')]
    const secrets = [...spellings, der, point, jwk.x, JSON.stringify(jwk)].map(secret => Buffer.from(secret))
    for (const secret of secrets) {
      for (const alg of ['HS256', 'HS384', 'HS512']) {
        const token = await new SignJWT(goodClaims)
          .setProtectedHeader({ alg, typ: 'at+jwt', kid: 'key-1' })
          .sign(secret)
        assertRefused(token, 'wrong_algorithm')
      }
      // The header tells the truth about the key, and the signature is an HMAC all the same: 64 bytes of it.
      const input = rawToken(key, header, payload).split('.').slice(0, 2).join('.')
      const mac = createHmac('sha512', secret).update(input).digest('base64url')
      assertRefused(`${input}.${mac}`, 'wrong_signature')
    }
  })

  it('is the key’s own and no sibling of it', () => {
    for (const alg of ['es256', 'ES256 ', 'ES384', 'ES512', 'ES256K', 'RS256', 'PS256', 'EdDSA', 'Ed25519']) {
      assertRefused(
        rawToken(key, JSON.stringify({ alg, typ: 'at+jwt', kid: 'key-1' }), payload),
        'wrong_algorithm',
      )
    }
    const fullySpecified = JSON.stringify({ alg: 'Ed25519', typ: 'at+jwt', kid: 'key-2' })
    assertRefused(rawToken(edKey, fullySpecified, payload), 'wrong_algorithm')
  })
})

describe('the header of a rightly signed token', () => {
  for (const typ of [
    'JWT',
    'jwt',
    'rt+jwt',
    'AT+JWT',
    'at+JWT',
    'application/at+jwt',
    'at+jwt ',
    'logout+jwt',
    '',
    null,
    1,
    ['at+jwt'],
  ]) {
    it(`does not pass with typ ${JSON.stringify(typ)}`, () => {
      assertRefused(
        rawToken(key, JSON.stringify({ alg: 'ES256', typ, kid: 'key-1' }), payload),
        'wrong_header',
      )
    })
  }

  const { jwk } = foreignKey.published
  for (const [member, value] of [
    ['crit', ['b64']],
    ['crit', ['exp']],
    ['crit', []],
    ['crit', 'x'],
    ['b64', true],
    ['b64', false],
    ['jku', 'http://127.0.0.1:1/jwks.json'],
    ['jwk', jwk],
    ['x5u', 'http://127.0.0.1:1/cert.pem'],
    ['x5c', ['MIIB']],
    ['x5t', 'abc'],
    ['x5t#S256', 'abc'],
    ['zip', 'DEF'],
    ['cty', 'JWT'],
    ['enc', 'A256GCM'],
    ['p2c', 2 ** 31],
    ['__proto__', {}],
    ['anything', null],
  ] as const) {
    it(`does not pass with ${member} ${JSON.stringify(value)}`, () => {
      const text = `${header.slice(0, -1)},${JSON.stringify(member)}:${JSON.stringify(value)}}`
      assertRefused(rawToken(key, text, payload), 'wrong_header')
    })
  }

  it('is not verified by the key that it embeds', async () => {
    const embedded = { jwk: { ...jwk } } as Partial<JWTHeaderParameters>
    assertRefused(await joseToken(foreignKey, goodClaims, embedded), 'wrong_header')
  })

  for (const text of [
    '',
    'null',
    '[]',
    '"ES256"',
    '1',
    '{}',
    '{',
    `${header}x`,
    `\ufeff${header}`,
    '{"alg":"ES256","typ":"at+jwt"}',
    '{"typ":"at+jwt","kid":"key-1"}',
    '{"alg":"ES256","kid":"key-1"}',
    '{"alg":"ES256","typ":"at+jwt","kid":1}',
    '{"alg":"ES256","typ":"at+jwt","kid":null}',
    '{"alg":"ES256","typ":"at+jwt","kid":["key-1"]}',
    '{"alg":["ES256"],"typ":"at+jwt","kid":"key-1"}',
    '{"alg":"ES256","typ":"at+jwt","__proto__":{"kid":"key-1"}}',
  ]) {
    it(`does not pass as ${JSON.stringify(text)}`, () => {
      assertRefused(rawToken(key, text, payload), text === '' ? 'malformed' : 'wrong_header')
    })
  }

  it('does not pass when it is not UTF-8, and neither does the payload', () => {
    const latin1 = (text: string) => Buffer.from(text, 'latin1')
    assertRefused(rawToken(key, latin1(header.replace('ES256', 'ES\u00a7')), payload), 'wrong_header')
    assertRefused(rawToken(key, header, latin1(payload.replace('token-1', 'token-\u00a7'))), 'wrong_claims')
  })
})

describe('the spelling of a token', () => {
  const token = rawToken(key, header, payload)
  const [head = '', body = '', signature = ''] = token.split('.')

  it('has one form: every character of a live token counts', () => {
    assert.equal(gate.authenticate(token, nowMs, nowMs).ok, true)
    for (let at = 0; at < token.length; at++) {
      for (const other of ['A', 'B', '_', '.', '=', ' ', '\u0000', '\u0430', '\ud800']) {
        if (token[at] !== other) assertRefused(token.slice(0, at) + other + token.slice(at + 1))
      }
      assertRefused(token.slice(0, at) + token.slice(at + 1))
      assertRefused(token.slice(0, at))
    }
  })

  it('has no second signature: (r, n - s) is refused though it is mathematically right', async () => {
    const twin = withSignature(await joseToken(key), bytes => withS(bytes, upper))
    assertRefused(twin, 'wrong_signature')
  })

  it('has no second signature under EdDSA: S + L is refused', async () => {
    const l = 2n ** 252n + 27742317777372353535851937790883648493n
    const twin = withSignature(await joseToken(edKey), bytes => {
      const s = BigInt(`0x${Buffer.from(bytes.subarray(32)).reverse().toString('hex')}`) + l
      return Buffer.concat([
        bytes.subarray(0, 32),
        Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse(),
      ])
    })
    assertRefused(twin, 'wrong_signature')
  })

  it('is not met by signatures of zeros and ends of the range', () => {
    const n = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'
    const zero = '00'.repeat(32)
    const one = `${'00'.repeat(31)}01`
    for (const hex of [zero + zero, one + zero, zero + one, n + one, one + n, n + n, 'ff'.repeat(64)]) {
      assertRefused(`${head}.${body}.${Buffer.from(hex, 'hex').toString('base64url')}`, 'wrong_signature')
    }
  })

  for (const [why, spelling] of [
    ['a padded header', `${head}=.${body}.${signature}`],
    ['a padded payload', `${head}.${body}=.${signature}`],
    ['a padded signature', `${token}==`],
    ['a space before', ` ${token}`],
    ['a line feed after', `${token}\n`],
    ['a scheme before', `Bearer ${token}`],
    ['a fourth part', `${token}.`],
    ['a fourth part with text', `${token}.AA`],
    ['five parts, as a JWE has', `${token}.AA.AA`],
    ['no header', `.${body}.${signature}`],
    ['no payload', `${head}..${signature}`],
    ['no signature', `${head}.${body}.`],
    ['two parts', `${head}.${body}`],
    ['one part', head],
    ['nothing', ''],
    ['dots', '..'],
    ['a DER signature', `${head}.${body}.${Buffer.alloc(70, 48).toString('base64url')}`],
    ['the JSON serialization', JSON.stringify({ protected: head, payload: body, signature })],
    ['plain base64', `${Buffer.from('>>>???').toString('base64')}.${body}.${signature}`],
  ] as const) {
    it(`is not ${why}`, () => assertRefused(spelling))
  }

  it('is not looked into when it has more than three parts', () => {
    for (const more of ['.', '.AA', '.AA.AA']) assertRefused(token + more, 'malformed')
  })

  it('is refused with trailing bits set in any part, even when the signature covers that text', () => {
    const loose = (text: string) =>
      text.slice(0, -1) + String.fromCharCode(text.charCodeAt(text.length - 1) + 1)
    const paddedHead = Buffer.from(`${header}${' '.repeat((4 - (header.length % 3)) % 3)}`).toString(
      'base64url',
    )
    assert.notEqual(paddedHead.length % 4, 0)
    assertRefused(signedText(key, `${loose(paddedHead)}.${body}`), 'wrong_header')
    const paddedBody = Buffer.from(`${payload}${' '.repeat((4 - (payload.length % 3)) % 3)}`).toString(
      'base64url',
    )
    assertRefused(signedText(key, `${head}.${loose(paddedBody)}`), 'wrong_signature')
    assertRefused(`${head}.${body}.${loose(signature)}`, 'wrong_signature')
  })
})

describe('the size of a token', () => {
  it('is checked before anything is parsed or split', () => {
    const dots = '.'.repeat(1_000_000)
    // Were it taken apart first, it would be called malformed.
    assertRefused(dots, 'too_large')
    assertRefused(`${'.'.repeat(4)}${'A'.repeat(1_000_000)}`, 'too_large')
  })

  it('has an end: a rightly signed token beyond it is refused', () => {
    const roomy = { ...goodClaims, padding: 'x'.repeat(7000) }
    assertRefused(rawToken(key, header, JSON.stringify(roomy)), 'too_large')
  })

  it('leaves room for four hundred roles', async () => {
    const roles = Array.from({ length: 400 }, (_, at) => `editors-${at}`.slice(-10))
    assert.equal(gate.verify(await joseToken(key, { ...goodClaims, roles }), nowMs).ok, true)
  })
})

describe('a token of another type', () => {
  const refreshToken = rawToken(key, header.replace('at+jwt', 'rt+jwt'), payload)
  const findKey = (kid: string) =>
    kid === 'key-1' ? { algorithm: key.published.algorithm, verify: importKey(key.published) } : undefined

  it('is read by the same rules when that type is asked for', () => {
    const read = readSignedToken(refreshToken, 'rt+jwt', findKey)
    assert.ok(read.ok)
    assert.deepEqual(read.payload, goodClaims)
    for (let at = 0; at < refreshToken.length; at++) {
      const other = refreshToken[at] === 'A' ? 'B' : 'A'
      const flipped = refreshToken.slice(0, at) + other + refreshToken.slice(at + 1)
      assert.equal(readSignedToken(flipped, 'rt+jwt', findKey).ok, false)
    }
  })

  it('does not pass for an access token, nor an access token for it', () => {
    assertRefused(refreshToken, 'wrong_header')
    const access = rawToken(key, header, payload)
    assert.deepEqual(readSignedToken(access, 'rt+jwt', findKey), { ok: false, rejection: 'wrong_header' })
  })
})
