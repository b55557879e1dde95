import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../../test/support/engines.ts'
import { type Account, testWorld } from '../../../../test/support/world.ts'

interface Change {
  kind: string
  role?: string
  permission?: string
  user_id?: number
}

for (const engine of engines) {
  describe(`what would turn a decision round, on ${engine}`, async () => {
    const { call, superuser, withPermissions, register } = await testWorld({ engine })
    const root = await superuser()
    const token = root.access
    let counter = 0

    /** A resource of its own for each test, so that no role of another test says anything about it. */
    const resource = async () => {
      const name = `plans-${++counter}`
      await call('POST', '/resources/', { token, body: { name, code_name: name } })
      return name
    }
    const role = async (...permissions: string[]) => {
      const name = `role-${++counter}`
      const answer = await call('POST', '/roles/', { token, body: { name, code_name: name, permissions } })
      assert.equal(answer.status, 201, answer.text)
      return name
    }
    const give = (account: Account, ...roles: string[]) =>
      call('PATCH', `/users/${account.id}/`, { token, body: { roles } })
    const ask = (id: number, resource: string, more = '&alternatives=true', as = token) =>
      call('GET', `/access/explain/?user_id=${id}&resource=${resource}&action=read${more}`, { token: as })
    const alternatives = async (id: number, resource: string) => {
      const answer = await ask(id, resource)
      assert.equal(answer.status, 200, answer.text)
      const found = answer.body.alternatives as { changes: Change[]; affects: number }[]
      return found.map(({ changes, affects }) => ({ changes, affects }))
    }

    it('of a rejection is a role that permits it or what the roles of the user lack, first what hands out least', async () => {
      const plans = await resource()
      const wide = await role(`${plans}:all`, 'users:read')
      const narrow = await role(`${plans}:read`)
      const own = await role('sessions:read')
      const rare = await role('sessions:read')
      const [account, other] = [await register(), await register()]
      await give(account, own, rare)
      await give(other, own)
      const permission = `${plans}:read`
      assert.deepEqual(await alternatives(account.id, plans), [
        { changes: [{ kind: 'give_role', user_id: account.id, role: narrow }], affects: 1 },
        { changes: [{ kind: 'grant_permission', role: rare, permission }], affects: 1 },
        { changes: [{ kind: 'grant_permission', role: own, permission }], affects: 2 },
        { changes: [{ kind: 'give_role', user_id: account.id, role: wide }], affects: 1 },
      ])
    })

    it('of a rejection where nothing smaller helps is a role that is granted it and given', async () => {
      const plans = await resource()
      const account = await register()
      const found = await alternatives(account.id, plans)
      assert.ok(found.length > 0 && found.length <= 10)
      for (const { changes } of found) {
        assert.deepEqual(
          changes.map(change => change.kind),
          ['grant_permission', 'give_role'],
        )
      }
    })

    it('of an inactive account begins with switching it on, and that is enough where roles permit it', async () => {
      const plans = await resource()
      const able = await withPermissions(`${plans}:read`)
      const unable = await register()
      for (const { id } of [able, unable]) await call('DELETE', `/users/${id}/`, { token })
      assert.deepEqual(await alternatives(able.id, plans), [
        { changes: [{ kind: 'reactivate_user', user_id: able.id }], affects: 1 },
      ])
      const [first] = await alternatives(unable.id, plans)
      assert.deepEqual(
        first!.changes.map(change => change.kind),
        ['reactivate_user', 'give_role'],
      )
    })

    it('of a permission takes every reason away, first what takes least, and the account after roles', async () => {
      const plans = await resource()
      const first = await role(`${plans}:read`, `${plans}:all`)
      const second = await role(`${plans}:read`)
      const [account, other] = [await register(), await register()]
      await give(account, first, second)
      await give(other, second)
      const user_id = account.id
      const take = (role: string, action = 'read') => ({
        kind: 'take_permission',
        role,
        permission: `${plans}:${action}`,
      })
      assert.deepEqual(await alternatives(account.id, plans), [
        {
          changes: [
            { kind: 'take_role', user_id, role: first },
            { kind: 'take_role', user_id, role: second },
          ],
          affects: 1,
        },
        {
          changes: [take(first), take(first, 'all'), { kind: 'take_role', user_id, role: second }],
          affects: 1,
        },
        { changes: [{ kind: 'deactivate_user', user_id }], affects: 1 },
        { changes: [{ kind: 'take_role', user_id, role: first }, take(second)], affects: 2 },
        { changes: [take(first), take(first, 'all'), take(second)], affects: 2 },
      ])
    })

    it('of a superuser is the account alone, and nothing for the last one', async () => {
      const plans = await resource()
      const chief = await superuser()
      assert.deepEqual(await alternatives(chief.id, plans), [
        { changes: [{ kind: 'deactivate_user', user_id: chief.id }], affects: 1 },
      ])
      const alone = await testWorld({ engine })
      const only = await alone.superuser()
      const question = 'resource=users&action=read&alternatives=true'
      const answer = await alone.call('GET', `/access/explain/?${question}`, { token: only.access })
      assert.deepEqual(answer.body, { allowed: true, because: [{ superuser: true }], alternatives: [] })
    })

    it('makes nothing: what does not exist has no alternatives', async () => {
      const account = await register()
      assert.deepEqual(await alternatives(account.id, 'ghosts'), [])
    })

    it('turns the decision round when it is carried out, and no smaller part of it does', async () => {
      const plans = await resource()
      const wide = await role(`${plans}:all`)
      const narrow = await role(`${plans}:read`, `${plans}:all`)
      const account = await register()
      for (const roles of [[], [wide], [narrow, wide]]) {
        await give(account, ...roles)
        const { body } = await ask(account.id, plans)
        assert.ok(body.alternatives.length > 0)
        for (const { changes, affects, gains, losses } of body.alternatives) {
          const decided = async (made: Change[]) => {
            if (made.length === 0) return body.allowed
            const answer = await call('POST', '/access/preview/', {
              token,
              body: { changes: made, limit: 200 },
            })
            assert.equal(answer.status, 200, answer.text)
            const own = answer.body.results.find(
              (each: { user: { id: number } }) => each.user.id === account.id,
            )
            const name = `${plans}:read`
            if (made === changes) {
              const { users, gains: gained, losses: lost } = answer.body
              assert.deepEqual([users, gained, lost], [affects, gains, losses])
            }
            return body.allowed ? !(own?.losses ?? []).includes(name) : (own?.gains ?? []).includes(name)
          }
          assert.equal(await decided(changes), !body.allowed, JSON.stringify(changes))
          for (const left of changes) {
            const rest = changes.filter((change: Change) => change !== left)
            assert.equal(await decided(rest), body.allowed, JSON.stringify(rest))
          }
        }
      }
    })

    it('alternatives are found only on request, and only for callers who may read roles and users', async () => {
      const plans = await resource()
      const account = await register()
      const plain = await ask(account.id, plans, '')
      assert.equal(plain.text, `{"allowed":false,"because":[{"missing":"${plans}:read"}]}`)
      assert.equal((await ask(account.id, plans, '&alternatives=false')).text, plain.text)
      assert.equal((await ask(account.id, plans, '&alternatives=yes')).status, 400)
      for (const [held, missing] of [
        ['users:read', /roles:read/],
        ['roles:read', /users:read/],
      ] as const) {
        const reader = await withPermissions(held)
        const refused = await ask(reader.id, plans, '&alternatives=true', reader.access)
        assert.equal(refused.status, 403, 'about oneself too')
        assert.match(refused.body.detail, missing)
      }
      const able = await withPermissions('users:read', 'roles:read')
      assert.equal((await ask(account.id, plans, '&alternatives=true', able.access)).status, 200)
    })
  })
}
