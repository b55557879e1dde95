import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { sessionLimitsOf } from '../../server/src/config/index.ts'
import type { Stores } from '../../server/src/core.ts'
import type { Transact } from '../../server/src/kernel/index.ts'
import { RateLimiter } from '../../server/src/rate-limits/index.ts'
import { login } from '../../server/src/sign-in/login.ts'
import {
  createRefreshTokenOpener,
  createTokenIssuer,
  sqlRotationStore,
} from '../../server/src/tokens/index.ts'
import { rotateRefreshToken } from '../../server/src/tokens/rotate-refresh-token.ts'
import { origin } from '../support/people.ts'
import { testDeviceTokens, throttleOf } from '../support/throttle.ts'
import { type Account, testWorld, type World } from '../support/world.ts'

/** A transaction that has done its work and stands still before it commits, until it is let go. */
function heldBack({ core }: World) {
  const reached = Promise.withResolvers<void>()
  const mayCommit = Promise.withResolvers<void>()
  const transaction: Transact<Stores> = work =>
    core.transaction(async stores => {
      const result = await work(stores)
      reached.resolve()
      await mayCommit.promise
      return result
    })
  return { transaction, reached: reached.promise, letGo: () => mayCommit.resolve() }
}

// SQLite has one writer at a time: there the deletion waits for the sign-in, or the other way round.
describe('a role that is deleted while a holder signs in, and its name used again, on postgres', async () => {
  const world = await testWorld({ engine: 'postgres' })
  const { config, clock, random, stores, hasher } = world.core
  const keyRing = world.server.keys.ring
  const { publicUrl: issuerName, audience, accessTtlSeconds } = config
  const issuer = createTokenIssuer({ keyRing, random, issuer: issuerName, audience, accessTtlSeconds })
  let administrator = await world.superuser()

  async function makeRole(name: string, permissions: readonly string[]): Promise<number> {
    const body = { name, code_name: name, permissions }
    const made = await world.call('POST', '/roles/', { token: administrator.access, body })
    assert.equal(made.status, 201, made.text)
    return made.body.id
  }

  /** The access token of whatever `start` begins, of a holder of a role that goes while it is not committed yet. */
  async function race(
    name: string,
    start: (transaction: Transact<Stores>, holder: Account) => Promise<string>,
  ): Promise<string> {
    const roleId = await makeRole(name, [])
    const holder = await world.register()
    const body = { roles: [name] }
    await world.call('PATCH', `/users/${holder.id}/`, { token: administrator.access, body })
    // So long ago that no token of the holder needs to hear of the deletion.
    world.clock.advance(12 * 60_000)
    administrator = await world.login(administrator)

    const { transaction, reached, letGo } = heldBack(world)
    const starting = start(transaction, holder)
    await reached
    const deleting = world.call('DELETE', `/roles/${roleId}/`, { token: administrator.access })
    // A deletion that waits for the sign-in would be right as well.
    await Promise.race([deleting, new Promise(resolve => setTimeout(resolve, 500))])
    letGo()
    const access = await starting
    assert.equal((await deleting).status, 204)
    await makeRole(name, ['users:read'])
    return access
  }

  const listsUsers = async (token: string) => (await world.call('GET', '/users/', { token })).status

  it('does not give the new role to the token of the sign-in', async () => {
    const access = await race('editor', async (transaction, { email, password }) => {
      const deps = {
        transaction,
        users: stores.users,
        hasher,
        throttle: throttleOf(world.core),
        deviceTokens: testDeviceTokens(),
        issuer,
        clock,
        random,
        sessionLimits: sessionLimitsOf(config),
        rememberDeviceDays: undefined,
      }
      const answer = await login(deps, { email, password, origin, deviceToken: undefined })
      assert.ok('access' in answer)
      return answer.access
    })
    assert.equal(await listsUsers(access), 403)
  })

  const unlimited = new RateLimiter(undefined, { maxKeys: 1, clock })

  it('does not give it to the token of a refresh either', async () => {
    const openRefreshToken = createRefreshTokenOpener(keyRing, issuerName)
    const access = await race('reviewer', async (transaction, { refresh }) => {
      const limits = { refresh: unlimited, badRefresh: unlimited }
      // Without its one statement, which nothing can hold back.
      const rotations = sqlRotationStore({ statement: undefined }, transaction)
      const deps = { rotations, openRefreshToken, issuer, random, clock, limits }
      const pair = await rotateRefreshToken(deps, { presented: refresh, origin })
      return pair.access
    })
    assert.equal(await listsUsers(access), 403)
  })

  it('a new role of a deleted role’s name works for a user who is given it, in the same second and with their present token', async () => {
    const person = await world.register()
    await makeRole('author', ['users:read'])
    const body = { roles: ['author'] }
    await world.call('PATCH', `/users/${person.id}/`, { token: administrator.access, body })
    assert.equal(await listsUsers(person.access), 200)
    assert.equal(await listsUsers((await world.login(person)).access), 200)
  })
})
