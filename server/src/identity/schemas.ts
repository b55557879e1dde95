import { entityTagOf, Instant, type PreconditionOn, type Static, Type } from '../http/index.ts'
import { toRfc3339 } from '../kernel/index.ts'
import type { UserWithRoles } from './administration.ts'
import { maxEmailCharacters } from './email-address.ts'
import { maxPasswordCharacters } from './password-form.ts'
import { keptName, maxNameCharacters } from './person-names.ts'
import type { Profile } from './read-profile.ts'
import type { Names, UserChanges } from './user.ts'

const NullableName = Type.Union([Type.String({ maxLength: maxNameCharacters }), Type.Null()])

/** The three names, as every body that takes them writes them. */
export const nameFields = {
  first_name: Type.Optional(NullableName),
  last_name: Type.Optional(NullableName),
  middle_name: Type.Optional(NullableName),
}

export const EmailField = Type.String({ maxLength: maxEmailCharacters })

export const PasswordField = Type.String({
  maxLength: maxPasswordCharacters,
  format: 'password',
  description: 'Taken exactly as it is; never trimmed.',
})

export const RolesField = Type.Array(Type.String({ maxLength: 100 }), {
  maxItems: 500,
  uniqueItems: true,
  description: 'Code names of roles that exist.',
})

const userFields = {
  id: Type.Integer(),
  email: Type.String(),
  first_name: NullableName,
  last_name: NullableName,
  middle_name: NullableName,
  is_active: Type.Boolean(),
  is_staff: Type.Boolean(),
  is_superuser: Type.Boolean(),
  date_joined: Instant,
  last_login: Type.Union([Instant, Type.Null()]),
  updated_at: Instant,
  roles: Type.Array(Type.String(), { description: 'Code names, sorted.' }),
}

export const UserBody = Type.Object(userFields, { $id: 'User' })

export const ProfileBody = Type.Object(
  {
    ...userFields,
    permissions: Type.Array(Type.String(), {
      description: '`resource:action`, sorted; for a superuser all that exist.',
    }),
  },
  { $id: 'Profile' },
)

export const toUserBody = (user: UserWithRoles) => ({
  id: user.id,
  email: user.email,
  first_name: user.firstName,
  last_name: user.lastName,
  middle_name: user.middleName,
  is_active: user.isActive,
  is_staff: user.isStaff,
  is_superuser: user.isSuperuser,
  date_joined: toRfc3339(user.dateJoinedMs),
  last_login: user.lastLoginMs === null ? null : toRfc3339(user.lastLoginMs),
  updated_at: toRfc3339(user.updatedAtMs),
  roles: [...user.roles],
})

/**
 * The version of an account, the same by whatever call it is shown. Not of what changes without a write of the account:
 * the last sign-in, and what roles permit.
 */
export const userEtag = (shown: Static<typeof UserBody>): string => {
  const { last_login: _, ...written } = shown
  return entityTagOf(written)
}

export const profileEtag = ({ permissions: _, ...shown }: Static<typeof ProfileBody>): string =>
  userEtag(shown)

/** What `If-Match` demands of an account. */
export const onUser = (precondition: PreconditionOn) =>
  precondition((user: UserWithRoles) => userEtag(toUserBody(user)))

export const toProfileBody = (profile: Profile) => ({
  ...toUserBody(profile),
  permissions: [...profile.permissions],
})

interface NamesBody {
  readonly first_name?: string | null
  readonly last_name?: string | null
  readonly middle_name?: string | null
}

/** The names that a body gives; null and absent are the same when the whole account is given. */
export const toNames = (body: NamesBody): Names => ({
  firstName: keptName(body.first_name ?? null),
  lastName: keptName(body.last_name ?? null),
  middleName: keptName(body.middle_name ?? null),
})

/** The names that a body changes: null clears one, an absent one stays. */
export const toNameChanges = (body: NamesBody): UserChanges => ({
  ...(body.first_name !== undefined && { firstName: keptName(body.first_name) }),
  ...(body.last_name !== undefined && { lastName: keptName(body.last_name) }),
  ...(body.middle_name !== undefined && { middleName: keptName(body.middle_name) }),
})

export const userExample = {
  id: 52,
  email: 'anna.petrova@example.com',
  first_name: 'Анна',
  last_name: 'Петрова',
  middle_name: null,
  is_active: true,
  is_staff: false,
  is_superuser: false,
  date_joined: '2026-02-03T08:15:30.000Z',
  last_login: '2026-03-14T06:55:02.417Z',
  updated_at: '2026-03-01T10:00:00.000Z',
  roles: ['supervisor', 'user'],
}

export const profileExample = { ...userExample, permissions: ['documents:approve', 'documents:read'] }
