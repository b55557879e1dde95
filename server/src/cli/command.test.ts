import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { commandLineOf } from './command.ts'

const checkout = fileURLToPath(new URL('../../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'propusk-name-'))
after(() => rmSync(folder, { recursive: true }))

/** How a process says to type these commands when it was started by `script` in such an environment. */
const typed = (script: string, env: Record<string, string> = {}, commands = ['', 'serve', 'keys rotate']) =>
  commands.map(commandLineOf({ argv: ['/usr/bin/node', script], env }))

const npx = ['npx propusk', 'npx propusk serve', 'npx propusk keys rotate']
const alone = ['propusk', 'propusk serve', 'propusk keys rotate']
const npmRun = ['npm run cli --', 'npm start', 'npm run cli -- keys rotate']

describe('the command that a message names', () => {
  it('is an npm script in a checkout, whether sources or build run, and whatever npm started them', () => {
    for (const script of ['server/src/main.js', 'server/dist/main.js', 'server/dist/server.mjs']) {
      assert.deepEqual(typed(join(checkout, script)), npmRun)
      assert.deepEqual(typed(join(checkout, script), { npm_lifecycle_event: 'start' }), npmRun)
      assert.deepEqual(typed(join(checkout, script), { npm_command: 'exec' }), npmRun)
    }
    assert.deepEqual(typed(join(checkout, 'server/src/main.js'), {}, ['demo']), ['npm run demo'])
  })

  it('is npx where npm has found the program in node_modules', () => {
    assert.deepEqual(typed('/app/cli.js', { npm_command: 'exec', npm_lifecycle_event: 'npx' }), npx)
    assert.deepEqual(
      typed('/app/cli.js', { npm_command: 'run-script', npm_lifecycle_event: 'production' }),
      npx,
    )
    assert.deepEqual(typed('/srv/app/node_modules/.bin/propusk'), npx)
    assert.deepEqual(typed(join(checkout, 'node_modules/.bin/propusk'), { npm_command: 'exec' }), npx)
  })

  it('is the name alone where the shell finds it: a global package, an image, a single executable', () => {
    for (const script of [
      '/usr/local/bin/propusk',
      '/usr/lib/node_modules/propusk/dist/main.js',
      '/usr/bin/node',
      '',
    ]) {
      assert.deepEqual(typed(script), alone, script)
    }
    assert.deepEqual(commandLineOf({ argv: ['/opt/propusk'], env: {} })('doctor'), 'propusk doctor')
  })

  it('is not an npm script in a folder that only looks like a checkout', () => {
    const script = join(folder, 'server/src/main.js')
    assert.deepEqual(typed(script), alone)
    mkdirSync(join(folder, 'server/src'), { recursive: true })
    for (const content of ['{"name":"other"}', 'no JSON']) {
      writeFileSync(join(folder, 'package.json'), content)
      assert.deepEqual(typed(script), alone)
    }
  })

  it('is the path of a single executable as it was typed, whatever started it', () => {
    for (const path of ['propusk', './propusk-0.1.0-linux-x64', '/usr/local/bin/propusk']) {
      const commandLine = commandLineOf({ argv: ['/opt/x', path], env: { npm_command: 'exec' } }, true)
      assert.equal(commandLine('user list'), `${path} user list`)
      assert.equal(commandLine(''), path)
    }
  })
})
