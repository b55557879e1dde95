import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  base64url,
  CompactSign,
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  generateKeyPair,
  importPKCS8,
  type JWTPayload,
  type JWTVerifyOptions,
  jwtVerify,
  SignJWT,
  UnsecuredJWT,
} from 'jose'
import { decrypt, deriveKey } from '../../server/src/keys/index.ts'
import { testWorld, type World } from '../support/world.ts'

const issuer = 'http://localhost:8000'

const keySetOf = async (world: World) => {
  const { keys } = (await world.call('GET', '/.well-known/jwks.json')).body
  return { keys, verify: createLocalJWKSet({ keys }) }
}

/** The key that signs the server's tokens, opened as the server opens it, for `jose` to sign with. */
async function ownKey({ server, core }: World) {
  const [key] = await core.stores.keys.list()
  assert.ok(key)
  const encryptionKey = deriveKey(server.keys.masterKey, 'propusk signing keys')
  const pem = decrypt(key.privateEncrypted, encryptionKey, `signing-key:${key.kid}`)
  assert.ok(pem)
  return { kid: key.kid, algorithm: key.algorithm, key: await importPKCS8(pem, key.algorithm) }
}

const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** Of the two signatures that ECDSA has for each text, the server makes and takes the one with the smaller s. */
const isLowS = (token: string) => {
  const signature = Buffer.from(token.split('.')[2]!, 'base64url')
  return BigInt(`0x${signature.subarray(32).toString('hex')}`) <= order / 2n
}

const described = (value: unknown) => base64url.encode(JSON.stringify(value))

for (const algorithm of ['ES256', 'EdDSA'] as const) {
  describe(`jose and the server, with ${algorithm}`, async () => {
    const world = await testWorld({
      env: { PROPUSK_KEY_ALGORITHM: algorithm, PROPUSK_AUDIENCE: 'urn:the-app' },
    })
    const person = await world.register()
    const { keys, verify } = await keySetOf(world)
    const own = await ownKey(world)
    const foreign = await generateKeyPair(algorithm, { extractable: true })
    const expected: JWTVerifyOptions = {
      issuer,
      audience: 'urn:the-app',
      typ: 'at+jwt',
      algorithms: [algorithm],
    }

    const claims = decodeJwt(person.access)
    const header = { alg: algorithm, typ: 'at+jwt', kid: own.kid }

    const sign = async (changes: { header?: object; claims?: object; key?: CryptoKey } = {}) => {
      const payload = { ...claims, ...changes.claims } as JWTPayload
      for (;;) {
        const token = await new SignJWT(payload)
          .setProtectedHeader({ ...header, ...changes.header })
          .sign(changes.key ?? own.key)
        if (algorithm === 'EdDSA' || isLowS(token)) return token
      }
    }
    const profile = (token: string) => world.call('GET', '/me/', { token })
    const assertRefused = async (token: string, what: string) => {
      const { status, body, headers } = await profile(token)
      assert.deepEqual([status, body.code], [401, 'invalid_token'], what)
      assert.match(String(headers['www-authenticate']), /^Bearer .*error="invalid_token"/)
    }

    it('publish only what a verifier needs', () => {
      assert.equal(keys.length, 1)
      const [key] = keys
      assert.deepEqual([key.alg, key.use, key.kid], [algorithm, 'sig', own.kid])
      for (const secret of ['d', 'p', 'q', 'k', 'dp', 'dq', 'qi']) assert.ok(!(secret in key), secret)
    })

    it('agree on an access token', async () => {
      const { payload, protectedHeader } = await jwtVerify(person.access, verify, expected)
      assert.deepEqual(protectedHeader, header)
      assert.equal(payload.sub, String(person.id))
      const registered = ['iss', 'sub', 'aud', 'exp', 'iat', 'jti', 'auth_time', 'acr', 'amr', 'client_id']
      const names = [...registered, 'sid', 'roles', 'role_ids']
      assert.deepEqual(Object.keys(payload).sort(), names.sort())
      assert.equal(payload.exp! - payload.iat!, 600)
    })

    it('agree on a refresh token, which is for the server only', async () => {
      const { payload } = await jwtVerify(person.refresh, verify, { issuer, audience: issuer, typ: 'rt+jwt' })
      assert.equal(payload.sid, claims.sid)
      await assert.rejects(jwtVerify(person.refresh, verify, expected))
      await assertRefused(person.refresh, 'a refresh token')
    })

    it('agree on a token that jose made with the very key, as a check of the rejections below', async () => {
      assert.equal((await profile(await sign())).status, 200)
    })

    const nowSeconds = Math.floor(world.clock.nowMs() / 1000)
    const wrongClaims: Readonly<Record<string, object>> = {
      'another audience': { aud: 'urn:another-app' },
      'a list of audiences': { aud: ['urn:the-app'] },
      'no audience': { aud: undefined },
      'another issuer': { iss: 'http://localhost:8001' },
      'the issuer with a slash': { iss: `${issuer}/` },
      'no issuer': { iss: undefined },
      'an exp that has passed': { iat: nowSeconds - 60, exp: nowSeconds - 1 },
      'no exp': { exp: undefined },
      'an exp of text': { exp: String(nowSeconds + 300) },
      'an exp beyond the longest life': { exp: nowSeconds + 86_400 },
      'an exp without end': { exp: 9_999_999_999 },
      'an iat to come': { iat: nowSeconds + 300, exp: nowSeconds + 600 },
      'no iat': { iat: undefined },
      'an nbf to come': { nbf: nowSeconds + 300 },
      'no session': { sid: undefined },
      'a session that is none': { sid: 'x' },
      'a session of nobody': { sid: '01890000-0000-4000-8000-000000000000' },
      'no subject': { sub: undefined },
      'a subject that is no number': { sub: 'admin' },
      'a subject with a zero before it': { sub: `0${person.id}` },
      'a subject of another type': { sub: person.id },
      'no jti': { jti: undefined },
      'no client': { client_id: undefined },
      'roles of another type': { roles: 'admin' },
      'superuser of another type': { superuser: 1 },
    }
    for (const [what, wrong] of Object.entries(wrongClaims)) {
      it(`refuse a token with ${what}`, async () => assertRefused(await sign({ claims: wrong }), what))
    }

    it('refuse a token of another type', async () => {
      for (const typ of [
        'JWT',
        'rt+jwt',
        'application/at+jwt',
        'AT+JWT',
        'id+jwt',
        'logout+jwt',
        '',
        undefined,
      ]) {
        await assertRefused(await sign({ header: { typ } }), `typ ${typ}`)
      }
    })

    it('refuse a token whose key is not one of the published ones', async () => {
      const jwk = await exportJWK(foreign.publicKey)
      await assertRefused(await sign({ key: foreign.privateKey }), 'a foreign key under our kid')
      for (const kid of [
        'unknown',
        `${own.kid}A`,
        '',
        undefined,
        '../../dev/null',
        '__proto__',
        'constructor',
      ]) {
        await assertRefused(await sign({ header: { kid } }), `kid ${kid}`)
        await assertRefused(await sign({ header: { kid }, key: foreign.privateKey }), `foreign, kid ${kid}`)
      }
      const embedded = {
        jwk,
        jku: 'http://127.0.0.1:9/jwks.json',
        x5u: 'http://127.0.0.1:9/x',
        x5c: ['AAAA'],
      }
      for (const [name, value] of Object.entries(embedded)) {
        const inHeader = { [name]: value }
        await assertRefused(await sign({ header: inHeader, key: foreign.privateKey }), `${name}, foreign key`)
        await assertRefused(await sign({ header: inHeader }), `${name}, own key`)
      }
    })

    it('jose and the server refuse a header with an unknown critical extension', async () => {
      const input = new TextEncoder().encode(JSON.stringify(claims))
      const token = await new CompactSign(input)
        .setProtectedHeader({ ...header, crit: ['exp'], exp: 1 })
        .sign(own.key, { crit: { exp: true } })
      await assertRefused(token, 'crit')
      await assertRefused(await sign({ header: { cty: 'JWT' } }), 'cty')
    })

    it('jose and the server refuse an unsigned token', async () => {
      const unsigned = new UnsecuredJWT(claims).encode()
      await assertRefused(unsigned, 'none')
      const [, payload, signature] = person.access.split('.')
      for (const alg of ['none', 'None', 'NONE', '']) {
        const head = described({ ...header, alg })
        for (const end of ['', signature])
          await assertRefused(`${head}.${payload}.${end}`, `${alg}, «${end}»`)
      }
    })

    it('refuse a public key in the place of a secret', async () => {
      const { createPublicKey } = await import('node:crypto')
      const pem = createPublicKey({ key: keys[0], format: 'jwk' }).export({ type: 'spki', format: 'pem' })
      for (const secret of [String(pem), String(pem).trim(), JSON.stringify(keys[0]), keys[0].x]) {
        const key = new TextEncoder().encode(secret)
        for (const alg of ['HS256', 'HS384', 'HS512']) {
          const token = await new SignJWT(claims).setProtectedHeader({ ...header, alg }).sign(key)
          await assertRefused(token, alg)
        }
      }
    })

    it('refuse the other algorithm under the same kid', async () => {
      for (const alg of ['ES256', 'ES384', 'EdDSA', 'PS256', 'RS256'].filter(each => each !== algorithm)) {
        const { privateKey } = await generateKeyPair(alg)
        const token = await new SignJWT(claims).setProtectedHeader({ ...header, alg }).sign(privateKey)
        await assertRefused(token, alg)
      }
    })

    it('refuse every other spelling of a good token', async () => {
      const [head, payload, signature] = person.access.split('.') as [string, string, string]
      const spellings = [
        `${person.access}=`,
        `${person.access}.`,
        `${head}.${payload}`,
        `${head}.${payload}.`,
        `${head}=.${payload}.${signature}`,
        `${head}.${payload}.${signature}.${signature}`,
        `${head}.${payload}.${otherLastBits(signature)}`,
        `${described({ ...header, extra: 1 })}.${payload}.${signature}`,
        `${head}.${described({ ...claims, roles: ['admin'] })}.${signature}`,
      ]
      for (const spelling of spellings) await assertRefused(spelling, spelling.slice(-20))
      const { protectedHeader } = await jwtVerify(person.access, verify, expected)
      assert.deepEqual(protectedHeader, decodeProtectedHeader(person.access))
    })

    if (algorithm === 'ES256') {
      it('refuse the other signature that ECDSA has for the same text', async () => {
        const [head, payload, signature] = person.access.split('.') as [string, string, string]
        const bytes = Buffer.from(signature, 'base64url')
        const s = order - BigInt(`0x${bytes.subarray(32).toString('hex')}`)
        bytes.write(s.toString(16).padStart(64, '0'), 32, 'hex')
        const twin = `${head}.${payload}.${bytes.toString('base64url')}`
        await jwtVerify(twin, verify, expected)
        await assertRefused(twin, 'high s')
      })
    }

    it('refuse a forged refresh token in one way', async () => {
      const real = decodeJwt(person.refresh)
      const forge = (changes: { header?: object; claims?: object; key?: CryptoKey }) =>
        sign({
          ...changes,
          header: { typ: 'rt+jwt', ...changes.header },
          claims: { ...real, ...changes.claims },
        })
      const forged = [
        await forge({ key: foreign.privateKey }),
        await forge({ header: { typ: 'at+jwt' } }),
        await forge({ claims: { aud: 'urn:the-app' } }),
        await forge({ claims: { sid: '0190a1b2-0000-7000-8000-000000000001' } }),
        await forge({ claims: { sub: String(person.id + 1) } }),
        await forge({ claims: { exp: nowSeconds - 1 } }),
        new UnsecuredJWT(real).encode(),
      ]
      const assertNoUse = async (refresh: string) => {
        const { status, body } = await world.call('POST', '/token/refresh/', { body: { refresh } })
        assert.deepEqual([status, body.code], [401, 'invalid_refresh_token'])
      }
      for (const refresh of forged) await assertNoUse(refresh)
      const body = { refresh: person.refresh }
      const { status, body: next } = await world.call('POST', '/token/refresh/', { body })
      assert.equal(status, 200)
      // Never issued, yet signed with our key: whoever made it holds more than a token, so the session ends.
      await assertNoUse(await forge({ claims: { jti: '0190a1b2-0000-7000-8000-000000000001' } }))
      await assertNoUse(next.refresh)
    })
  })
}

/** The last character of base64url carries unused bits here: decoders that are lax take both spellings. */
function otherLastBits(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  return text.slice(0, -1) + alphabet[alphabet.indexOf(text.at(-1)!) ^ 1]!
}

describe('after a rotation', () => {
  it('jose verifies tokens of the old key and of the new one', async () => {
    const world = await testWorld()
    const person = await world.register()
    await world.server.keys.signAtOnce()
    const later = await world.login(person)
    const { keys, verify } = await keySetOf(world)
    assert.equal(keys.length, 2)
    const currentDate = new Date(world.clock.nowMs())
    const [old, fresh] = await Promise.all(
      [person, later].map(({ access }) => jwtVerify(access, verify, { issuer, typ: 'at+jwt', currentDate })),
    )
    assert.notEqual(old!.protectedHeader.kid, fresh!.protectedHeader.kid)
    for (const { access } of [person, later]) {
      assert.equal((await world.call('GET', '/me/', { token: access })).status, 200)
    }
  })
})
