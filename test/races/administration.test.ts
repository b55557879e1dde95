import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../support/engines.ts'
import { eventually } from '../support/eventually.ts'
import { type Account, testWorld, type World } from '../support/world.ts'
import { tally } from './tally.ts'
import { twoNodes } from './two-nodes.ts'

let counter = 0
const fresh = () => `raced-${++counter}`

const makeRole = async (world: World, { access }: Account, permissions: readonly string[]) => {
  const name = fresh()
  const body = { name, code_name: name, permissions }
  const answer = await world.call('POST', '/roles/', { token: access, body })
  assert.equal(answer.status, 201, answer.text)
  return answer.body as { id: number; code_name: string }
}

const activeSuperusers = async ({ core }: World) => {
  const superusers = core.database.read.selectFrom('users').select('id').where('is_superuser', '=', true)
  return (await superusers.where('is_active', '=', true).execute()).map(user => Number(user.id))
}

for (const engine of engines) {
  describe(`superusers who take each other away, on ${engine}`, async () => {
    const world = await testWorld({ engine })

    for (const [what, body] of Object.entries({
      demote: { is_superuser: false },
      deactivate: { is_active: false },
      both: { is_superuser: false, is_active: false },
    })) {
      it(`leave one (${what})`, async () => {
        // Made new for each round: the survivor of the last one is left aside by demoting it first.
        const left = await world.superuser()
        const right = await world.superuser()
        for (const id of await activeSuperusers(world)) {
          if (id === left.id || id === right.id) continue
          const answer = await world.call('PATCH', `/users/${id}/`, {
            token: left.access,
            body: { is_superuser: false },
          })
          assert.equal(answer.status, 200)
        }
        const answers = await Promise.all(
          [left, right, left, right].map((actor, index) => {
            const target = index < 2 ? (actor === left ? right : left) : actor
            return world.call('PATCH', `/users/${target.id}/`, { token: actor.access, body })
          }),
        )
        for (const { status } of answers) assert.ok([200, 401, 403, 409].includes(status), String(status))
        assert.equal((await activeSuperusers(world)).length, 1, JSON.stringify(tally(answers)))
      })
    }

    it('leave one when they close their own accounts', async () => {
      const crowd = await Promise.all(Array.from({ length: 4 }, () => world.superuser()))
      const answers = await Promise.all(
        crowd.map(({ access }) => world.call('DELETE', '/me/', { token: access })),
      )
      assert.deepEqual(tally(answers)[500], undefined)
      assert.ok((await activeSuperusers(world)).length >= 1)
    })
  })

  describe(`giving a role while it is deleted, on ${engine}`, async () => {
    const [one, two] = await twoNodes(engine)
    const administrator = await one.superuser()
    const token = administrator.access

    it('giving a role while it is deleted leaves no user with it', async () => {
      for (let round = 0; round < 3; round++) {
        const role = await makeRole(one, administrator, ['users:read'])
        const people = await Promise.all(Array.from({ length: 6 }, () => one.register()))
        const give = (person: Account, index: number) =>
          (index % 2 === 0 ? one : two).call('PATCH', `/users/${person.id}/`, {
            token,
            body: { roles: [role.code_name] },
          })
        // Two have it already, and the deletion comes amid the others.
        for (const person of people.slice(0, 2)) assert.equal((await give(person, 0)).status, 200)
        const early = people.slice(2, 4).map(give)
        const deleting = two.call('DELETE', `/roles/${role.id}/`, { token })
        const given = await Promise.all([...early, ...people.slice(4).map(give)])
        const deleted = await deleting
        assert.equal(deleted.status, 204)
        for (const { status, text } of given) assert.ok(status === 200 || status === 400, text)

        const { read } = one.core.database
        for (const table of ['user_roles', 'role_permissions'] as const) {
          const rows = await read.selectFrom(table).select('role_id').where('role_id', '=', role.id).execute()
          assert.deepEqual(rows, [], table)
        }
        for (const person of people) {
          for (const node of [one, two]) {
            const isRefused = async () =>
              (await node.call('GET', '/users/', { token: person.access })).status === 403
            assert.ok(await eventually(isRefused), 'the gate forgot the role too')
          }
          const profile = await one.call('GET', '/me/', { token: person.access })
          assert.deepEqual([profile.body.roles, profile.body.permissions], [[], []])
        }
        // A new role of the same name is another role: who had the old one does not have it.
        const { code_name } = role
        const body = { name: code_name, code_name, permissions: ['users:read'] }
        assert.equal((await one.call('POST', '/roles/', { token, body })).status, 201)
        for (const person of people) {
          for (const node of [one, two]) {
            assert.equal((await node.call('GET', '/users/', { token: person.access })).status, 403)
          }
        }
      }
    })

    it('leaves one holder’s roles whole when they are replaced from two sides', async () => {
      const roles = await Promise.all(
        ['users:read', 'roles:read', 'audit:read'].map(permission =>
          makeRole(one, administrator, [permission]),
        ),
      )
      const person = await one.register()
      const names = roles.map(role => role.code_name)
      const wanted = [names.slice(0, 1), names.slice(1), names, [], names.slice(0, 2), names.slice(2)]
      const answers = await Promise.all(
        wanted.map((chosen, index) =>
          (index % 2 === 0 ? one : two).call('PATCH', `/users/${person.id}/`, {
            token,
            body: { roles: chosen },
          }),
        ),
      )
      assert.deepEqual(tally(answers), { 200: wanted.length })
      const held = (await one.call('GET', `/users/${person.id}/`, { token })).body.roles
      assert.ok(
        wanted.some(chosen => chosen.toSorted().join() === held.join()),
        held.join(),
      )
      await assertGatesAgree(
        [one, two],
        person,
        new Map(names.map((name, at) => [name, listPaths[at]!])),
        held,
      )
    })
  })

  describe(`changing one role from two nodes at once, on ${engine}`, async () => {
    const nodes = await twoNodes(engine)
    const [one, two] = nodes
    const administrator = await one.superuser()
    const token = administrator.access

    it('leaves database and gates of one mind within a second', async () => {
      for (let round = 0; round < 3; round++) {
        const role = await makeRole(one, administrator, [])
        const person = await one.register()
        const assigned = await one.call('PATCH', `/users/${person.id}/`, {
          token,
          body: { roles: [role.code_name] },
        })
        assert.equal(assigned.status, 200)
        const choices = [
          ['users:read'],
          ['roles:read'],
          ['audit:read', 'users:read'],
          [],
          ['roles:read', 'audit:read'],
        ]
        const answers = await Promise.all(
          [...choices, ...choices].map((permissions, index) =>
            nodes[index % 2]!.call('PATCH', `/roles/${role.id}/`, { token, body: { permissions } }),
          ),
        )
        assert.deepEqual(tally(answers), { 200: answers.length })
        const stored = (await two.call('GET', `/roles/${role.id}/`, { token })).body.permissions as string[]
        const permitted = new Map(listPaths.map(path => [permissionFor(path), path]))
        await assertGatesAgree(nodes, person, permitted, stored)
      }
    })

    it('a permission that is deleted while it is given to a role is held by no role', async () => {
      const name = fresh()
      const resource = await one.call('POST', '/resources/', { token, body: { name, code_name: name } })
      assert.equal(resource.status, 201)
      const role = await makeRole(one, administrator, [`${name}:read`])
      const [removed, ...answers] = await Promise.all([
        two.call('DELETE', `/resources/${resource.body.id}/`, { token }),
        ...Array.from({ length: 6 }, (_, index) =>
          nodes[index % 2]!.call('PATCH', `/roles/${role.id}/`, {
            token,
            body: { permissions: [`${name}:${['read', 'update', 'all'][index % 3]}`] },
          }),
        ),
      ])
      assert.equal(removed.status, 204, removed.text)
      for (const { status, text } of answers) assert.ok(status === 200 || status === 400, text)
      assert.deepEqual((await one.call('GET', `/roles/${role.id}/`, { token })).body.permissions, [])
      const left = await one.core.database.read
        .selectFrom('role_permissions')
        .select('permission_id')
        .where('role_id', '=', role.id)
        .execute()
      assert.deepEqual(left, [])
    })
  })
}

/** Lists that need one permission each, to ask a gate what it thinks of a caller. */
const listPaths = ['/users/', '/roles/', '/audit/']
const permissionFor = (path: string) => `${path.replaceAll('/', '')}:read`

/** Every node lets this person see exactly the lists of what they hold, within the bound. */
async function assertGatesAgree(
  nodes: readonly World[],
  { access }: Account,
  listOf: ReadonlyMap<string, string>,
  held: readonly string[],
): Promise<void> {
  const assertAgree = async (withinMs?: number) => {
    for (const [index, node] of nodes.entries()) {
      for (const [name, path] of listOf) {
        const expected = held.includes(name) ? 200 : 403
        const agrees = async () => (await node.call('GET', path, { token: access })).status === expected
        assert.ok(
          await eventually(agrees, withinMs),
          `node ${index}, ${path}: expected ${expected}, held ${held}`,
        )
      }
    }
  }
  await assertAgree()
  // No reading of the ledger that is still to come brings an older state back.
  await new Promise(resolve => setTimeout(resolve, 300))
  await assertAgree(5_000)
}
