import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { type Account, testWorld } from '../../../test/support/world.ts'

const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())

/** 50 roles with long names, and 200 permissions in each of them, all different. */
describe('an access token for 10,000 permissions in 50 roles', async () => {
  const env = { PROPUSK_TOKEN_ROLES: 'ids', PROPUSK_PUBLIC_URL: 'https://accounts.example.com' }
  const world = await testWorld({ env })
  const resources = Array.from({ length: 50 }, (_, index) => `resource-${index}`)
  const actions = Array.from({ length: 200 }, (_, index) => `action-${index}`)
  const roles = resources.map(resource => `${resource}-`.padEnd(70, 'x'))
  let token: string
  let account: Account

  const make = async (path: string, body: object) => {
    const answer = await world.call('POST', path, { token, body })
    assert.equal(answer.status, 201, answer.text)
  }

  before(async () => {
    token = (await world.superuser()).access
    for (const name of resources) await make('/resources/', { name, code_name: name })
    for (const name of actions) await make('/actions/', { name, code_name: name })
    for (const [index, name] of roles.entries()) {
      const permissions = actions.map(action => `${resources[index]}:${action}`)
      await make('/roles/', { name, code_name: name, permissions })
    }
    const person = await world.register()
    const given = await world.call('PATCH', `/users/${person.id}/`, { token, body: { roles } })
    assert.equal(given.status, 200, given.text)
    account = await world.login(person)
  })

  it('is under 1 KB by the ids of its roles, and grants all of them', async () => {
    assert.ok(account.access.length < 1024, `${account.access.length} characters`)
    const { roles: named, role_ids } = claimsOf(account.access)
    assert.deepEqual([named, role_ids.length], [[], 50])
    const me = await world.call('GET', '/me/', { token: account.access })
    assert.equal(me.body.roles.length, 50)
    assert.equal(me.body.permissions.length, 10_000)
  })

  it('stays so when it is refreshed, and loses what its user loses', async () => {
    const next = await world.call('POST', '/token/refresh/', { body: { refresh: account.refresh } })
    assert.ok(next.body.access.length < 1024)
    const change = await world.call('PATCH', `/users/${account.id}/`, { token, body: { roles: [roles[0]] } })
    assert.equal(change.status, 200)
    const me = await world.call('GET', '/me/', { token: next.body.access })
    assert.deepEqual(me.body.roles, [roles[0]])
    assert.equal(me.body.permissions.length, 200)
  })
})

describe('an access token unless the settings say otherwise', async () => {
  const world = await testWorld()

  it('names its roles', async () => {
    const { roles, role_ids } = claimsOf((await world.withPermissions('users:read')).access)
    assert.deepEqual([roles.length, role_ids.length], [1, 1])
  })
})
