import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../support/free-port.ts'
import { call, login, password, register } from './support/api.ts'
import { workplace } from './support/propusk.ts'

const root = new URL('../../', import.meta.url)

/** The whole service of docs/own-service.md, but for its port. */
function serviceOf(port: number): string {
  const [, code] =
    /```ts\n([\s\S]*?)```/.exec(readFileSync(new URL('docs/own-service.md', root), 'utf8')) ?? []
  assert.ok(code)
  assert.ok(code.includes('.listen(8001,'))
  return code.replace('.listen(8001,', `.listen(${port},`)
}

describe('the service of docs/own-service.md', async () => {
  const home = mkdtempSync(join(tmpdir(), 'propusk-own-'))
  // In the checkout, so that it finds the gate as a service there would.
  const file = new URL(`own-service-${process.pid}.ts`, root)
  const port = await freePort()
  let service: ChildProcess | undefined
  after(() => {
    service?.kill()
    rmSync(file, { force: true })
    rmSync(home, { recursive: true, force: true })
  })

  const ask = async (token: string): Promise<number> => {
    for (let tries = 0; ; tries++) {
      try {
        const headers = { authorization: `Bearer ${token}` }
        return (await fetch(`http://127.0.0.1:${port}/`, { headers })).status
      } catch (error) {
        // Not listening yet.
        if (tries === 600) throw error
        await sleep(100)
      }
    }
  }
  const until = async (token: string, wanted: number) => {
    for (let tries = 0; tries < 600 && (await ask(token)) !== wanted; tries++) await sleep(100)
    assert.equal(await ask(token), wanted)
  }

  it('answers by what it has loaded, and by what happens from then on', async () => {
    const database = join(home, 'propusk.db')
    const place = workplace({ PROPUSK_DATABASE_URL: `sqlite:${database}`, PROPUSK_PORT: '0' })
    const server = await place.start()
    const made = await place.run('user create root@example.com --superuser', `${password}\n`)
    assert.equal(made.code, 0, made.err)
    const superuser = await login(server.url, 'root@example.com')
    const make = (path: string, name: string, more = {}) =>
      call(server.url, 'POST', path, { token: superuser.access, body: { name, code_name: name, ...more } })
    await make('/resources/', 'documents')
    const role = await make('/roles/', 'reader', { permissions: ['documents:read'] })
    const [early, late] = [
      await register(server.url, 'a@example.com'),
      await register(server.url, 'b@example.com'),
    ]
    const give = (id: number, roles: string[]) =>
      call(server.url, 'PATCH', `/users/${id}/`, { token: superuser.access, body: { roles } })
    await give(early.user.id, ['reader'])
    const ended = await register(server.url, 'c@example.com')
    await call(server.url, 'POST', '/logout/', { token: ended.access })

    writeFileSync(file, serviceOf(port))
    service = spawn(process.execPath, [file.pathname], {
      env: { ...process.env, LEDGER: database },
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    assert.deepEqual(
      [await ask(superuser.access), await ask(early.access), await ask(late.access), await ask(ended.access)],
      [200, 200, 403, 401],
    )

    await give(late.user.id, ['reader'])
    await until(late.access, 200)
    await call(server.url, 'PATCH', `/roles/${role.body.id}/`, {
      token: superuser.access,
      body: { code_name: 'looker' },
    })
    await call(server.url, 'POST', '/logout/', { token: early.access })
    await until(early.access, 401)
    assert.equal(await ask(late.access), 200)
    await call(server.url, 'DELETE', `/roles/${role.body.id}/`, { token: superuser.access })
    await until(late.access, 403)
    assert.equal((await server.stop()).code, 0)
  })
})
