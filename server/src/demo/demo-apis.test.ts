import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { testWorld } from '../../../test/support/world.ts'
import { demoAccounts, seedDemo } from './index.ts'
import { superuserEmail } from './people.ts'

// The server runs before the demo is seeded: it must hear of the roles that come then.
const world = await testWorld()
await seedDemo(world.core)

const tokenOf = async (email: string) => {
  const { password } = demoAccounts.find(account => account.email === email)!
  return (await world.login({ email, password })).access
}
const tokens = {
  superuser: await tokenOf(superuserEmail),
  admin: await tokenOf('admin@example.com'),
  supervisor: await tokenOf('supervisor@example.com'),
  user: await tokenOf('user@example.com'),
}

describe('the demo APIs', () => {
  const call = (who: keyof typeof tokens | undefined, method: string, path: string, body?: unknown) =>
    world.call(method, `/api/demo${path}`, { token: who && tokens[who], ...(body !== undefined && { body }) })

  type Case = [method: string, path: string, body: unknown, user: number, supervisor: number, admin: number]
  const cases: readonly Case[] = [
    ['GET', '/projects/', undefined, 200, 200, 200],
    ['POST', '/projects/', { name: 'New' }, 403, 201, 201],
    ['GET', '/projects/1/', undefined, 200, 200, 200],
    ['PUT', '/projects/1/', { name: 'Replaced' }, 403, 200, 200],
    ['PATCH', '/projects/1/', { status: 'done' }, 403, 200, 200],
    ['DELETE', '/projects/2/', undefined, 403, 403, 204],
    ['GET', '/documents/', undefined, 200, 200, 200],
    ['POST', '/documents/', { title: 'New' }, 403, 201, 201],
    ['GET', '/documents/1/', undefined, 200, 200, 200],
    ['PUT', '/documents/1/', { title: 'Replaced' }, 403, 200, 200],
    ['PATCH', '/documents/1/', { title: 'Patched' }, 403, 200, 200],
    ['POST', '/documents/1/approve/', undefined, 403, 200, 200],
    ['GET', '/documents/export/', undefined, 403, 200, 200],
    ['DELETE', '/documents/2/', undefined, 403, 403, 204],
  ]
  for (const [method, path, body, ...statuses] of cases) {
    it(`${method} ${path} answers user, supervisor and admin ${statuses.join(', ')}`, async () => {
      for (const [index, who] of (['user', 'supervisor', 'admin'] as const).entries()) {
        const answer = await call(who, method, path, body)
        assert.equal(answer.status, statuses[index], `${who}: ${answer.text}`)
      }
      assert.equal((await call(undefined, method, path, body)).status, 401)
    })
  }

  it('a superuser may do everything, and a row that is gone is 404 on every call', async () => {
    assert.equal((await call('superuser', 'DELETE', '/documents/3/')).status, 204)
    assert.equal((await call('superuser', 'GET', '/documents/3/')).status, 404)
    assert.equal((await call('superuser', 'PUT', '/documents/3/', { title: 'x' })).status, 404)
    assert.equal((await call('superuser', 'PATCH', '/documents/3/', { title: 'x' })).status, 404)
    assert.equal((await call('superuser', 'DELETE', '/documents/3/')).status, 404)
    assert.equal((await call('superuser', 'POST', '/documents/3/approve/')).status, 404)
  })

  it('a caller without the permission gets the same 403 whether the row exists or not', async () => {
    const here = await call('user', 'DELETE', '/documents/4/')
    const gone = await call('user', 'DELETE', '/documents/999/')
    assert.equal(here.body.detail, gone.body.detail)
    assert.match(here.body.detail, /documents:delete/)
  })

  it('nothing but an approval makes a document approved', async () => {
    const attempts = [
      ['POST', '/documents/'],
      ['PUT', '/documents/4/'],
      ['PATCH', '/documents/4/'],
    ] as const
    for (const [method, path] of attempts) {
      const answer = await call('admin', method, path, { title: 'x', status: 'approved' })
      assert.equal(answer.status, 400)
      assert.deepEqual(Object.keys(answer.body.errors), ['status'])
    }
    const approved = await call('supervisor', 'POST', '/documents/4/approve/')
    assert.equal(approved.body.status, 'approved')
    assert.deepEqual((await call('supervisor', 'POST', '/documents/4/approve/')).body, approved.body)
  })

  it('an approved document with another title needs a new approval', async () => {
    await call('supervisor', 'POST', '/documents/5/approve/')
    const { title } = (await call('user', 'GET', '/documents/5/')).body
    assert.equal((await call('supervisor', 'PATCH', '/documents/5/', { title })).body.status, 'approved')
    assert.equal(
      (await call('supervisor', 'PATCH', '/documents/5/', { title: 'Other' })).body.status,
      'draft',
    )
  })

  it('the export is CSV with every document, and no title in it is a formula', async () => {
    const made = await call('admin', 'POST', '/documents/', { title: '=cmd|x!A1' })
    const { status, headers, text } = await call('supervisor', 'GET', '/documents/export/')
    assert.equal(status, 200)
    assert.equal(headers['content-type'], 'text/csv; charset=utf-8')
    assert.match(String(headers['content-disposition']), /^attachment/)
    assert.ok(text.includes(`\r\n${made.body.id},"'=cmd|x!A1","draft"\r\n`))
    assert.ok(text.startsWith('\ufeff"id","title","status"\r\n'))
    const asked = await call('supervisor', 'GET', '/documents/export/?separator=semicolon')
    assert.ok(asked.text.includes(`\r\n${made.body.id};"'=cmd|x!A1";"draft"\r\n`))
    assert.equal((await call('supervisor', 'GET', '/documents/export/?separator=x')).status, 400)
  })

  it('lists are paged, searched, filtered and ordered as everywhere else', async () => {
    const first = (await call('user', 'GET', '/projects/?limit=5&ordering=-id')).body
    assert.equal(first.results.length, 5)
    assert.equal(first.previous, null)
    assert.match(first.next, /^\/api\/demo\/projects\/\?/)
    const second = (await world.call('GET', first.next, { token: tokens.user })).body
    assert.ok(second.results[0].id < first.results[4].id)
    const back = (await world.call('GET', second.previous, { token: tokens.user })).body
    assert.deepEqual(back.results, first.results)

    const found = (await call('user', 'GET', '/documents/?search=POLICY')).body.results
    assert.equal(found.length, 0, 'document 2, the policy, was deleted above')
    const drafts = (await call('user', 'GET', '/documents/?status=draft')).body.results
    assert.ok(drafts.length > 0)
    for (const { status } of drafts) assert.equal(status, 'draft')
    for (const query of ['limit=0', 'limit=201', 'ordering=secret', 'cursor=abc', 'status=x', 'other=1']) {
      assert.equal((await call('user', 'GET', `/projects/?${query}`)).status, 400, query)
    }
  })

  it('a write takes its own fields only', async () => {
    const readOnly = await call('admin', 'POST', '/projects/', { name: 'x', id: 7 })
    assert.equal(readOnly.status, 400)
    assert.deepEqual(Object.keys(readOnly.body.errors), ['id'])
    assert.equal((await call('admin', 'PATCH', '/projects/4/', { nam: 'x' })).status, 400)
    assert.equal((await call('admin', 'POST', '/projects/', { name: '' })).status, 400)
    assert.equal((await call('admin', 'POST', '/projects/', {})).status, 400)
    assert.equal((await call('admin', 'GET', '/projects/first/')).status, 400)
  })

  it('a seeded change of roles is obeyed by tokens that exist already', async () => {
    const { body: profile } = await world.call('GET', '/me/', { token: tokens.user })
    const edit = await world.call('PATCH', `/users/${profile.id}/`, {
      token: tokens.superuser,
      body: { roles: ['supervisor'] },
    })
    assert.equal(edit.status, 200, edit.text)
    assert.equal((await call('user', 'GET', '/documents/export/')).status, 200)
  })
})
