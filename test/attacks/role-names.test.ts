import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Transact } from '../../server/src/kernel/index.ts'
import { login } from '../../server/src/sign-in/login.ts'
import type { SignInStores } from '../../server/src/sign-in/accounts.ts'
import { createTokenIssuer, } from '../../server/src/tokens/index.ts'
import { rotateRefreshToken } from '../../server/src/tokens/rotate-refresh-token.ts'
import { createRefreshTokenOpener } from '../../server/src/tokens/index.ts'
import { origin } from '../support/people.ts'
import { type Account, testWorld, type World } from '../support/world.ts'

const nap = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

/** A transaction of the world that stands still before it commits, until it is let go. */
function heldBack(world: World) {
  const reached = Promise.withResolvers<void>()
  const mayCommit = Promise.withResolvers<void>()
  const transaction: Transact<SignInStores> = work =>
    world.core.transaction(async stores => {
      const result = await work(stores)
      reached.resolve()
      await mayCommit.promise
      return result
    })
  return { transaction, reached: reached.promise, letGo: () => mayCommit.resolve() }
}

describe('a role that is deleted while a holder signs in, on postgres', async () => {
  const world = await testWorld({ engine: 'postgres' })
  const { config, clock, random, stores, hasher } = world.core
  const issuer = createTokenIssuer({
    keyRing: world.server.keys.ring, random, issuer: config.publicUrl, audience: config.audience, accessTtlSeconds: config.accessTtlSeconds,
  })
  const root = await world.superuser()
  const makeRole = async (name: string, permissions: string[]) => {
    const made = await world.call('POST', '/roles/', { token: root.access, body: { name, code_name: name, permissions } })
    assert.equal(made.status, 201, made.text)
    return made.body.id as number
  }
  const give = (id: number, roles: string[]) => world.call('PATCH', `/users/${id}/`, { token: root.access, body: { roles } })

  const race = async (name: string, start: (held: ReturnType<typeof heldBack>, person: Account) => Promise<string>) => {
    const roleId = await makeRole(name, [])
    const person = await world.register()
    await give(person.id, [name])
    clock.advance(12 * 60_000)
    const rootAgain = await world.login(root)
    root.access // the clock went on
    Object.assign(root, rootAgain)
    const held = heldBack(world)
    const token = start(held, person)
    await held.reached
    const deleting = world.call('DELETE', `/roles/${roleId}/`, { token: root.access })
    await Promise.race([deleting, nap(700)])
    held.letGo()
    const access = await token
    assert.equal((await deleting).status, 204)
    await makeRole(name, ['users:read'])
    await nap(300)
    assert.equal((await world.call('GET', '/users/', { token: access })).status, 403)
  }

  it('gives the token of the sign-in nothing when its name is used again', () =>
    race('recycled-a', async (held, person) => {
      const deps = { transaction: held.transaction, users: stores.users, hasher, issuer, clock, random, sessionTtlSeconds: config.sessionTtlSeconds }
      return (await login(deps, { email: person.email, password: person.password, origin })).access
    }))

  it('gives the token of a refresh nothing when its name is used again', () =>
    race('recycled-b', async (held, person) => {
      const openRefreshToken = createRefreshTokenOpener(world.server.keys.ring, config.publicUrl)
      const deps = { transaction: held.transaction as never, openRefreshToken, issuer, random }
      return (await rotateRefreshToken(deps, { presented: person.refresh, origin, nowMs: clock.nowMs() })).access
    }))
})
