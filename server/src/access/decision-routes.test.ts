import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { type Account, testWorld } from '../../../test/support/world.ts'

for (const engine of engines) {
  describe(`access decisions on ${engine}`, async () => {
    const { call, superuser, withPermissions, register } = await testWorld({ engine })
    const chief = await superuser()
    const root = chief.access
    await call('POST', '/resources/', { token: root, body: { name: 'Plans', code_name: 'plans' } })
    await call('POST', '/actions/', { token: root, body: { name: 'Approve', code_name: 'approve' } })

    const rolesOf = async ({ id }: Account) =>
      (await call('GET', `/users/${id}/`, { token: root })).body.roles
    const check = async (token: string, resource: string, action: string, userId?: number) => {
      const body = { checks: [{ resource, action }], ...(userId !== undefined && { user_id: userId }) }
      const answer = await call('POST', '/access/check/', { token, body })
      return answer.status === 200 ? answer.body.results[0].allowed : answer.status
    }
    const explain = async (token: string, resource: string, action: string, userId?: number) => {
      const whose = userId === undefined ? '' : `user_id=${userId}&`
      return await call('GET', `/access/explain/?${whose}resource=${resource}&action=${action}`, { token })
    }

    describe('asking about decisions', () => {
      const cases: [held: string, resource: string, action: string, allowed: boolean][] = [
        ['plans:read', 'plans', 'read', true],
        ['plans:read', 'plans', 'approve', false],
        ['plans:read', 'plans', 'all', false],
        ['plans:all', 'plans', 'approve', true],
        ['plans:all', 'plans', 'all', true],
        ['plans:all', 'users', 'read', false],
        ['plans:all', 'plans', 'fly', false],
        ['plans:all', 'ghosts', 'read', false],
        ['plans:all', 'plans:all', 'read', false],
        ['plans:all', 'PLANS', 'read', false],
        ['plans:all', '__proto__', 'read', false],
        ['plans:all', 'plans', 'constructor', false],
        ['plans:all', 'ghosts', 'fly', false],
      ]
      /** As a caller sees which of the two is mistyped. */
      const unknownIn = (resource: string, action: string) => [
        ...(['plans', 'users'].includes(resource) ? [] : [{ unknown: 'resource', name: resource }]),
        ...(['read', 'approve', 'all'].includes(action) ? [] : [{ unknown: 'action', name: action }]),
      ]
      for (const [held, resource, action, allowed] of cases) {
        test(`with ${held}, ${resource}:${action} is ${allowed ? '' : 'not '}allowed, to check, explain and who_can alike`, async () => {
          const account = await withPermissions(held)
          assert.equal(await check(account.access, resource, action), allowed)
          assert.equal(await check(root, resource, action, account.id), allowed)
          const explained = await explain(account.access, resource, action)
          const [role] = await rolesOf(account)
          const unknown = unknownIn(resource, action)
          const reason = allowed ? { role, permission: held } : { missing: `${resource}:${action}` }
          assert.deepEqual(explained.body, { allowed, because: unknown.length > 0 ? unknown : [reason] })
          const path = `/access/who_can/?resource=${resource}&action=${action}&limit=200`
          const able = await call('GET', path, { token: root })
          assert.equal(
            able.body.results.some((user: { id: number }) => user.id === account.id),
            allowed,
          )
        })
      }

      test('answers stand in the places of their questions', async () => {
        const account = await withPermissions('plans:read')
        const checks = [
          { resource: 'users', action: 'read' },
          { resource: 'plans', action: 'read' },
          { resource: 'plans', action: 'read' },
        ]
        const answer = await call('POST', '/access/check/', { token: account.access, body: { checks } })
        assert.deepEqual(answer.body, {
          results: checks.map(each => ({ ...each, allowed: each.resource === 'plans' })),
        })
      })

      for (const [what, body, field] of [
        ['no checks', { checks: [] }, 'checks'],
        ['101 checks', { checks: Array(101).fill({ resource: 'plans', action: 'read' }) }, 'checks'],
        ['a check without an action', { checks: [{ resource: 'plans' }] }, 'checks.0.action'],
        ['an unknown field', { checks: [{ resource: 'plans', action: 'read' }], all: true }, 'all'],
        [
          'a user_id that is text',
          { checks: [{ resource: 'plans', action: 'read' }], user_id: '1' },
          'user_id',
        ],
      ] as const) {
        test(`${what}: a 400 that names the field`, async () => {
          const answer = await call('POST', '/access/check/', { token: root, body })
          assert.equal(answer.status, 400)
          assert.deepEqual(Object.keys(answer.body.errors), [field])
        })
      }

      test('a superuser may do everything that exists, and nothing that does not', async () => {
        assert.equal(await check(root, 'plans', 'approve'), true)
        assert.equal(await check(root, 'plans', 'fly'), false)
        assert.deepEqual((await explain(root, 'plans', 'approve')).body, {
          allowed: true,
          because: [{ superuser: true }],
        })
        assert.deepEqual((await explain(root, 'ghosts', 'read')).body, {
          allowed: false,
          because: [{ unknown: 'resource', name: 'ghosts' }],
        })
        const nobody = await call('GET', '/access/who_can/?resource=ghosts&action=read', { token: root })
        assert.deepEqual(nobody.body, { next: null, previous: null, results: [] })
      })

      test('a resource is known with its creation, under its name alone, and until it is deleted', async () => {
        const held = await withPermissions('plans:all')
        const make = { name: 'Brief', code_name: 'briefs' }
        const { body } = await call('POST', '/resources/', { token: root, body: make })
        const path = `/resources/${body.id}/`
        const asked = async (resource: string) => [
          await check(root, resource, 'read'),
          await check(root, resource, 'read', chief.id),
          await check(held.access, resource, 'read'),
        ]
        assert.deepEqual(await asked('briefs'), [true, true, false])
        await call('PATCH', path, { token: root, body: { code_name: 'memos' } })
        assert.deepEqual(await asked('briefs'), [false, false, false])
        assert.deepEqual(await asked('memos'), [true, true, false])
        await call('DELETE', path, { token: root })
        assert.deepEqual(await asked('memos'), [false, false, false])
      })

      test('every role and permission that allows it is named, the narrow one first', async () => {
        const account = await withPermissions('plans:all', 'plans:read')
        const second = await withPermissions('plans:read')
        const roles = [...(await rolesOf(account)), ...(await rolesOf(second))]
        const body = { roles, first_name: 'Anna', last_name: null, middle_name: null }
        await call('PATCH', `/users/${account.id}/`, { token: root, body })
        const explained = await explain(account.access, 'plans', 'read')
        assert.deepEqual(explained.body, {
          allowed: true,
          because: [
            { role: roles[0], permission: 'plans:read' },
            { role: roles[0], permission: 'plans:all' },
            { role: roles[1], permission: 'plans:read' },
          ],
        })
        const able = await call('GET', '/access/who_can/?resource=plans&action=read&limit=200', {
          token: root,
        })
        const found = able.body.results.find((user: { id: number }) => user.id === account.id)
        assert.deepEqual(found, {
          id: account.id,
          email: account.email,
          first_name: 'Anna',
          last_name: null,
          middle_name: null,
          is_superuser: false,
          roles: roles.sort(),
        })
      })

      test('about another user only who has users:read learns anything, even whether there is one', async () => {
        const account = await withPermissions('plans:read')
        const nosy = await register()
        for (const id of [account.id, 999_999]) {
          assert.equal(await check(nosy.access, 'plans', 'read', id), 403)
          const explained = await explain(nosy.access, 'plans', 'read', id)
          assert.equal(explained.status, 403)
          assert.match(explained.body.detail, /users:read/)
        }
        assert.equal(await check(nosy.access, 'plans', 'read', nosy.id), false, 'oneself needs nothing')
        const reader = await withPermissions('users:read')
        assert.equal(await check(reader.access, 'plans', 'read', account.id), true)
        assert.equal(await check(reader.access, 'plans', 'read', 999_999), 404)
        assert.equal((await explain(reader.access, 'plans', 'read', 999_999)).status, 404)
        assert.equal(
          (await call('GET', '/access/who_can/?resource=plans&action=read', { token: nosy.access })).status,
          403,
        )
      })

      test('nothing is allowed to an inactive account', async () => {
        const account = await withPermissions('plans:read')
        assert.equal((await call('DELETE', `/users/${account.id}/`, { token: root })).status, 204)
        assert.equal(await check(root, 'plans', 'read', account.id), false)
        const explained = await explain(root, 'plans', 'read', account.id)
        assert.deepEqual(explained.body, { allowed: false, because: [{ inactive: true }] })
        const able = await call('GET', '/access/who_can/?resource=plans&action=read&limit=200', {
          token: root,
        })
        assert.ok(!able.body.results.some((user: { id: number }) => user.id === account.id))
      })

      test('who can is read page by page, superusers among the others', async () => {
        const able = [chief, await withPermissions('plans:approve'), await withPermissions('plans:approve')]
        const seen = new Set<number>()
        let path: string | null = '/access/who_can/?resource=plans&action=approve&limit=1'
        while (path !== null) {
          const page = await call('GET', path, { token: root })
          assert.equal(page.body.results.length, 1)
          assert.ok(!seen.has(page.body.results[0].id), 'nobody comes twice')
          seen.add(page.body.results[0].id)
          path = page.body.next
        }
        for (const { id } of able) assert.ok(seen.has(id))
      })

      test('without a token there is no answer', async () => {
        assert.equal((await call('GET', '/access/explain/?resource=plans&action=read')).status, 401)
        assert.equal((await call('POST', '/access/check/', { body: {} })).status, 401)
      })
    })
  })
}
