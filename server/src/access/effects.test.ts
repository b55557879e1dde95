import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { newUser } from '../../../test/support/rows.ts'
import { type Account, testWorld } from '../../../test/support/world.ts'

interface Stored {
  readonly action: string
  readonly target: string
  // biome-ignore lint/suspicious/noExplicitAny: details are whatever was written; tests assert what they read.
  readonly details: any
}

for (const engine of engines) {
  describe(`the audit of a change of what roles permit, on ${engine}`, async () => {
    const world = await testWorld({ engine })
    const { call, core, register, superuser } = world
    const { access: token } = await superuser()
    let counter = 0

    const make = async (path: string, body: object): Promise<number> => {
      const answer = await call('POST', path, { token, body })
      assert.equal(answer.status, 201, answer.text)
      return answer.body.id
    }
    const entry = async (kind: 'resources' | 'actions') => {
      const name = `${kind}-${++counter}`
      return { name, path: `/${kind}/${await make(`/${kind}/`, { name, code_name: name })}/` }
    }
    const role = async (...permissions: string[]) => {
      const name = `role-${++counter}`
      return { name, id: await make('/roles/', { name, code_name: name, permissions }) }
    }
    const give = async (account: Account, ...roles: { name: string }[]) => {
      const body = { roles: roles.map(({ name }) => name) }
      assert.equal((await call('PATCH', `/users/${account.id}/`, { token, body })).status, 200)
    }
    /** What the call has written, in its order. */
    const written = async (method: string, path: string, body?: object): Promise<readonly Stored[]> => {
      const before = await core.stores.chain.greatestEventId()
      const answer = await call(method, path, { token, body })
      assert.ok(answer.status < 300, answer.text)
      const rows = await core.database.read
        .selectFrom('audit_events')
        .select(['action', 'target', 'details'])
        .where('id', '>', before)
        .orderBy('id')
        .execute()
      return rows.map(row => ({ ...row, target: row.target ?? '', details: JSON.parse(row.details) }))
    }
    const person = ({ id, email }: Account) => ({ id, email })

    it('of a resource that is deleted says which roles and people lost what by it', async () => {
      const plans = await entry('resources')
      const read = `${plans.name}:read`
      const writer = await role(read, `${plans.name}:update`, 'users:read')
      const reader = await role(read)
      const idle = await role('users:read')
      const [ann, bob, cy] = [await register(), await register(), await register()]
      await give(ann, writer)
      await give(bob, reader, writer)
      await give(cy, idle)
      const events = await written('DELETE', plans.path)

      const target = plans.path.slice(1, -1)
      const lostByWriter = { lost: [read, `${plans.name}:update`], lost_count: 2 }
      const lostByReader = { lost: [read], lost_count: 1 }
      const cause = { action: 'resource.delete', target, name: plans.name }
      assert.deepEqual(events, [
        {
          action: 'resource.delete',
          target,
          details: {
            code_name: plans.name,
            effects: {
              roles: [
                { role: writer.name, ...lostByWriter, holders: 2 },
                { role: reader.name, ...lostByReader, holders: 1 },
              ],
              roles_count: 2,
              assignments: 3,
              people: [ann, bob].map(account => ({ ...person(account), ...lostByWriter })),
            },
          },
        },
        {
          action: 'role.update',
          target: `roles/${writer.id}`,
          details: { code_name: writer.name, ...lostByWriter, holders: 2, cause },
        },
        {
          action: 'role.update',
          target: `roles/${reader.id}`,
          details: { code_name: reader.name, ...lostByReader, holders: 1, cause },
        },
      ])
    })

    it('of one that is renamed says what was lost under the old name and gained under the new one', async () => {
      for (const kind of ['resources', 'actions'] as const) {
        const renamed = await entry(kind)
        const permission = (name: string) => (kind === 'resources' ? `${name}:read` : `users:${name}`)
        const holder = await role(permission(renamed.name))
        const ann = await register()
        await give(ann, holder)
        const name = `renamed-${++counter}`
        const [event, ofRole, ...others] = await written('PATCH', renamed.path, { code_name: name })
        const moved = {
          ...{ lost: [permission(renamed.name)], lost_count: 1 },
          ...{ gained: [permission(name)], gained_count: 1 },
        }
        assert.deepEqual(event!.details.code_name, { from: renamed.name, to: name })
        assert.deepEqual(event!.details.effects.people, [{ ...person(ann), ...moved }])
        assert.deepEqual(event!.details.effects.roles, [{ role: holder.name, ...moved, holders: 1 }])
        assert.equal(ofRole!.target, `roles/${holder.id}`)
        assert.equal(ofRole!.details.cause.name, renamed.name)
        assert.deepEqual(others, [])
      }
    })

    it('of a permission that is deleted or becomes another says it of each role that had it', async () => {
      const plans = await entry('resources')
      const holder = await role(`${plans.name}:read`)
      const list = await call('GET', `/permissions/?search=${plans.name}`, { token })
      const path = `/permissions/${list.body.results[0].id}/`
      const [changed, ofRole] = await written('PATCH', path, { action: 'delete' })
      assert.equal(changed!.action, 'permission.update')
      assert.deepEqual(ofRole!.details, {
        code_name: holder.name,
        ...{ lost: [`${plans.name}:read`], lost_count: 1, gained: [`${plans.name}:delete`], gained_count: 1 },
        holders: 0,
        cause: { action: 'permission.update', target: path.slice(1, -1), name: `${plans.name}:read` },
      })
      const [deleted, ofRoleAgain] = await written('DELETE', path)
      assert.equal(deleted!.action, 'permission.delete')
      assert.deepEqual(ofRoleAgain!.details.lost, [`${plans.name}:delete`])
    })

    it('of a role says what its holders lost, but not what another of their roles permits', async () => {
      const plans = await entry('resources')
      const [read, update] = [`${plans.name}:read`, `${plans.name}:update`]
      const gone = await role(read, update)
      const narrow = await role(read)
      const all = await role(`${plans.name}:all`)
      const [ann, bob, cy] = [await register(), await register(), await register()]
      await give(ann, gone)
      await give(bob, gone, narrow)
      await give(cy, gone, all)
      const [event, ...others] = await written('DELETE', `/roles/${gone.id}/`)
      assert.deepEqual(others, [])
      assert.deepEqual(event!.details.effects.people, [
        { ...person(ann), lost: [read, update], lost_count: 2 },
        { ...person(bob), lost: [update], lost_count: 1 },
      ])
      const [taken] = await written('PATCH', `/roles/${narrow.id}/`, { permissions: [] })
      assert.deepEqual(taken!.details.effects.people, [{ ...person(bob), lost: [read], lost_count: 1 }])
    })

    it('says nothing of it where nothing is lost', async () => {
      const plans = await entry('resources')
      const holder = await role(`${plans.name}:read`)
      for (const [path, body] of [
        [plans.path, { description: 'other words' }],
        [`/roles/${holder.id}/`, { name: `another name ${++counter}` }],
      ] as const) {
        const [event, ...others] = await written('PATCH', path, body)
        assert.ok(!('effects' in event!.details))
        assert.deepEqual(others, [])
      }
    })

    it('is bounded, however many roles, permissions and people lose something', async () => {
      const plans = await entry('resources')
      const actions: string[] = []
      for (let count = 0; count < 30; count++) actions.push((await entry('actions')).name)
      const wide = await role(...actions.map(name => `${plans.name}:${name}`))
      for (let count = 0; count < 120; count++) await role(`${plans.name}:read`)
      const holders = 50_000
      for (let start = 0; start < holders; start += 500) {
        const rows = Array.from({ length: 500 }, (_, index) =>
          newUser(`many-${counter}-${start + index}@example.com`),
        )
        await core.database.transaction(async trx => {
          const made = await trx.insertInto('users').values(rows).returning('id').execute()
          const assigned = made.map(({ id }) => ({ user_id: id, role_id: wide.id }))
          await trx.insertInto('user_roles').values(assigned).execute()
        })
      }
      const [event, ...ofRoles] = await written('DELETE', plans.path)
      const { effects } = event!.details
      assert.deepEqual([effects.roles_count, effects.assignments], [121, holders])
      assert.equal(effects.roles.length, 20)
      assert.equal(effects.people.length, 20)
      const [first] = effects.roles
      assert.deepEqual([first.role, first.holders, first.lost_count], [wide.name, holders, 30])
      assert.equal(first.lost.length, 20)
      assert.equal(ofRoles.length, 100)
      assert.ok(JSON.stringify(event!.details).length < 100_000)
    })
  })
}
