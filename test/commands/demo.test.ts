import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { call, login, password } from './support/api.ts'
import { workplace } from './support/propusk.ts'
import { countRows } from './support/tables.ts'

const place = workplace()

describe('demo', () => {
  it('prints its addresses and its accounts, and they work', async () => {
    const server = await place.start('demo')
    await server.says(/Ctrl-C stops the server/)
    for (const path of ['/swagger/', '/redoc/', '/openapi.json']) {
      assert.ok(server.out().includes(`${server.url}${path}`), path)
      assert.equal((await call(server.url, 'GET', `/${path}`)).status, 200)
    }
    const accounts = [...server.out().matchAll(/^ {2}(\S+@\S+) +(\S+) +\S/gm)]
    assert.ok(accounts.some(([, email, secret]) => email === 'mr.englishcat@gmail.com' && secret === 'root'))
    for (const [, email, secret] of accounts) await login(server.url, email ?? '', secret)
    assert.equal((await server.stop('SIGINT')).code, 0)
  })

  it('adds nothing the second time', async () => {
    const before = countRows(place)
    assert.ok((before.users ?? 0) >= 50)
    const server = await place.start('demo')
    assert.equal((await server.stop()).code, 0)
    assert.deepEqual(countRows(place), before)
  })

  it('protects its own small APIs', async () => {
    const server = await place.start('demo')
    const { access } = await login(server.url, 'user@example.com', 'user-demo')
    const read = await call(server.url, 'GET', '//api/demo/documents/', { token: access })
    const remove = await call(server.url, 'DELETE', '//api/demo/documents/1/', { token: access })
    const nobody = await call(server.url, 'GET', '//api/demo/documents/')
    assert.deepEqual([read.status, remove.status, nobody.status], [200, 403, 401])
    assert.equal((await server.stop()).code, 0)
  })

  it('listens on this machine only, whatever PROPUSK_HOST says, and says so', async () => {
    const server = await place.start('demo', { PROPUSK_HOST: '0.0.0.0' })
    assert.equal(new URL(server.url).hostname, '127.0.0.1')
    assert.match((await server.stop()).err, /listens on 127\.0\.0\.1, not on 0\.0\.0\.0/)
  })

  it('does not touch a database with other people in it', async () => {
    const real = workplace()
    assert.equal((await real.run('user create ann@example.org --superuser', password)).code, 0)
    const before = countRows(real)
    const { code, err } = await real.run('demo', '', { PROPUSK_PORT: '0' })
    assert.equal(code, 1)
    assert.match(err, /^propusk: This database holds accounts .+\n$/)
    assert.deepEqual(countRows(real), before)
  })

  it('is not led to take a database for its own by an account with the address of one of its own', async () => {
    const real = workplace()
    const people = ['ann@example.org --superuser', 'mr.englishcat@gmail.com']
    for (const person of people) assert.equal((await real.run(`user create ${person}`, password)).code, 0)
    const before = countRows(real)
    const { code, err } = await real.run('demo', '', { PROPUSK_PORT: '0' })
    assert.equal(code, 1)
    assert.match(err, /^propusk: This database holds accounts .+\n$/)
    assert.deepEqual(countRows(real), before)
  })

  it('propusk serve warns about a database of the demo', async () => {
    const server = await place.start('serve')
    await server.says(/demo password/)
    assert.equal((await server.stop()).code, 0)
  })
})
