import assert from 'node:assert/strict'
import { before, it } from 'node:test'
import fc from 'fast-check'
import { eachEngine } from '../../../test/support/engines.ts'
import { newUser } from '../../../test/support/rows.ts'
import type { Database } from '../store/index.ts'
import { sqlDecisionStore } from './decision-store.sql.ts'

const people = 300
const roles = 60

/** Numbered from 0; a row's id is one more. Closed ones stand in long stretches, as in a house that had another staff once. */
const isActive = (user: number) => user % 100 < 60
const isSuperuser = (user: number) => user % 97 === 5
/** Some roles are everybody's, some a few people's, some only those of the newest. */
const holds = (user: number, role: number) =>
  role < 3 || (role < 20 ? (user * 7 + role) % 50 === 0 : role < 40 ? user > 250 && user % 3 === 0 : false)

/** What roles permit: one permission that many grant, one that few do, one for every action, and one that nobody has. */
const granted: Record<string, readonly number[]> = {
  'all-roles:read': Array.from({ length: roles }, (_, role) => role),
  'some-roles:read': [4, 5, 21],
  'one-role:all': [10],
  'late-roles:read': Array.from({ length: 20 }, (_, place) => 20 + place),
  'empty-roles:read': [45, 46],
  'no-role:read': [],
}

const question = fc.record({
  resource: fc.constantFrom(...Object.keys(granted).map(name => name.split(':')[0]!)),
  limit: fc.constantFrom(1, 3, 10, 200),
  cursor: fc.option(
    fc.record({
      direction: fc.constantFrom('after' as const, 'before' as const),
      id: fc.integer({ min: 1, max: people }),
    }),
    { nil: undefined },
  ),
  descending: fc.boolean(),
})

eachEngine('those who can', open => {
  let database: Database

  before(async () => {
    database = await open()
    await fill(database)
  })

  it('are the active superusers and the active holders of a role that grants it, page by page', async () => {
    const store = sqlDecisionStore(database.read)
    const property = fc.asyncProperty(question, async ({ resource, limit, cursor, descending }) => {
      const name = Object.keys(granted).find(permission => permission.startsWith(`${resource}:`))!
      const all = Array.from({ length: people }, (_, user) => user)
        .filter(user => isActive(user))
        .map(user => ({ id: user + 1, roles: granted[name]!.filter(role => holds(user, role)), user }))
        .filter(({ user, roles: reasons }) => isSuperuser(user) || reasons.length > 0)
        .toSorted((left, right) => (descending ? right.id - left.id : left.id - right.id))
      const isBeyond = ({ id }: { id: number }) =>
        cursor === undefined || (cursor.direction === 'after') !== descending
          ? id > (cursor?.id ?? 0)
          : id < cursor.id
      const beyond = all.filter(isBeyond)
      const expected = cursor?.direction === 'before' ? beyond.slice(-limit) : beyond.slice(0, limit)
      const page = await store.usersWithPermission(resource, 'read', {
        limit,
        ordering: { column: 'id', descending },
        cursor: cursor && { ...cursor, value: cursor.id },
        search: undefined,
      })
      assert.deepEqual(
        page.rows.map(row => [row.id, row.isSuperuser, row.roles]),
        expected.map(({ id, user, roles: reasons }) => [
          id,
          isSuperuser(user),
          reasons.map(role => `role-${role}`).sort(),
        ]),
      )
      const more = beyond.length > limit
      assert.deepEqual(
        [page.hasNext, page.hasPrevious],
        cursor?.direction === 'before' ? [true, more] : [more, cursor !== undefined],
      )
    })
    await fc.assert(property, { numRuns: 400, seed: 20_261 })
  })
})

async function fill(database: Database): Promise<void> {
  const users = Array.from({ length: people }, (_, user) => ({
    ...newUser(`user-${user}@example.com`),
    is_active: isActive(user),
    is_superuser: isSuperuser(user),
  }))
  await database.transaction(async trx => {
    await trx.insertInto('users').values(users).execute()
    const named = (code_name: string) => ({
      name: code_name,
      code_name,
      description: null,
      search_text: code_name,
    })
    const roleIds = await trx
      .insertInto('roles')
      .values(Array.from({ length: roles }, (_, role) => named(`role-${role}`)))
      .returning('id')
      .execute()
    const actions = await trx.selectFrom('actions').select(['id', 'code_name']).execute()
    for (const [name, grantors] of Object.entries(granted)) {
      const [resource, action] = name.split(':') as [string, string]
      const { id: resource_id } = await trx
        .insertInto('resources')
        .values({ ...named(resource), is_builtin: false })
        .returning('id')
        .executeTakeFirstOrThrow()
      const action_id = actions.find(({ code_name }) => code_name === action)!.id
      const { id: permission_id } = await trx
        .insertInto('permissions')
        .values({ resource_id, action_id })
        .returning('id')
        .executeTakeFirstOrThrow()
      const grants = grantors.map(role => ({ role_id: roleIds[role]!.id, permission_id }))
      if (grants.length > 0) await trx.insertInto('role_permissions').values(grants).execute()
    }
    for (let role = 0; role < roles; role++) {
      const held = users.flatMap((_, user) =>
        holds(user, role) ? { user_id: user + 1, role_id: roleIds[role]!.id } : [],
      )
      if (held.length > 0) await trx.insertInto('user_roles').values(held).execute()
    }
  })
}
