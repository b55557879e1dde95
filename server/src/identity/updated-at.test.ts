import assert from 'node:assert/strict'
import { before, it } from 'node:test'
import { eachEngine } from '../../../test/support/engines.ts'
import { origin, type People, peopleOn } from '../../../test/support/people.ts'
import type { User } from './account-fields.ts'
import { addUser } from './create-user.ts'
import { toUserBody, userEtag } from './schemas.ts'
import { type UserUpdate, updateUser } from './update-user.ts'

eachEngine('when an account was last written', open => {
  let people: People
  let superuser: User
  let clerk: User

  before(async () => {
    people = peopleOn(await open())
    await people.addRole('clerk', 'users:read', 'users:update')
    await people.addRole('reader', 'users:read')
    await people.addRole('chief', 'users:all')
    superuser = await people.addUser({ isSuperuser: true })
    clerk = await people.addUser({ roles: ['clerk'] })
  })

  const caller = (user: User) => ({ principal: people.as(user), origin })

  /** Makes the write a second later; gives when the account was written, before and after. */
  const write = async (actor: User, target: User, update: Omit<UserUpdate, 'userId'>) => {
    const { updatedAtMs } = await people.user(target.id)
    people.advance(1000)
    const answer = await updateUser(people, caller(actor), { userId: target.id, ...update })
    const stored = await people.user(target.id)
    assert.equal(answer.updatedAtMs, stored.updatedAtMs, 'the answer shows what is stored')
    return { moved: stored.updatedAtMs - updatedAtMs, answer }
  }

  const roleWrites: [string, UserUpdate['roles'], readonly string[]][] = [
    ['a role that is given', { give: 'reader' }, ['reader']],
    ['a role that is taken', { take: 'reader' }, []],
    ['roles that take the place of others', ['reader', 'clerk'], ['clerk', 'reader']],
    ['no role any more', [], []],
  ]

  it('is the time of a change of its roles, as of its fields, and the list is in that order', async () => {
    const target = await people.addUser()
    for (const [what, roles, expected] of roleWrites) {
      const { moved, answer } = await write(superuser, target, { changes: {}, roles })
      assert.deepEqual([moved, answer.roles], [1000, expected], what)
      const ordering = { column: 'updated_at', descending: true } as const
      const { rows } = await people.stores.users.list(
        {},
        { limit: 1, ordering, cursor: undefined, search: undefined },
      )
      assert.equal(rows[0]?.id, target.id, what)
    }
    const { moved } = await write(superuser, target, { changes: { firstName: 'Anna' }, roles: ['reader'] })
    assert.equal(moved, 1000)
  })

  it('stays where a write changes nothing', async () => {
    const target = await people.addUser({ roles: ['reader'] })
    for (const roles of [{ give: 'reader' }, { take: 'clerk' }, ['reader'], undefined] as const)
      assert.equal((await write(superuser, target, { changes: {}, roles })).moved, 0)
  })

  it('stays where a write is refused', async () => {
    const target = await people.addUser()
    const { updatedAtMs } = await people.user(target.id)
    people.advance(1000)
    for (const roles of [
      ['reader', 'chief'],
      ['reader', 'none-such'],
    ])
      await assert.rejects(updateUser(people, caller(clerk), { userId: target.id, changes: {}, roles }))
    assert.equal((await people.user(target.id)).updatedAtMs, updatedAtMs)
  })

  it('makes another version of an account whose roles are what they were before', async () => {
    const target = await people.addUser()
    const etagOf = async () => userEtag(toUserBody({ ...(await people.user(target.id)), roles: [] }))
    const etag = await etagOf()
    await write(superuser, target, { changes: {}, roles: { give: 'reader' } })
    await write(superuser, target, { changes: {}, roles: { take: 'reader' } })
    assert.notEqual(await etagOf(), etag)
  })

  it('of a new account is when it was made, with its roles', async () => {
    people.advance(1000)
    const nowMs = people.clock.nowMs()
    const { id: _, ...fields } = { ...clerk, email: 'new@example.com', passwordHash: '!' }
    const made = await people.transaction(stores =>
      addUser(stores, caller(superuser), { ...fields, roles: ['reader'] }, nowMs),
    )
    const stored = await people.user(made.id)
    assert.deepEqual([made.updatedAtMs, stored.updatedAtMs, stored.dateJoinedMs], [nowMs, nowMs, nowMs])
  })

  it('stays when a role that it holds is deleted: that is a write of the role', async () => {
    await people.addRole('brief', 'users:read')
    const target = await people.addUser({ roles: ['brief'] })
    const { updatedAtMs } = await people.user(target.id)
    const [role] = await people.transaction(({ roles }) => roles.findByCodeNames(['brief']))
    people.advance(1000)
    await people.transaction(({ assignments }) => assignments.removeFromAll(role!.id))
    assert.deepEqual((await people.stores.users.rolesOf([target.id])).get(target.id), undefined)
    assert.equal((await people.user(target.id)).updatedAtMs, updatedAtMs)
  })
})
