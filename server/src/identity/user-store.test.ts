import assert from 'node:assert/strict'
import { before, it } from 'node:test'
import { eachEngine } from '../../../test/support/engines.ts'
import { type People, peopleOn } from '../../../test/support/people.ts'
import type { PageRequest, UserId } from '../kernel/index.ts'
import type { User } from './account-fields.ts'
import type { UserColumn, UserFilter } from './user-list.sql.ts'

eachEngine('the list of users', open => {
  let people: People
  let anna: User
  let boris: User
  let clara: User

  before(async () => {
    people = peopleOn(await open())
    await people.addRole('zeta')
    await people.addRole('alpha')
    anna = await people.addUser({ email: 'anna@example.com', firstName: 'Анна', lastName: '100%' })
    boris = await people.addUser({ email: 'boris@example.com', roles: ['zeta', 'alpha'], isStaff: true })
    clara = await people.addUser({ email: 'clara_x@example.com', roles: ['zeta'], isActive: false })
  })

  const list = (filter: UserFilter, page: Partial<PageRequest<UserColumn>> = {}) =>
    people.stores.users.list(filter, {
      limit: 50,
      ordering: { column: 'id', descending: false },
      cursor: undefined,
      search: undefined,
      ...page,
    })
  const names = async (filter: UserFilter, page?: Partial<PageRequest<UserColumn>>) =>
    (await list(filter, page)).rows.map(user => user.email.replace(/@.*/, ''))

  it('filters by activity and by role', async () => {
    assert.deepEqual(await names({}), ['anna', 'boris', 'clara_x'])
    assert.deepEqual(await names({ isActive: false }), ['clara_x'])
    assert.deepEqual(await names({ role: 'zeta' }), ['boris', 'clara_x'])
    assert.deepEqual(await names({ role: 'zeta', isActive: true }), ['boris'])
    assert.deepEqual(await names({ role: 'nonesuch' }), [])
  })

  it('searches address and names in any case and any alphabet, signs taken as they are', async () => {
    const cases: Record<string, string[]> = {
      АННА: ['anna'],
      'BORIS@': ['boris'],
      example: ['anna', 'boris', 'clara_x'],
      '100%': ['anna'],
      _: ['clara_x'],
      '%': ['anna'],
      '\\': [],
    }
    for (const [search, found] of Object.entries(cases)) {
      assert.deepEqual(await names({}, { search }), found, search)
    }
  })

  it('finds a person under the new name and not under the old one', async () => {
    const rename = (firstName: string) =>
      people.transaction(({ users }) => users.update(anna.id, { firstName }, people.clock.nowMs()))
    await rename('Зинаида')
    await rename('Инна')
    assert.deepEqual(await names({}, { search: 'инна' }), ['anna'])
    assert.deepEqual(await names({}, { search: 'зинаида' }), [])
  })

  it('orders by every column, empty ones like empty text', async () => {
    const columns: UserColumn[] = [
      'id',
      'email',
      'first_name',
      'last_name',
      'middle_name',
      'is_active',
      'is_staff',
      'is_superuser',
      'date_joined',
      'last_login',
      'updated_at',
    ]
    for (const column of columns) {
      const up = await names({}, { ordering: { column, descending: false } })
      const down = await names({}, { ordering: { column, descending: true } })
      assert.deepEqual(down, up.toReversed(), column)
    }
    assert.deepEqual(await names({}, { ordering: { column: 'first_name', descending: false } }), [
      'boris',
      'clara_x',
      'anna',
    ])
  })

  it('the roles of many users are read at once, sorted, without users who hold none', async () => {
    const roles = await people.stores.users.rolesOf([anna.id, boris.id, clara.id, 999_999 as UserId])
    assert.deepEqual(
      [...roles].sort(([a], [b]) => a - b),
      [
        [boris.id, ['alpha', 'zeta']],
        [clara.id, ['zeta']],
      ],
    )
    assert.equal((await people.stores.users.rolesOf([])).size, 0)
  })
})
