import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { call, login, password, refusedWithinASecond, register } from './support/api.ts'
import { type Propusk, workplace } from './support/propusk.ts'

const place = workplace()
let server: Propusk

before(async () => {
  server = await place.start()
})

describe('user create, beside a running server', () => {
  it('takes the password from standard input, without its line end, and the account signs in', async () => {
    const made = await place.run('user create Boss@Example.org --superuser --staff', `${password}\n`)
    assert.deepEqual([made.code, made.err], [0, ''])
    assert.equal(made.out, 'created superuser boss@example.org with id 1\n')
    const { access } = await login(server.url, 'boss@example.org')
    const { body } = await call(server.url, 'GET', '/me/', { token: access })
    assert.deepEqual([body.is_superuser, body.is_staff, body.is_active], [true, true, true])
  })

  it('makes plain accounts, which may do nothing', async () => {
    assert.equal((await place.run('user create plain@example.org', password)).code, 0)
    const { access } = await login(server.url, 'plain@example.org')
    assert.equal((await call(server.url, 'GET', '/users/', { token: access })).status, 403)
  })

  const rejections: [string, string, string, RegExp][] = [
    ['an address that is taken', 'boss@example.org', password, /^propusk: email: .+\n$/],
    ['a common password', 'new@example.org', 'password123', /^propusk: password: .+\n$/],
    ['a short password', 'new@example.org', 'x', /^propusk: password: .+\n$/],
    ['something that is no address', 'nobody', password, /^propusk: email: .+\n$/],
    ['no password', 'new@example.org', '', /^propusk: Standard input holds no password/],
  ]
  for (const [what, email, secret, sentence] of rejections) {
    it(`refuses ${what}, ends with 1, and does not repeat the password`, async () => {
      const { code, out, err } = await place.run(`user create ${email}`, secret)
      assert.deepEqual([code, out], [1, ''])
      assert.match(err, sentence)
      if (secret.length > 1) assert.ok(!err.includes(secret))
    })
  }
})

describe('user list', () => {
  it('shows every account and no hash', async () => {
    const { code, out } = await place.run('user list')
    assert.equal(code, 0)
    assert.match(out, /boss@example\.org .*active, superuser, staff/)
    assert.match(out, /plain@example\.org .*active/)
    assert.doesNotMatch(out, /argon2|\$/)
  })

  it('ends quietly when its reader has seen enough', async () => {
    const { code, err } = await place.runUnread('user list')
    assert.deepEqual([code, err], [0, ''])
  })
})

describe('user deactivate, beside a running server', () => {
  it('propusk user deactivate ends every session within a second and refuses further sign-ins', async () => {
    const { access, refresh } = await register(server.url, 'gone@example.org')
    const other = await login(server.url, 'gone@example.org')
    assert.equal((await call(server.url, 'GET', '/me/', { token: access })).status, 200)

    const { code, out } = await place.run('user deactivate gone@example.org')
    assert.deepEqual([code, out], [0, 'deactivated gone@example.org and ended all its sessions\n'])

    await refusedWithinASecond(server.url, access)
    await refusedWithinASecond(server.url, other.access)
    assert.equal((await call(server.url, 'POST', '/token/refresh/', { body: { refresh } })).status, 401)
    const again = await call(server.url, 'POST', '/login/', { body: { email: 'gone@example.org', password } })
    assert.deepEqual([again.status, again.body.code], [401, 'invalid_credentials'])
    assert.match((await place.run('user list')).out, /gone@example\.org .*deactivated/)
  })

  it('is done already the second time', async () => {
    const { code, out } = await place.run('user deactivate gone@example.org')
    assert.deepEqual([code, out], [0, 'gone@example.org is already deactivated\n'])
  })

  it('leaves the last superuser alone', async () => {
    const { code, err } = await place.run('user deactivate boss@example.org')
    assert.equal(code, 1)
    assert.match(err, /^propusk: .+\n$/)
    await login(server.url, 'boss@example.org')
  })

  it('says that there is no such account', async () => {
    const { code, err } = await place.run('user deactivate nobody@example.org')
    assert.equal(code, 1)
    assert.match(err, /^propusk: There is no account nobody@example\.org\./)
  })
})

describe('user erase, beside a running server', () => {
  it('logs the account out within a second, and its address is free then', async () => {
    const { access } = await register(server.url, 'forgotten@example.org')
    const { code, out } = await place.run('user erase forgotten@example.org')
    assert.equal(code, 0)
    assert.match(out, /^erased account \d+ and ended all its sessions\. The audit keeps .+\n$/)
    await refusedWithinASecond(server.url, access)
    assert.doesNotMatch((await place.run('user list')).out, /forgotten/)
    await register(server.url, 'forgotten@example.org')
  })

  it('says that there is no such account', async () => {
    const { code, err } = await place.run('user erase nobody@example.org')
    assert.equal(code, 1)
    assert.match(err, /^propusk: There is no account nobody@example\.org\./)
  })
})
