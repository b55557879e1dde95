import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { installExample } from '../../examples/support/install-example.ts'
import { startDemo } from '../../examples/support/start.ts'
import { build } from '../support/build.ts'
import { freePort } from '../support/free-port.ts'

const document = readFileSync(join(import.meta.dirname, '../../docs/protect-your-api.md'), 'utf8')

const blocks = (language: string): readonly string[] =>
  [...document.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map(([, code]) => code!)

async function inShell(script: string): Promise<readonly string[]> {
  const { stdout, stderr } = await promisify(execFile)('bash', ['--norc', '-euc', script])
  assert.equal(stderr, '')
  return stdout.trim().split('\n')
}

describe('docs/protect-your-api.md', () => {
  it('leads from nothing to a protected route', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'propusk-protect-'))
    after(() => rmSync(folder, { recursive: true, force: true }))
    await build('console', 'server')
    const demo = await startDemo(join(folder, 'demo'), await freePort())
    after(() => demo.stop())

    const [prepare, makeKey, , tryIt] = blocks('sh').map(code =>
      code.replace('http://127.0.0.1:8000', demo.url),
    )
    const [key] = await inShell(`exec 3>&1 >/dev/null\n${prepare}\nexec >&3\n${makeKey}`)
    assert.match(key!, /^propusk_/)

    const service = await installExample('fastify', join(folder, 'service'))
    const port = await freePort()
    const [program] = blocks('ts').map(code =>
      code.replace('http://localhost:8000', demo.url).replace('port: 3000', `port: ${port}`),
    )
    writeFileSync(join(service, 'server.ts'), program!)
    const env = { PATH: process.env.PATH, PROPUSK_KEY: key }
    const child = spawn(process.execPath, ['server.ts'], { cwd: service, env, stdio: 'inherit' })
    after(() => child.kill())
    while (!(await fetch(`http://localhost:${port}/notes`).catch(() => undefined))) await sleep(50)

    const signIn = prepare!.slice(0, prepare!.indexOf('ROOT='))
    const statuses = tryIt!
      .replaceAll('localhost:3000', `localhost:${port}`)
      .replaceAll('curl -s', "curl -o /dev/null -w '%{http_code}\\n' -s")
    const documented = [...tryIt!.matchAll(/# (\d{3}):/g)].map(([, status]) => status)
    assert.equal(documented.length, 3)
    assert.deepEqual(await inShell(`${signIn}\n${statuses}`), documented)
  })
})
