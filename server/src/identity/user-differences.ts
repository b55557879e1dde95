import type { User, UserChanges } from './user.ts'

/** The fields that can be changed, under the names that the API and the audit use. */
const fields = {
  email: 'email',
  firstName: 'first_name',
  lastName: 'last_name',
  middleName: 'middle_name',
  isActive: 'is_active',
  isStaff: 'is_staff',
  isSuperuser: 'is_superuser',
} as const satisfies Record<keyof UserChanges, string>

const keys = Object.keys(fields) as (keyof UserChanges)[]

/** What would really change: a field set to the value that it has is no change, and needs no right. */
export const differencesOf = (before: User, wanted: UserChanges): UserChanges =>
  Object.fromEntries(
    keys.flatMap(key =>
      wanted[key] === undefined || wanted[key] === before[key] ? [] : [[key, wanted[key]]],
    ),
  )

/**
 * Old and new values for the audit. Of a name only that it changed: the audit cannot forget, and former names are not
 * needed to attribute an act.
 */
export const describeDifferences = (
  before: User,
  differences: UserChanges,
): Record<string, { from: unknown; to: unknown } | 'changed'> =>
  Object.fromEntries(
    keys.flatMap(key => {
      if (differences[key] === undefined) return []
      const isName = key === 'firstName' || key === 'lastName' || key === 'middleName'
      return [[fields[key], isName ? 'changed' : { from: before[key], to: differences[key] }]]
    }),
  )
