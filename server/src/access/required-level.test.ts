import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { enrolTotp } from '../../../test/support/totp.ts'
import { type Account, testWorld } from '../../../test/support/world.ts'

for (const engine of engines) {
  describe(`a role that asks for a second factor, on ${engine}`, async () => {
    const world = await testWorld({ engine })
    const { call } = world
    const root = (await world.superuser()).access
    let counter = 0

    const makeRole = async (permissions: readonly string[], more: object = { requires_aal: 'aal2' }) => {
      const code = `guarded-${++counter}`
      const body = { name: code, code_name: code, permissions, ...more }
      const made = await call('POST', '/roles/', { token: root, body })
      assert.equal(made.status, 201, made.text)
      return made.body as { id: number; code_name: string; requires_aal?: string }
    }
    const give = async ({ id }: Account, role: { code_name: string }) => {
      const given = await call('PUT', `/users/${id}/roles/${role.code_name}/`, { token: root })
      assert.equal(given.status, 204, given.text)
    }
    /** Shows a factor in the session; gives its token from then on. */
    const raise = async (person: Account): Promise<string> => {
      const app = await enrolTotp(world, person)
      const raised = await call('POST', '/me/step_up/', { token: person.access, body: { totp: app.next() } })
      assert.equal(raised.status, 200, raised.text)
      return raised.body.access
    }
    const person = async (...permissions: string[]) => {
      const account =
        permissions.length > 0 ? await world.withPermissions(...permissions) : await world.register()
      const role = await makeRole(['users:read', 'users:create'])
      await give(account, role)
      return { account, role }
    }
    const assertNeedsFactor = (answer: Awaited<ReturnType<typeof call>>) => {
      assert.deepEqual(
        [answer.status, answer.body.code],
        [401, 'insufficient_user_authentication'],
        answer.text,
      )
      assert.deepEqual([answer.body.acr_values, answer.body.max_age], ['aal2', undefined])
      assert.match(
        String(answer.headers['www-authenticate']),
        /error="insufficient_user_authentication".*acr_values="aal2"/,
      )
    }

    it('permits in a session that showed one, and answers 401 in any other', async () => {
      const { account } = await person('roles:read')
      assertNeedsFactor(await call('GET', '/users/', { token: account.access }))
      // What another role of the same person permits needs none; what no role permits is a 403.
      assert.equal((await call('GET', '/roles/', { token: account.access })).status, 200)
      assert.equal((await call('GET', '/audit/', { token: account.access })).status, 403)
      const raised = await raise(account)
      assert.equal((await call('GET', '/users/', { token: raised })).status, 200)
      // The token from before says what it said.
      assertNeedsFactor(await call('GET', '/users/', { token: account.access }))
    })

    it('is not asked for where another role permits the same', async () => {
      const { account } = await person('users:read')
      assert.equal((await call('GET', '/users/', { token: account.access })).status, 200)
    })

    it('shows in `/me/` what holds in the session', async () => {
      const { account, role } = await person('roles:read')
      const before = (await call('GET', '/me/', { token: account.access })).body
      assert.deepEqual(before.permissions, ['roles:read'])
      assert.deepEqual(before.step_up_permissions, ['users:create', 'users:read'])
      assert.ok(before.roles.includes(role.code_name))
      const after = (await call('GET', '/me/', { token: await raise(account) })).body
      assert.deepEqual(after.permissions, ['roles:read', 'users:create', 'users:read'])
      assert.equal('step_up_permissions' in after, false)
    })

    it('is what the questions say: about oneself for the session, about another for the level that is named', async () => {
      const { account, role } = await person('roles:read')
      const ask = async (token: string, more: object = {}) => {
        const checks = [
          { resource: 'users', action: 'read' },
          { resource: 'roles', action: 'read' },
          { resource: 'users', action: 'delete' },
        ]
        const { body } = await call('POST', '/access/check/', { token, body: { checks, ...more } })
        return body.results.map((each: object) => Object.values(each).slice(2))
      }
      const low = [[false, 'aal2'], [true], [false]]
      const high = [[true], [true], [false]]
      assert.deepEqual(await ask(account.access), low)
      assert.deepEqual(await ask(account.access, { acr: 'aal2', user_id: account.id }), high)
      assert.deepEqual(await ask(root, { user_id: account.id }), low)
      assert.deepEqual(await ask(root, { user_id: account.id, acr: 'aal2' }), high)

      const explain = async (query: string) =>
        (
          await call('GET', `/access/explain/?resource=users&action=read&user_id=${account.id}${query}`, {
            token: root,
          })
        ).body
      const by = { role: role.code_name, permission: 'users:read' }
      assert.deepEqual(await explain(''), { allowed: false, because: [{ requires_aal: 'aal2', by }] })
      assert.deepEqual((await explain('&alternatives=true')).alternatives, [])
      assert.deepEqual(await explain('&acr=aal2'), { allowed: true, because: [by] })

      const effective = await call('GET', `/access/effective/?user_id=${account.id}`, { token: root })
      const levels = effective.body.permissions.map((each: Record<string, string>) => [
        each.resource,
        each.action,
        each.requires_aal,
      ])
      assert.deepEqual(levels, [
        ['roles', 'read', undefined],
        ['users', 'create', 'aal2'],
        ['users', 'read', 'aal2'],
      ])
      const whoCan = await call('GET', '/access/who_can/?resource=users&action=create', { token: root })
      assert.ok(whoCan.body.results.some((each: { id: number }) => each.id === account.id))

      const raised = await raise(account)
      assert.deepEqual(await ask(raised), high)
      assert.deepEqual(await ask(raised, { acr: 'aal1' }), low)
    })

    it('is what AuthZEN answers, for the level that the subject is said to have', async () => {
      const { account } = await person()
      const evaluate = async (properties?: object) => {
        const subject = { type: 'user', id: String(account.id), ...(properties && { properties }) }
        const body = { subject, action: { name: 'read' }, resource: { type: 'users', id: '1' } }
        const { payload } = await world.inject({
          method: 'POST',
          url: '/access/v1/evaluation',
          headers: { authorization: `Bearer ${root}`, 'content-type': 'application/json' },
          payload: body,
        } as never)
        return JSON.parse(payload as string)
      }
      for (const properties of [undefined, { acr: 'aal1' }, { acr: 7 }]) {
        const { decision, context } = await evaluate(properties)
        assert.deepEqual([decision, context.acr_values], [false, 'aal2'])
      }
      const { decision, context } = await evaluate({ acr: 'aal2' })
      assert.deepEqual([decision, context.acr_values], [true, undefined])
    })

    it('is not satisfied by an API key, whatever its owner has shown', async () => {
      const { account } = await person('api_keys:create')
      const raised = await raise(account)
      const body = { name: 'a program', permissions: ['users:read'] }
      const made = await call('POST', '/api_keys/', { token: raised, body })
      assert.equal(made.status, 201, made.text)
      const answer = await call('GET', '/users/', { token: made.body.key })
      assert.deepEqual([answer.status, answer.body.code], [403, 'permission_denied'])
    })

    it('asks from the next request on when it is told to, and no more when it is told so', async () => {
      const account = await world.register()
      const role = await makeRole(['users:read'], {})
      assert.equal('requires_aal' in role, false)
      await give(account, role)
      const change = async (requires_aal: string | null) => {
        const { status, body } = await call('PATCH', `/roles/${role.id}/`, {
          token: root,
          body: { requires_aal },
        })
        return [status, body.requires_aal]
      }
      const look = () => call('GET', '/users/', { token: account.access })
      assert.equal((await look()).status, 200)
      assert.deepEqual(await change('aal2'), [200, 'aal2'])
      assertNeedsFactor(await look())
      // Who replaces a role without knowing of levels lowers none.
      const body = { name: role.code_name, code_name: role.code_name, permissions: ['users:read'] }
      const replaced = await call('PUT', `/roles/${role.id}/`, { token: root, body })
      assert.equal(replaced.body.requires_aal, 'aal2')
      assertNeedsFactor(await look())
      assert.deepEqual(await change('aal1'), [200, undefined])
      assert.equal((await look()).status, 200)
      const listed = await call('GET', `/roles/?search=${role.code_name}`, { token: root })
      assert.equal(listed.body.results[0].requires_aal, undefined)
      assert.equal(
        (await call('PATCH', `/roles/${role.id}/`, { token: root, body: { requires_aal: 'aal3' } })).status,
        400,
      )

      const { body: audit } = await call('GET', `/audit/?action=role.update&target=roles/${role.id}`, {
        token: root,
      })
      const levels = audit.results.map(
        (event: { details: Record<string, unknown> }) => event.details.requires_aal,
      )
      assert.deepEqual(levels, [
        { from: 'aal2', to: null },
        { from: null, to: 'aal2' },
      ])
    })

    it('lends its rank to sessions of its level alone', async () => {
      const { account, role } = await person('roles:update', 'users:update')
      const other = await makeRole([], {})
      const victim = await world.withPermissions('users:create')
      const raised = await raise(account)
      const attempts = [
        ['PUT', `/roles/${other.id}/permissions/users:read/`, undefined],
        ['PATCH', `/roles/${role.id}/`, { requires_aal: null }],
        ['PATCH', `/users/${victim.id}/`, { first_name: 'Anna' }],
      ] as const
      for (const [method, path, body] of attempts) {
        assertNeedsFactor(await call(method, path, { token: account.access, ...(body && { body }) }))
      }
      for (const [method, path, body] of attempts) {
        const answer = await call(method, path, { token: raised, ...(body && { body }) })
        assert.ok([200, 204].includes(answer.status), answer.text)
      }
    })

    it('asks for no factor that would not be enough', async () => {
      const { account, role } = await person('roles:update', 'users:update', 'api_keys:create')
      const other = await makeRole(['users:read', 'audit:read'], {})
      const third = await makeRole([], {})
      const victim = await world.register()
      await give(victim, other)
      const permissions = ['users:read', 'audit:read']
      const attempts = [
        ['PATCH', `/users/${victim.id}/`, { first_name: 'Anna' }],
        ['PATCH', `/users/${(await world.register()).id}/`, { roles: [role.code_name, other.code_name] }],
        ['PATCH', `/roles/${third.id}/`, { permissions }],
        ['POST', '/api_keys/', { name: 'a program', permissions }],
        ['POST', '/api_keys/', { name: 'a program', roles: [role.code_name, other.code_name] }],
      ] as const
      for (const [method, path, body] of attempts) {
        const { status, text, body: problem } = await call(method, path, { token: account.access, body })
        assert.deepEqual([status, problem.code], [403, 'permission_denied'], text)
        assert.match(problem.detail, /audit:read/)
      }
      const preview = { token: account.access, body: { changes: [{ kind: 'delete_role', role: 'x' }] } }
      assert.equal((await call('POST', '/access/preview/', preview)).status, 403)
    })

    it('is in nobody’s way who renames another role of their own', async () => {
      const { account } = await person('roles:update', 'roles:delete')
      const other = await makeRole([], {})
      await give(account, other)
      const code_name = `${other.code_name}-renamed`
      const path = `/roles/${other.id}/`
      const renamed = await call('PATCH', path, {
        token: account.access,
        body: { name: code_name, code_name },
      })
      assert.equal(renamed.status, 200, renamed.text)
      assert.equal((await call('DELETE', path, { token: account.access })).status, 204)
    })

    it('can be told so by who holds all that it permits, and by nobody else', async () => {
      const role = await makeRole(['users:read', 'audit:read'], {})
      const editor = await world.withPermissions('roles:update', 'users:read')
      const body = { requires_aal: 'aal2' }
      const refused = await call('PATCH', `/roles/${role.id}/`, { token: editor.access, body })
      assert.deepEqual([refused.status, refused.body.code], [403, 'permission_denied'])
      const holder = await world.withPermissions('roles:update', 'users:read', 'audit:read')
      assert.equal((await call('PATCH', `/roles/${role.id}/`, { token: holder.access, body })).status, 200)
    })
  })
}
