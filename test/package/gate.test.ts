import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { appendFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'
import { bundler, examplesOf, installLibrary, readProgram } from './support/installed.ts'
import { holdsForLibrary } from './support/library.ts'
import { onEachRuntime } from './support/runtimes.ts'

const installed = await installLibrary('gate')
const inJavaScript = installed.copy('gate-in-javascript.js')
const inTypeScript = await installed.compile('gate-in-typescript', readProgram('gate-in-typescript.ts'))
const examples = examplesOf('gate')
const example = examples.find(code => code.includes('createGate('))
await installed.compile('connecting', examples.find(code => code.includes('connectGate('))!)
const documented = await installed.compile('example', example!)
appendFileSync(documented, readProgram('after-gate-example.js'))

describe('the packed gate', () => {
  holdsForLibrary('gate', installed)

  it('has a core of less than 12 KB, compressed', async () => {
    const bundle = await rolldown({ input: join(installed.folder, 'dist/core.js'), platform: 'neutral' })
    const { output } = await bundle.generate({ format: 'esm', minify: true })
    const size = gzipSync(output[0].code).length
    assert.ok(size < 12_000, `${size} bytes`)
  })

  it('has types for bundlers, too', async () => {
    await installed.compile('gate-in-typescript', readProgram('gate-in-typescript.ts'), bundler)
  })

  it('has types that need no platform and no newer JavaScript than of 2020', async () => {
    const source = `export { createGate, type Gate, readSignedToken } from '@propusk/gate/core'\n`
    await installed.compile('plain', source, { ...bundler, lib: ['es2020'], types: [] })
  })

  it('has maps that lead a stack trace to the sources beside it', async () => {
    const program = join(installed.folder, '../../../trace.js')
    writeFileSync(program, "import { createGate } from '@propusk/gate/core'\ncreateGate({})\n")
    const run = promisify(execFile)(process.execPath, ['--enable-source-maps', program])
    const source = join(installed.folder, 'src/gate.ts')
    await assert.rejects(run, ({ stderr }) => stderr.includes(source))
  })

  onEachRuntime('admits, allows, and refuses after a change, from JavaScript,', async run => {
    assert.equal((await run(inJavaScript)).stdout, 'done\n')
  })

  onEachRuntime('admits, allows, and refuses after a change, from TypeScript,', async run => {
    assert.equal((await run(inTypeScript)).stdout, 'done\n')
  })

  onEachRuntime('does what its document shows', async run => {
    assert.equal((await run(documented)).stdout, 'done\n')
  })
})
