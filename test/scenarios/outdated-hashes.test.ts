import assert from 'node:assert/strict'
import { pbkdf2Sync } from 'node:crypto'
import { describe, test } from 'node:test'
import { createPasswordHasher } from '../../server/src/identity/index.ts'
import { engines } from '../support/engines.ts'
import { goodPassword, testWorld } from '../support/world.ts'

/** As Django's PBKDF2PasswordHasher writes it. */
function djangoHash(password: string): string {
  const [iterations, salt] = [1_000, 'aPinchOfSalt']
  const digest = pbkdf2Sync(password, salt, iterations, 32, 'sha256').toString('base64')
  return `pbkdf2_sha256$${iterations}$${salt}$${digest}`
}

for (const engine of engines) {
  describe(`a stored hash that is not ours, on ${engine}`, async () => {
    const world = await testWorld({ engine })
    const { transaction, stores } = world.core

    const storedHash = async (email: string) => (await stores.users.findByEmail(email))?.passwordHash ?? ''
    const withHash = async (hash: string) => {
      const person = await world.register()
      const old = await storedHash(person.email)
      const now = world.clock.nowMs()
      assert.ok(await transaction(({ users }) => users.replacePassword(person.id as never, old, hash, now)))
      return person
    }

    for (const [kind, make] of [
      ['of Django', () => Promise.resolve(djangoHash(goodPassword))],
      ['with other parameters', () => createPasswordHasher({ memoryKib: 16, passes: 2 }).hash(goodPassword)],
    ] as const) {
      test(`${kind} is accepted once, and replaced by ours at that sign-in`, async () => {
        const foreign = await make()
        const person = await withHash(foreign)
        await world.login(person)
        const replaced = await storedHash(person.email)
        assert.notEqual(replaced, foreign)
        assert.match(replaced, /^\$argon2id\$v=19\$m=8,t=1,p=1\$/)
        await world.login(person)
        assert.equal(await storedHash(person.email), replaced, 'ours is left alone')
      })

      test(`${kind} stays as it is after a wrong password`, async () => {
        const foreign = await make()
        const person = await withHash(foreign)
        const body = { email: person.email, password: 'wrong horse battery staple' }
        assert.equal((await world.call('POST', '/login/', { body })).status, 401)
        assert.equal(await storedHash(person.email), foreign)
      })
    }
  })
}
