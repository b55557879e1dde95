import assert from 'node:assert/strict'
import { before, it } from 'node:test'
import { eachEngine } from '../../../test/support/engines.ts'
import { type People, peopleOn } from '../../../test/support/people.ts'
import { readProfile } from './read-profile.ts'

eachEngine('the own profile', open => {
  let people: People

  before(async () => {
    people = peopleOn(await open())
    await people.addRole('writer', 'users:update', 'roles:read')
    await people.addRole('reader', 'users:read', 'roles:read')
  })

  it('shows roles and permissions, sorted and each once', async () => {
    const user = await people.addUser({ roles: ['writer', 'reader'] })
    const profile = await readProfile(people.stores, user.id)
    assert.deepEqual(profile, {
      ...user,
      roles: ['reader', 'writer'],
      permissions: ['roles:read', 'users:read', 'users:update'],
    })
  })

  it('shows a superuser every permission that exists, whatever their roles', async () => {
    const user = await people.addUser({ isSuperuser: true, roles: ['reader'] })
    const profile = await readProfile(people.stores, user.id)
    assert.deepEqual(profile.roles, ['reader'])
    assert.deepEqual(profile.permissions, ['roles:read', 'users:read', 'users:update'])
  })

  it('holds no password hash', async () => {
    const user = await people.addUser({ passwordHash: 'a-stored-hash' })
    assert.ok(!JSON.stringify(await readProfile(people.stores, user.id)).includes('a-stored-hash'))
  })
})
