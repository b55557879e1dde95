import assert from 'node:assert/strict'
import { before, it } from 'node:test'
import { eachEngine } from '../../../test/support/engines.ts'
import { origin, type People, peopleOn } from '../../../test/support/people.ts'
import { rejection } from '../../../test/support/rejection.ts'
import { initialFields, type User } from './account-fields.ts'
import { createUser, type NewAccount } from './create-user.ts'
import { loadLeakedPasswords } from './leaked-passwords.ts'
import type { CreateUserDeps } from './update-user.ts'

eachEngine('creating an account as an administrator', open => {
  let people: People
  let deps: CreateUserDeps
  let superuser: User
  let clerk: User
  let counter = 0

  before(async () => {
    people = peopleOn(await open())
    deps = {
      ...people,
      users: people.stores.users,
      passwordMinLength: 8,
      leakedPasswords: loadLeakedPasswords(),
    }
    await people.addRole('clerk', 'users:create', 'users:update')
    await people.addRole('chief', 'roles:all')
    superuser = await people.addUser({ isSuperuser: true })
    clerk = await people.addUser({ roles: ['clerk'] })
  })

  const account = (fields: Partial<NewAccount> = {}): NewAccount => ({
    email: `new-${++counter}@example.com`,
    password: 'seven quiet lamps at noon',
    ...initialFields,
    roles: [],
    ...fields,
  })
  const create = (actor: User | null, fields: Partial<NewAccount> = {}) =>
    createUser(deps, { principal: actor && people.as(actor), origin }, account(fields))
  const emailIsFree = async (email: string) => (await people.stores.users.findByEmail(email)) === undefined

  it('opens it with names and roles, signed in nowhere', async () => {
    const user = await create(clerk, { email: ' Anna@Example.COM', firstName: 'Anna', roles: ['clerk'] })
    assert.deepEqual([user.email, user.firstName, user.roles], ['anna@example.com', 'Anna', ['clerk']])
    assert.equal(user.lastLoginMs, null)
    assert.deepEqual(await people.stores.sessions.listLive(user.id, people.clock.nowMs()), [])
    const [event] = await people.audit(`users/${user.id}`)
    assert.deepEqual([event?.action, event?.actor?.id], ['user.create', clerk.id])
  })

  it('keeps the password as a hash that the owner can sign in with, and shows it nowhere', async () => {
    const password = 'seven quiet lamps at noon'
    const user = await create(clerk, { password })
    const stored = (await people.stores.users.findAccount(user.id))!.passwordHash
    assert.equal((await people.hasher.verify(password, stored)).matches, true)
    const shown = JSON.stringify([user, await people.audit(`users/${user.id}`)])
    assert.ok(!shown.includes(password) && !shown.includes(stored))
  })

  it('judges address and password like registration, and names every field', async () => {
    await assert.rejects(create(clerk, { email: 'no address', password: 'short' }), error => {
      rejection('invalid_request', 'email.invalid', 'email')(error)
      return rejection('invalid_request', 'password.too_short', 'password')(error)
    })
    await assert.rejects(
      create(clerk, { firstName: 'Bartholomew', password: 'bartholomew' }),
      rejection('invalid_request', 'password.personal', 'password'),
    )
  })

  it('refuses an address that is taken, in any case', async () => {
    const taken = await people.addUser({ isActive: false })
    await assert.rejects(
      create(superuser, { email: taken.email.toUpperCase() }),
      rejection('conflict', 'email.taken', 'email'),
    )
  })

  it('gives one address to one of many who ask at once', async () => {
    const email = 'race@example.com'
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => create(clerk, { email })))
    assert.equal(outcomes.filter(outcome => outcome.status === 'fulfilled').length, 1)
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') rejection('conflict', 'email.taken', 'email')(outcome.reason)
    }
  })

  it('lets only a superuser make staff and superusers', async () => {
    for (const flag of [{ isStaff: true }, { isSuperuser: true }]) {
      const email = `flag-${++counter}@example.com`
      await assert.rejects(
        create(clerk, { email, ...flag }),
        rejection('permission_denied', 'permission.superuser_only'),
      )
      assert.ok(await emailIsFree(email))
    }
    const user = await create(superuser, { isStaff: true, isSuperuser: true })
    assert.deepEqual([user.isStaff, user.isSuperuser], [true, true])
  })

  it('leaves no account behind when a role cannot be given', async () => {
    const email = 'half@example.com'
    await assert.rejects(
      create(clerk, { email, roles: ['chief'] }),
      rejection('permission_denied', 'permission.not_held'),
    )
    await assert.rejects(
      create(superuser, { email, roles: ['nonesuch'] }),
      rejection('invalid_request', 'role.unknown', 'roles'),
    )
    assert.ok(await emailIsFree(email))
  })

  it('does not listen to a closed account whose token another node still believes', async () => {
    const closed = await people.addUser({ isSuperuser: true, isActive: false })
    const email = 'back-door@example.com'
    await assert.rejects(create(closed, { email, isSuperuser: true }), rejection('invalid_token'))
    assert.ok(await emailIsFree(email))
  })

  it('lets the command line make the first superuser', async () => {
    const user = await create(null, { isSuperuser: true, isStaff: true, roles: ['chief'] })
    assert.deepEqual([user.isSuperuser, user.roles], [true, ['chief']])
  })
})
