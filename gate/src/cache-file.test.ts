import assert from 'node:assert/strict'
import { generateKeyPairSync, sign } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { CacheFile } from './cache-file.ts'
import { connectGate } from './connect-gate.ts'
import type { ConnectedGate } from './connected-gate.ts'

const directory = mkdtempSync(join(tmpdir(), 'propusk-cache-'))
after(() => rmSync(directory, { recursive: true, force: true }))

const { publicKey, privateKey } = generateKeyPairSync('ed25519')
const { kty, crv, x } = publicKey.export({ format: 'jwk' }) as { kty: string; crv: string; x: string }
const jwk = { kty, crv, x }

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
function signed(typ: string, claims: object): string {
  const input = `${encode({ alg: 'EdDSA', typ, kid: 'k' })}.${encode(claims)}`
  return `${input}.${sign(null, Buffer.from(input), privateKey).toString('base64url')}`
}

// Nothing listens there.
const issuer = 'http://127.0.0.1:1'
const session = '01934d3b-1c00-7000-8000-000000000001'
const endedSession = '01934d3b-1c00-7000-8000-000000000002'
const now = () => Date.now() / 1000

const snapshot = (claims: object = {}) =>
  signed('propusk-snapshot+jwt', {
    iss: issuer,
    iat: now() - 60,
    audience: issuer,
    max_token_life_seconds: 600,
    epoch: 'e',
    order: 1e15,
    keys: [{ kid: 'k', algorithm: 'EdDSA', jwk, expiresAtMs: null }],
    roles: [{ roleId: 1, role: 'reader', permissions: ['documents:read'] }],
    catalogue: [
      { part: 'resource', entryId: 1, codeName: 'documents' },
      { part: 'action', entryId: 1, codeName: 'read' },
    ],
    changes: [],
    endedSessions: [{ expiresAtMs: Date.now() + 600_000, sessions: endedSession }],
    ...claims,
  })

const kept = (jws: string) => JSON.stringify({ snapshot: jws, keys: [{ ...jwk, kid: 'k', alg: 'EdDSA' }] })

const token = (claims: object = {}) =>
  signed('at+jwt', {
    iss: issuer,
    aud: issuer,
    sub: '1',
    sid: session,
    client_id: 'propusk',
    jti: 'j',
    iat: now() - 1,
    exp: now() + 500,
    roles: ['reader'],
    superuser: true,
    ...claims,
  })

let files = 0
const newFile = () => join(directory, `gate-${++files}`)

async function connect(cacheFile: string, options: { issuer?: string } = {}) {
  const faults: string[] = []
  const gate = await connectGate({
    issuer,
    ...options,
    key: 'propusk_key',
    cacheFile,
    startWithinMs: 300,
    onEvent: ({ error }) => {
      if (error instanceof Error) faults.push(error.message)
    },
  })
  after(() => gate.close())
  return { gate, faults }
}

const verdictOf = async (gate: ConnectedGate, text: string) => {
  const { status, because } = await gate.check(text, 'documents', 'read')
  return [status, ...because]
}

describe('a gate that starts from a file while its server cannot be reached', () => {
  it('is stale, with the time and the fault, and tells what is over from what it cannot know', async () => {
    const file = newFile()
    writeFileSync(file, kept(snapshot()))
    const { gate } = await connect(file)
    assert.equal(gate.state, 'stale')
    const { knownAt, error } = gate.outage!
    assert.ok(Math.abs(Date.now() - 60_000 - knownAt!.getTime()) < 30_000)
    assert.match((error as Error).message, /ECONNREFUSED/)
    assert.deepEqual(await verdictOf(gate, token()), [503, { token: 'stale' }])
    assert.deepEqual(await verdictOf(gate, token({ sid: endedSession })), [401, { token: 'ended' }])
    assert.deepEqual(await verdictOf(gate, token({ exp: now() - 1, iat: now() - 60 })), [
      401,
      { token: 'expired' },
    ])
    assert.deepEqual(await verdictOf(gate, `${token().slice(0, -4)}AAAA`), [
      401,
      { token: 'wrong_signature' },
    ])
    const answer = gate.check(token(), 'documents', 'read')
    assert.equal((await answer).principal?.may('documents', 'read') ?? false, false)
  })

  it('knows nothing without a file, which is no fault', async () => {
    const { gate, faults } = await connect(newFile())
    assert.deepEqual([gate.state, gate.outage?.knownAt], ['starting', undefined])
    assert.deepEqual(await verdictOf(gate, token({ sid: endedSession })), [503, { token: 'stale' }])
    assert.ok(faults.every(fault => !fault.includes('cacheFile')))
  })

  const flipped = snapshot().replace(
    /^([^.]+\.[\w-]{40})(.)/,
    (_, start, byte) => start + (byte === 'A' ? 'B' : 'A'),
  )
  const useless: readonly [string, string, RegExp][] = [
    ['is empty', '', /JSON/],
    ['was cut off', kept(snapshot()).slice(0, 500), /JSON/],
    ['is another JSON', '{"name":"other"}', /./],
    ['has one flipped byte', kept(flipped), /not signed/],
    ['names no key', JSON.stringify({ snapshot: snapshot(), keys: [] }), /not signed/],
    ['holds an access token', kept(token()), /not signed/],
    ['is of another issuer', kept(snapshot({ iss: 'https://other.example' })), /https:\/\/other\.example/],
    ['is more than a week old', kept(snapshot({ iat: now() - 8 * 86_400 })), /192 hours old/],
    ['is from the future', kept(snapshot({ iat: now() + 8 * 86_400 })), /hours old/],
    ['says no time', kept(snapshot({ iat: undefined })), /hours old/],
    [
      'needs a newer gate',
      kept(snapshot({ changes: [{ id: 1, expiresAtMs: 1, kind: 'new' }] })),
      /newer gate/,
    ],
  ]
  for (const [what, text, fault] of useless) {
    it(`ignores a file that ${what}, and says so`, async () => {
      const file = newFile()
      writeFileSync(file, text)
      const { gate, faults } = await connect(file)
      assert.equal(gate.state, 'starting')
      assert.deepEqual(await verdictOf(gate, token()), [503, { token: 'stale' }])
      const [said, ...more] = faults.filter(each => !each.includes('ECONNREFUSED'))
      assert.ok(said?.startsWith(`cacheFile ${file} is ignored: `), faults.join())
      assert.match(said ?? '', fault)
      assert.deepEqual(more, [])
    })
  }

  it('allows nothing by a forged file, though a server sends beats without a snapshot', async () => {
    const beat = { time: new Date().toISOString(), cursor: 'c', as_of_ms: 0, count: 0, hash: '' }
    const server = createServer((_request, response) => {
      response.setHeader('content-type', 'text/event-stream')
      response.write(`event: now\nid: c\ndata: ${JSON.stringify(beat)}\n\n`)
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    after(() => server.close())
    const own = `http://127.0.0.1:${(server.address() as { port: number }).port}`
    const file = newFile()
    writeFileSync(file, kept(snapshot({ iss: own, audience: own })))
    const { gate, faults } = await connect(file, { issuer: own })
    assert.equal(gate.state, 'stale')
    assert.deepEqual(await verdictOf(gate, token({ iss: own, aud: own })), [503, { token: 'stale' }])
    assert.ok(faults.includes('a beat came before a snapshot'), faults.join())
    server.closeAllConnections()
  })
})

describe('a file of a gate', () => {
  it('cannot be where there is no folder: the fault says so, and no part of a file is left', async () => {
    const file = new CacheFile(join(directory, 'none', 'gate'), issuer)
    await assert.rejects(file.write(snapshot(), []), /cacheFile .*none\/gate cannot be written: ENOENT/)
    await assert.rejects(new CacheFile(directory, issuer).write(snapshot(), []), /cannot be written/)
    assert.deepEqual(
      readdirSync(directory).filter(name => name.includes('tmp')),
      [],
    )
  })
})
