import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { type Account, testWorld } from '../../../test/support/world.ts'
import { createTokenIssuer } from './issue-tokens.ts'

const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString())

/** 50 roles with long names, and 200 permissions in each of them, all different. */
describe('an access token for 10,000 permissions in 50 roles', async () => {
  const world = await testWorld({ env: { PROPUSK_PUBLIC_URL: 'https://accounts.example.com' } })
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

  it('is under 1 KB, by the ids of its roles, unless the settings say otherwise, and grants all of them', async () => {
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

describe('an access token of a few roles', async () => {
  const world = await testWorld()

  it('names them, and their ids beside', async () => {
    const { roles, role_ids } = claimsOf((await world.withPermissions('users:read')).access)
    assert.deepEqual([roles.length, role_ids.length], [1, 1])
  })
})

describe('a token that holds roles', () => {
  const session = { uuid: '0192f3a0-0000-7000-8000-000000000000', userId: 7, expiresAtMs: 2e12 } as never
  const signer = { algorithm: 'ES256', kid: 'k', sign: () => new Uint8Array(64) } as const
  const issuerOf = (tokenRoles: 'auto' | 'names' | 'ids') =>
    createTokenIssuer({
      keyRing: { signer: () => signer } as never,
      random: { uuid: () => '0192f3a0-0000-4000-8000-000000000000' } as never,
      issuer: 'https://accounts.example.com',
      audience: 'https://accounts.example.com',
      accessTtlSeconds: 600,
      tokenRoles,
    })
  const ofRoles = (count: number, tokenRoles: 'auto' | 'names' | 'ids') => {
    const roles = Array.from({ length: count }, (_, at) => `role-${at}`)
    const roleIds = roles.map((_, at) => at + 1_000_000)
    const token = issuerOf(tokenRoles).accessToken(session, { roles, roleIds, isSuperuser: true }, 1e12)
    return { length: token.length, ...claimsOf(token) }
  }

  it('says the same by auto as by names while that is under 1 KB, and the same as by ids beyond', () => {
    for (let count = 0; count <= 100; count += 1) {
      const [auto, names, ids] = (['auto', 'names', 'ids'] as const).map(kind => ofRoles(count, kind))
      assert.deepEqual(auto, names.length < 1024 ? names : ids, `${count} roles`)
    }
    assert.ok(ofRoles(10, 'names').length < 1024 && ofRoles(100, 'names').length > 1024)
  })

  it('names its roles, without ids, where the ids alone would be too long', () => {
    for (const kind of ['auto', 'ids'] as const) {
      const { roles, role_ids } = ofRoles(800, kind)
      assert.deepEqual([roles.length, role_ids], [800, undefined], kind)
    }
  })

  it('names all of them by names, however many', () => {
    const { roles, role_ids } = ofRoles(100, 'names')
    assert.deepEqual([roles.length, role_ids.length], [100, 100])
  })
})
