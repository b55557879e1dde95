import assert from 'node:assert/strict'
import { before, beforeEach, it } from 'node:test'
import { eachEngine } from '../../../test/support/engines.ts'
import { origin, type People, peopleOn } from '../../../test/support/people.ts'
import { rejection } from '../../../test/support/rejection.ts'
import { Rejection, type UserId } from '../kernel/index.ts'
import type { User } from './account-fields.ts'
import { deactivateUser, updateUser } from './update-user.ts'

eachEngine('changing an account', open => {
  let people: People
  let superuser: User
  let clerk: User

  before(async () => {
    people = peopleOn(await open())
    await people.addRole('clerk', 'users:read', 'users:update')
    await people.addRole('chief', 'users:read', 'users:update', 'roles:all')
    superuser = await people.addUser({ isSuperuser: true })
    clerk = await people.addUser({ roles: ['clerk'] })
  })

  const caller = (user: User) => ({ principal: people.as(user), origin })
  const update = (actor: User, target: User, changes: Parameters<typeof updateUser>[2]['changes']) =>
    updateUser(people, caller(actor), { userId: target.id, changes })
  const replaceRoles = (actor: User, target: User, roles: readonly string[]) =>
    updateUser(people, caller(actor), { userId: target.id, changes: {}, roles })

  it('changes what is named and leaves the rest', async () => {
    const target = await people.addUser({ firstName: 'Anna', lastName: 'Petrova' })
    const after = await update(clerk, target, { lastName: null, email: ' NEW@Example.com ' })
    assert.deepEqual(
      [after.firstName, after.lastName, after.email, after.roles],
      ['Anna', null, 'new@example.com', []],
    )
    assert.deepEqual(await people.user(target.id), { ...target, lastName: null, email: 'new@example.com' })
  })

  it('writes the old and the new address to the audit, and of a name only that it changed', async () => {
    const target = await people.addUser({ firstName: 'Secret' })
    await update(clerk, target, { email: `moved-${target.email}`, firstName: 'Other' })
    const [event] = await people.audit(`users/${target.id}`)
    assert.equal(event?.actor?.id, clerk.id)
    assert.deepEqual(event?.details, {
      email: { from: target.email, to: `moved-${target.email}` },
      first_name: 'changed',
    })
  })

  it('writes nothing when nothing differs', async () => {
    const target = await people.addUser({ firstName: 'Anna' })
    people.advance(1000)
    const after = await update(clerk, target, { firstName: 'Anna', isStaff: false, isActive: true })
    assert.deepEqual(after, { ...target, roles: [] })
    assert.deepEqual(await people.audit(`users/${target.id}`), [])
  })

  it('refuses an address that is taken, by a closed account too', async () => {
    const closed = await people.addUser({ isActive: false })
    const target = await people.addUser()
    await assert.rejects(
      update(clerk, target, { email: closed.email.toUpperCase() }),
      rejection('conflict', 'email.taken', 'email'),
    )
    assert.equal((await people.user(target.id)).email, target.email)
  })

  it('refuses what is no address', async () => {
    const target = await people.addUser()
    await assert.rejects(
      update(clerk, target, { email: 'no address' }),
      rejection('invalid_request', 'email.invalid', 'email'),
    )
  })

  it('says that there is no such user', async () => {
    const nobody = { ...clerk, id: 999_999 as UserId }
    await assert.rejects(update(clerk, nobody, { firstName: 'x' }), rejection('not_found'))
  })

  it('a caller cannot change an account that holds a permission they lack', async () => {
    const target = await people.addUser({ roles: ['chief'] })
    for (const changes of [{ firstName: 'x' }, { isActive: false }, { email: 'mine@example.com' }, {}]) {
      await assert.rejects(
        update(clerk, target, changes),
        rejection('permission_denied', 'permission.outranked'),
      )
    }
    assert.deepEqual(await people.user(target.id), target)
  })

  it('only a superuser can change a superuser, a closed one included', async () => {
    const closed = await people.addUser({ isSuperuser: true, isActive: false })
    for (const target of [superuser, closed]) {
      await assert.rejects(
        update(clerk, target, { isActive: !target.isActive }),
        rejection('permission_denied', 'permission.superuser_only'),
      )
    }
  })

  it('only a superuser can set is_staff or is_superuser, even of their own account', async () => {
    const target = await people.addUser()
    for (const user of [target, clerk]) {
      for (const changes of [{ isStaff: true }, { isSuperuser: true }]) {
        await assert.rejects(
          update(clerk, user, changes),
          rejection('permission_denied', 'permission.superuser_only'),
        )
      }
    }
    const after = await update(superuser, target, { isStaff: true, isSuperuser: true })
    assert.deepEqual([after.isStaff, after.isSuperuser], [true, true])
  })

  it('judges by the database: who is no superuser any more is not believed to be one', async () => {
    const former = await people.addUser({ isSuperuser: true })
    await update(superuser, former, { isSuperuser: false })
    const target = await people.addUser()
    await assert.rejects(
      update(former, target, { isStaff: true }),
      rejection('permission_denied', 'permission.superuser_only'),
    )
  })

  const idsOf = async (...roles: string[]) =>
    (await people.stores.roles.findByCodeNames(roles)).map(role => role.id)

  it('the gates receive at once that a user became or stopped being a superuser', async () => {
    const target = await people.addUser({ roles: ['clerk'] })
    await update(superuser, target, { isSuperuser: true })
    await update(superuser, target, { isSuperuser: false })
    const published = people.committed.flatMap(change =>
      change.kind === 'user_roles' && change.userId === target.id
        ? [[change.roleIds, change.isSuperuser]]
        : [],
    )
    const clerk = await idsOf('clerk')
    assert.deepEqual(published, [
      [clerk, true],
      [clerk, false],
    ])
  })

  it('a caller gives roles to users of a lower rank, and the gates receive the last state last', async () => {
    const target = await people.addUser()
    const after = await updateUser(people, caller(superuser), {
      userId: target.id,
      changes: { isSuperuser: true },
      roles: ['clerk', 'chief'],
    })
    assert.deepEqual(after.roles, ['chief', 'clerk'])
    const last = people.committed.findLast(change => change.kind === 'user_roles')
    assert.deepEqual(last?.kind === 'user_roles' && [last.userId, last.roleIds, last.isSuperuser], [
      target.id,
      await idsOf('clerk', 'chief'),
      true,
    ])
  })

  it('a caller cannot give or take a role that permits more than they may, nor their own roles', async () => {
    const target = await people.addUser()
    await assert.rejects(
      replaceRoles(clerk, target, ['chief']),
      rejection('permission_denied', 'permission.not_held'),
    )
    await assert.rejects(
      replaceRoles(clerk, clerk, []),
      rejection('permission_denied', 'permission.own_roles'),
    )
    await assert.rejects(
      replaceRoles(clerk, target, ['nonesuch']),
      rejection('invalid_request', 'role.unknown', 'roles'),
    )
    assert.deepEqual((await replaceRoles(clerk, target, ['clerk'])).roles, ['clerk'])
    assert.deepEqual((await replaceRoles(superuser, superuser, ['chief'])).roles, ['chief'])
  })

  it('logs a deactivated user out in the same transaction, and activating brings nothing back', async () => {
    const target = await people.addUser()
    const session = await people.startSession(target)
    const after = await update(clerk, target, { isActive: false })
    assert.equal(after.isActive, false)
    const ended = await people.stores.sessions.findById(session.id)
    assert.deepEqual([ended?.isActive, ended?.endReason], [false, 'deactivated'])
    const loggedOut = people.committed.find(
      change => change.kind === 'user_logged_out' && change.userId === target.id,
    )
    assert.ok(loggedOut)

    people.advance(1000)
    await update(clerk, target, { isActive: true })
    assert.equal((await people.stores.sessions.findById(session.id))?.isActive, false)
    const events = (await people.audit(`users/${target.id}`)).map(event => event.action)
    assert.deepEqual(events, ['user.deactivate', 'session.end_all', 'user.reactivate'])
  })

  it('finds closing a closed account harmless', async () => {
    const target = await people.addUser({ isActive: false })
    assert.equal((await deactivateUser(people, caller(clerk), target.id)).isActive, false)
    assert.deepEqual(await people.audit(`users/${target.id}`), [])
  })

  it('does not listen to a closed account whose token another node still believes', async () => {
    const closed = await people.addUser({ roles: ['clerk'], isActive: false })
    await assert.rejects(update(closed, closed, { isActive: true }), rejection('invalid_token'))
    await assert.rejects(
      update(closed, await people.addUser(), { firstName: 'x' }),
      rejection('invalid_token'),
    )
    assert.equal((await people.user(closed.id)).isActive, false)
  })

  it('the command line may change any account', async () => {
    const target = await people.addUser({ roles: ['chief'], isSuperuser: true })
    await deactivateUser(people, { principal: null, origin: null }, target.id)
    const [event] = await people.audit(`users/${target.id}`)
    assert.deepEqual([event?.action, event?.actor], ['user.deactivate', null])
  })
})

eachEngine('the last active superuser', open => {
  let people: People

  before(async () => {
    people = peopleOn(await open())
  })

  /** Every test begins with none, which only a test can bring about. */
  const demoteAll = () =>
    people.transaction(async ({ users }) => {
      const all = await users.lockActiveSuperusers()
      for (const id of all) await users.update(id, { isSuperuser: false }, people.clock.nowMs())
      return all
    })
  beforeEach(demoteAll)

  const removals = {
    deactivated: { isActive: false },
    demoted: { isSuperuser: false },
    'both at once': { isActive: false, isSuperuser: false },
  }

  for (const [how, changes] of Object.entries(removals)) {
    it(`the last active superuser cannot be ${how} by any caller`, async () => {
      const last = await people.addUser({ isSuperuser: true })
      await people.addUser({ isSuperuser: true, isActive: false })
      for (const principal of [people.as(last), null]) {
        await assert.rejects(
          updateUser(people, { principal, origin: null }, { userId: last.id, changes }),
          rejection('conflict', 'permission.last_superuser'),
        )
      }
      assert.deepEqual(await people.user(last.id), last)
    })
  }

  it('can go once there is another', async () => {
    const first = await people.addUser({ isSuperuser: true })
    await people.addUser({ isSuperuser: true })
    const caller = { principal: people.as(first), origin }
    const after = await updateUser(people, caller, { userId: first.id, changes: { isSuperuser: false } })
    assert.equal(after.isSuperuser, false)
  })

  it('remains when superusers take each other away at once', async () => {
    for (let round = 0; round < 4; round++) {
      const some = await Promise.all([1, 2, 3, 4].map(() => people.addUser({ isSuperuser: true })))
      const attempts = some.map((actor, index) =>
        updateUser(
          people,
          { principal: people.as(actor), origin },
          {
            userId: some[(index + 1) % some.length]!.id,
            changes: round % 2 === 0 ? { isSuperuser: false } : { isActive: false },
          },
        ),
      )
      const outcomes = await Promise.allSettled(attempts)
      for (const outcome of outcomes) {
        if (outcome.status === 'fulfilled') continue
        assert.ok(outcome.reason instanceof Rejection, String(outcome.reason))
        assert.match(outcome.reason.code, /^(permission_denied|conflict|invalid_token)$/)
      }
      const left = await demoteAll()
      assert.ok(left.length >= 1, 'nobody is left')
    }
  })
})
