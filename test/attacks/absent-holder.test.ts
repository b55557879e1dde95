import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { engines } from '../support/engines.ts'
import { type Account, testWorld } from '../support/world.ts'

for (const engine of engines) {
  describe(`a role whose holder has signed out, on ${engine}`, async () => {
    const world = await testWorld({ engine })
    const { access: token } = await world.superuser()
    let counter = 0

    const makeRole = async (codeName: string, permissions: readonly string[]) => {
      const body = { name: `absent ${++counter}`, code_name: codeName, permissions }
      const answer = await world.call('POST', '/roles/', { token, body })
      assert.equal(answer.status, 201, answer.text)
      return answer.body as { id: number }
    }
    /** The gates hear of the role, and remember it for longer than the session lasts. */
    const giveAndSignOut = async (codeName: string): Promise<Account> => {
      const person = await world.register()
      const body = { roles: [codeName] }
      assert.equal((await world.call('PATCH', `/users/${person.id}/`, { token, body })).status, 200)
      assert.equal((await world.call('POST', '/logout/', { token: person.access })).status, 204)
      return person
    }
    const readUsers = async (person: Account) =>
      (await world.call('GET', '/users/', { token: (await world.login(person)).access })).status

    it('gives them nothing of a later role of the same name', async () => {
      const role = await makeRole('recycled', [])
      const person = await giveAndSignOut('recycled')
      assert.equal((await world.call('DELETE', `/roles/${role.id}/`, { token })).status, 204)
      await makeRole('recycled', ['users:read'])
      assert.equal(await readUsers(person), 403)
    })

    it('gives them nothing of a role that took its name when it was renamed', async () => {
      const role = await makeRole('passed-on', [])
      const person = await giveAndSignOut('passed-on')
      const body = { code_name: 'moved-away' }
      assert.equal((await world.call('PATCH', `/roles/${role.id}/`, { token, body })).status, 200)
      await makeRole('passed-on', ['users:read'])
      assert.equal(await readUsers(person), 403)
    })

    it('is still theirs under its new name', async () => {
      const role = await makeRole('before', ['users:read'])
      const person = await giveAndSignOut('before')
      const body = { code_name: 'after' }
      assert.equal((await world.call('PATCH', `/roles/${role.id}/`, { token, body })).status, 200)
      assert.equal(await readUsers(person), 200)
    })
  })
}
