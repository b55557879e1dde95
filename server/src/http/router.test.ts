import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Refusal } from '../kernel/index.ts'
import { Router } from './router.ts'

function routerOf(...places: readonly string[]): Router<string> {
  const router = new Router<string>()
  for (const place of places) {
    const [method = '', pattern = ''] = place.split(' ')
    router.add(method, pattern, place)
  }
  return router
}

const router = routerOf(
  'GET /',
  'GET /users/',
  'GET /users/:id/',
  'PUT /users/:id/',
  'GET /users/me/',
  'GET /users/:id/roles/:role/',
  'GET /users/:user_id/sessions/',
  'POST /users/me/sessions/',
  'GET /pages/',
  'GET /pages/*',
  'GET /pages/index/',
  'GET /a.b/',
)
const at = (path: string, method = 'GET') => router.find(method, path)?.endpoint
const isMalformed = (error: unknown) =>
  error instanceof Refusal && error.code === 'invalid_request' && error.errors?.path !== undefined

describe('the router', () => {
  it('meets a path with and without its trailing slash', () => {
    for (const path of ['/users', '/users/']) assert.equal(at(path), 'GET /users/')
    for (const path of ['/users/7', '/users/7/']) assert.equal(at(path), 'GET /users/:id/')
    assert.equal(at('/'), 'GET /')
  })

  it('takes nothing else for the same path', () => {
    for (const path of ['', '//', '//users', '/users//', '/users//7', '/users/7//', '/Users', '/users;a=b']) {
      assert.equal(at(path), undefined, path)
    }
    for (const path of ['/users/../users', '/./users', '/users/.', 'users', '*', '/aXb', '/users/7/roles']) {
      assert.notEqual(at(path), 'GET /users/', path)
    }
    assert.equal(at('/aXb/'), undefined)
  })

  it('gives the parameters by the names in their own pattern, decoded once', () => {
    const paramsAt = (path: string) => router.find('GET', path)?.params
    assert.deepEqual(paramsAt('/users/7/'), { id: '7' })
    assert.deepEqual(paramsAt('/users/7/roles/a%20b/'), { id: '7', role: 'a b' })
    assert.deepEqual(paramsAt('/users/7/sessions'), { user_id: '7' })
    assert.deepEqual(paramsAt('/users/%2531/'), { id: '%31' })
    assert.deepEqual(paramsAt('/users/a%2Fb/'), { id: 'a/b' })
    assert.deepEqual(paramsAt('/users/a;b=c/'), { id: 'a;b=c' })
  })

  it('reads a segment in any spelling of its characters, and no slash out of one', () => {
    assert.equal(at('/%75sers/'), 'GET /users/')
    assert.equal(at('/users%2F7'), undefined)
    assert.equal(at('/users/%6De/'), 'GET /users/me/')
  })

  it('prefers the segment of that very name, for each method by itself', () => {
    assert.equal(at('/users/me/'), 'GET /users/me/')
    assert.equal(at('/users/me/', 'PUT'), 'PUT /users/:id/')
    assert.equal(at('/users/me/sessions/'), 'GET /users/:user_id/sessions/')
    assert.equal(at('/users/me/sessions/', 'POST'), 'POST /users/me/sessions/')
    assert.equal(at('/users/me/roles/x/'), 'GET /users/:id/roles/:role/')
  })

  it('gives all that follows to the end of a pattern, where nothing nearer is there', () => {
    assert.equal(at('/pages/'), 'GET /pages/')
    assert.equal(at('/pages/index'), 'GET /pages/index/')
    const match = router.find('GET', '/pages/users/7/a%20b.js')
    assert.deepEqual([match?.endpoint, match?.params], ['GET /pages/*', { '*': 'users/7/a b.js' }])
    assert.equal(at('/pages/index/more'), 'GET /pages/*')
    assert.equal(at(`/pages/${'x'.repeat(1_000)}`), 'GET /pages/*')
  })

  it('knows no method that was not registered, and nothing that every object has', () => {
    assert.equal(at('/users/', 'DELETE'), undefined)
    for (const path of ['/__proto__', '/constructor/', '/users/7/__proto__']) {
      assert.equal(at(path), undefined, path)
    }
    assert.equal(at('/users/', 'constructor'), undefined)
  })

  it('refuses a path that cannot be decoded, and a parameter longer than any of ours', () => {
    for (const path of ['/%', '/%zz', '/users/%ff', '/nowhere/%c0%ae', `/users/${'1'.repeat(201)}/`]) {
      assert.throws(() => at(path), isMalformed, path)
    }
    assert.equal(at(`/users/${'1'.repeat(200)}/`), 'GET /users/:id/')
  })

  it('has one answer for each place', () => {
    assert.throws(() => routerOf('GET /users/:id/', 'GET /users/:other/'), /is there already/)
    assert.throws(() => routerOf('GET /x/*', 'GET /x/*'), /is there already/)
  })
})
