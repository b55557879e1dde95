import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { UserId } from '../kernel/index.ts'
import {
  describeDifferences,
  differencesOf,
  initialFields,
  type User,
  type UserChanges,
} from './account-fields.ts'
import { assertSuperuserRemains, couldRemoveSuperuser, needsSuperuser } from './update-user.ts'

const id = (value: number) => value as UserId

const anna: User = {
  id: id(5),
  ...initialFields,
  email: 'anna@example.com',
  emailVerified: false,
  firstName: 'Anna',
  isSuperuser: true,
  dateJoinedMs: 0,
  lastLoginMs: null,
  updatedAtMs: 0,
}

describe('the differences of an account', () => {
  const cases: [UserChanges, UserChanges][] = [
    [{}, {}],
    [{ firstName: 'Anna', lastName: null, isActive: true, isSuperuser: true }, {}],
    [{ firstName: null }, { firstName: null }],
    [{ firstName: '' }, { firstName: '' }],
    [
      { email: 'anna@example.com', isStaff: true, isSuperuser: false },
      { isStaff: true, isSuperuser: false },
    ],
  ]
  for (const [wanted, differences] of cases) {
    it(`of ${JSON.stringify(wanted)} are ${JSON.stringify(differences)}`, () => {
      assert.deepEqual(differencesOf(anna, wanted), differences)
    })
  }

  it('the differences of an account hold old and new values, except of names', () => {
    assert.deepEqual(
      describeDifferences(anna, { email: 'a@example.com', lastName: 'Petrova', isStaff: true }),
      {
        email: { from: 'anna@example.com', to: 'a@example.com' },
        last_name: 'changed',
        is_staff: { from: false, to: true },
      },
    )
  })
})

describe('the rules about superusers', () => {
  const cases: [UserChanges, { needs: boolean; could: boolean }][] = [
    [{}, { needs: false, could: false }],
    [
      { email: 'a@example.com', firstName: 'x' },
      { needs: false, could: false },
    ],
    [{ isActive: true }, { needs: false, could: false }],
    [{ isActive: false }, { needs: false, could: true }],
    [{ isStaff: true }, { needs: true, could: false }],
    [{ isStaff: false }, { needs: true, could: false }],
    [{ isSuperuser: true }, { needs: true, could: false }],
    [{ isSuperuser: false }, { needs: true, could: true }],
  ]
  for (const [changes, { needs, could }] of cases) {
    it(`say of ${JSON.stringify(changes)}: superuser only ${needs}, may remove one ${could}`, () => {
      assert.deepEqual([needsSuperuser(changes), couldRemoveSuperuser(changes)], [needs, could])
    })
  }

  const remaining: [string, Partial<User>, UserChanges, readonly number[], boolean][] = [
    ['the only one closed', {}, { isActive: false }, [5], false],
    ['the only one demoted', {}, { isSuperuser: false }, [5], false],
    ['one of two closed', {}, { isActive: false }, [5, 6], true],
    ['a closed one demoted', { isActive: false }, { isSuperuser: false }, [6], true],
    [
      'an ordinary account closed, with no superuser at all',
      { isSuperuser: false },
      { isActive: false },
      [],
      true,
    ],
    ['the only one renamed', {}, { firstName: 'x' }, [5], true],
  ]
  for (const [what, before, changes, active, allowed] of remaining) {
    it(`${allowed ? 'allow' : 'refuse'} ${what}`, () => {
      const attempt = () => assertSuperuserRemains({ ...anna, ...before }, changes, active.map(id))
      if (allowed) attempt()
      else assert.throws(attempt, { code: 'conflict' })
    })
  }
})
