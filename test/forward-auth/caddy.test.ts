import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { freePort } from '../support/free-port.ts'
import { reportMissing } from '../support/report-missing.ts'
import { cookieEnv, forwardCookieOf } from './support/forward-cookie.ts'
import { otherCases, pathTricks } from './support/path-tricks.ts'
import { startEcho, startProtected } from './support/protected-world.ts'
import { rawGet } from './support/raw-request.ts'
import { untilListening } from './support/start-nginx.ts'

const hasCaddy = (() => {
  try {
    execFileSync('caddy', ['version'], { stdio: 'pipe' })
    return true
  } catch {
    return false
  }
})()
if (!hasCaddy) reportMissing('Caddy', 'the configuration for Caddy is not tried')

describe('a service behind Caddy', { skip: !hasCaddy }, async () => {
  const { world, port: propuskPort } = await startProtected(cookieEnv)
  const echo = await startEcho()
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'propusk-caddy-'))
  const config = fileURLToPath(new URL('../../deploy/caddy/Caddyfile', import.meta.url))
  const caddy = spawn('caddy', ['run', '--config', config, '--adapter', 'caddyfile'], {
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      SITE: `http://:${port}`,
      PROPUSK: `127.0.0.1:${propuskPort}`,
      SERVICE: `127.0.0.1:${echo.port}`,
    },
  })
  after(async () => {
    if (caddy.exitCode === null) {
      caddy.kill('SIGTERM')
      await once(caddy, 'exit')
    }
    await echo.close()
    rmSync(folder, { recursive: true, force: true })
  })
  await untilListening(port)
  const stranger = await world.register()
  const authorization = `Authorization: Bearer ${stranger.access}`

  it('is open where a rule says so, and refuses elsewhere', async () => {
    assert.equal((await rawGet(port, '/open/x')).status, 200)
    assert.equal((await rawGet(port, '/x')).status, 401)
    assert.equal((await rawGet(port, '/x', { headers: [authorization] })).status, 200)
    assert.equal((await rawGet(port, '/admin/x', { headers: [authorization] })).status, 403)
  })

  it('is not reached by any spelling of a path, nor by headers that say another', async () => {
    const tricks = pathTricks.filter(trick => !trick.startsWith('http:'))
    for (const trick of [...tricks, ...otherCases]) {
      const { status } = await rawGet(port, trick, { headers: [authorization] })
      assert.ok(status >= 400 && status < 500, `${JSON.stringify(trick)}: ${status}`)
    }
    for (const header of ['X-Forwarded-Uri: /open/x', 'X-Forwarded-Host: x.org', 'X-Original-URI: /open/x']) {
      assert.equal((await rawGet(port, '/admin/x', { headers: [header, authorization] })).status, 403, header)
    }
  })

  it('is told who asks, and nothing that a client said', async () => {
    const forged = ['User-Id', 'Email', 'Roles', 'Assertion'].map(name => `X-Propusk-${name}: forged`)
    for (const path of ['/open/x', '/x']) {
      const { status, text } = await rawGet(port, path, { headers: [authorization, ...forged] })
      assert.equal(status, 200)
      assert.doesNotMatch(text, /forged/)
    }
  })

  it('leads a browser to the sign-in and back, and shows the service no cookie of ours', async () => {
    const page = ['Accept: text/html', 'Sec-Fetch-Mode: navigate', 'Sec-Fetch-Dest: document']
    const led = await rawGet(port, '/x?a=1', { headers: page })
    assert.equal(led.status, 302)
    const to = encodeURIComponent('https://app.example.org/x?a=1')
    assert.ok(led.text.includes(`https://auth.example.org/account/forward?to=${to}\r\n`), led.text)

    const cookie = await forwardCookieOf(world, stranger)
    for (const path of ['/open/x', '/x']) {
      for (const others of [['a=1', 'b=2'], ['a=1'], []]) {
        for (const at of [0, 1, 2]) {
          const pairs = others.toSpliced(at, 0, cookie)
          const { status, text } = await rawGet(port, path, { headers: [`Cookie: ${pairs.join('; ')}`] })
          assert.equal(status, 200)
          assert.doesNotMatch(text, /propusk-forward/)
          for (const other of others) assert.ok(text.includes(other), text)
        }
      }
      const { text } = await rawGet(port, '/open/x', {
        headers: [`Cookie: ${cookie};${cookie}`, `Cookie: ${cookie}`],
      })
      assert.doesNotMatch(text, /propusk-forward/)
    }
    assert.equal((await rawGet(port, '/admin/x', { headers: [...page, `Cookie: ${cookie}`] })).status, 403)
  })
})
