import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../../../test/support/engines.ts'
import { type Account, testWorld, type World } from '../../../test/support/world.ts'
import { roleListCapacity, roleListLength } from './replace-roles.ts'

/** As many roles with names of 100 characters as fit, and one more. */
const names = Array.from({ length: Math.floor(roleListCapacity / 103) + 1 }, (_, at) =>
  `r${String(at).padStart(3, '0')}`.padEnd(100, 'x'),
)
const fitting = names.slice(0, -1)

async function makeRoles({ call }: World, { access: token }: Account): Promise<number[]> {
  const ids: number[] = []
  for (const name of names) {
    const made = await call('POST', '/roles/', { token, body: { name, code_name: name } })
    assert.equal(made.status, 201, made.text)
    ids.push(made.body.id)
  }
  return ids
}

for (const engine of engines) {
  describe(`more roles than a token has room for, on ${engine}`, async () => {
    const world = await testWorld({ engine })
    const administrator = await world.superuser()
    const { access: token } = administrator
    const ids = await makeRoles(world, administrator)
    const person = await world.register()
    const give = (roles: readonly string[]) =>
      world.call('PATCH', `/users/${person.id}/`, { token, body: { roles } })

    it('cannot be given, since their holder could not sign in any more', async () => {
      const refused = await give(names)
      assert.equal(refused.status, 400)
      assert.deepEqual(Object.keys(refused.body.errors), ['roles'])
      assert.equal((await give(fitting)).status, 200)
      const { access } = await world.login(person)
      const me = await world.call('GET', '/me/', { token: access })
      assert.equal(me.status, 200, `a token of ${access.length} characters`)
      assert.deepEqual(me.body.roles, fitting)
    })

    it('cannot come from a longer name of one of them either', async () => {
      const rename = (name: string) =>
        world.call('PATCH', `/roles/${ids[0]}/`, { token, body: { code_name: name } })
      assert.equal((await rename('short')).status, 200)
      // The room that is free now, filled to the last character.
      const free = roleListCapacity - roleListLength(['short', ...fitting.slice(1)])
      const filler = await world.call('POST', '/roles/', { token, body: { name: 'filler', code_name: 'f' } })
      assert.equal((await give(['short', 'f', ...fitting.slice(1)])).status, 200)
      assert.equal((await rename('x'.repeat(Math.min(100, 'short'.length + free - 4)))).status, 200)
      const longer = await world.call('PATCH', `/roles/${filler.body.id}/`, {
        token,
        body: { code_name: 'f'.repeat(100) },
      })
      assert.equal(longer.status, 400)
      assert.deepEqual(Object.keys(longer.body.errors), ['code_name'])
    })
  })
}
