import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'

const folder = new URL('../src/', import.meta.url)
/** What connects a gate to a server does I/O; the core, which decides, does none. */
const connecting = [
  'index.ts',
  'ask-server.ts',
  'builtin-module.ts',
  'cache-file.ts',
  'check-tokens.ts',
  'connect-gate.ts',
  'connected-gate.ts',
  'feed-faults.ts',
  'follow-feed.ts',
  'gate-connection.ts',
  'issuer-keys.ts',
  'knowledge.ts',
  'open-feed.ts',
  'pace.ts',
  'read-events.ts',
  'signed-snapshot.ts',
  'testing.ts',
  'web-signatures.ts',
]
const isSource = (name: string) => name.endsWith('.ts') && !name.endsWith('.test.ts')
const files = readdirSync(folder).filter(name => isSource(name) && !connecting.includes(name))

describe('the source of the core of the gate', () => {
  for (const name of files) {
    const code = readFileSync(new URL(name, folder), 'utf8')
      .replaceAll(/\/\*[\s\S]*?\*\//g, '')
      .replaceAll(/\/\/.*$/gm, '')

    it(`imports only its own files in ${name}`, () => {
      const sources = [...code.matchAll(/(?:from|import\s*\(?)\s*['"]([^'"]+)['"]/g)].map(match => match[1]!)
      for (const source of sources) assert.match(source, /^\.\/[a-z0-9-]+\.ts$/)
    })

    it(`reaches for no clock, chance, network or Node global in ${name}`, () => {
      const reached =
        /\b(?:(?:Date|performance|Math\.random|crypto|fetch|process|Buffer|global|globalThis|setTimeout|setInterval|console|require|eval)\b|import\s*\()/
      assert.doesNotMatch(code, reached)
    })
  }

  it('is known to this test', () => assert.ok(files.includes('core.ts') && files.length > 10))

  it('needs no dependency: a framework is there where an adapter is used', () => {
    const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
    for (const field of ['dependencies', 'optionalDependencies']) assert.equal(manifest[field], undefined)
    for (const peer of Object.keys(manifest.peerDependencies)) {
      assert.deepEqual(manifest.peerDependenciesMeta[peer], { optional: true })
    }
  })
})
