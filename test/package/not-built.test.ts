import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** A checkout after `npm ci` with NODE_ENV=production, --omit=dev or --ignore-scripts: nothing that builds, nothing built. */
const place = mkdtempSync(join(tmpdir(), 'propusk-not-built-'))
after(() => rmSync(place, { recursive: true, force: true }))
for (const path of ['package.json', 'scripts', 'console/build.js', 'server/scripts', 'server/package.json'])
  cpSync(join(root, path), join(place, path), { recursive: true })

const run = (...args: string[]) => spawnSync(process.execPath, args, { cwd: place, encoding: 'utf8' })

describe('where nothing is built', () => {
  for (const command of ['serve', 'demo', 'doctor']) {
    it(`${command} says in one line what is needed`, () => {
      const { status, stdout, stderr } = run('scripts/run.js', command)
      assert.equal(status, 1)
      assert.equal(stdout, '')
      assert.match(stderr, /^Propusk is not built\. Run: npm ci --include=dev .*npm run build\)\n$/)
    })
  }

  it('an install says in one line that it has not built, and goes well', () => {
    const { status, stdout, stderr } = run('scripts/prepare.js')
    assert.equal(status, 0)
    assert.match(stdout, /^Not built: .* npm ci --include=dev\n$/)
    assert.equal(stderr, '')
  })

  it('a build says in one line what is needed', () => {
    const { status, stderr } = run('scripts/build.js')
    assert.equal(status, 1)
    assert.match(stderr, /^Not built: .* npm ci --include=dev\n$/)
  })

  it('a bill of materials says in one line what is needed', () => {
    const { status, stderr } = run('scripts/sbom.js')
    assert.equal(status, 1)
    assert.match(stderr, /^Propusk is not built\. Run: npm run build\n$/)
  })
})
