import { entityTagOf, Instant, type ListSpec, type PreconditionOn, type Static, Type } from '../http/index.ts'
import { type Listed, toRfc3339 } from '../kernel/index.ts'
import {
  type AccountField,
  type AccountFields,
  accountFields,
  allFields,
  type ColumnOf,
  definitionOf,
  isText,
  type OwnField,
  type OwnFields,
  orderedFields,
  ownFields,
  type User,
} from './account-fields.ts'
import { maxEmailCharacters } from './email-address.ts'
import { maxPasswordCharacters } from './password-policy.ts'
import type { Profile } from './read-profile.ts'
import type { UserWithRoles } from './update-user.ts'
import type { UserColumn } from './user-list.sql.ts'

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

/** A text of an account, in bodies and answers. */
export const textOf = (field: AccountField) => {
  const definition = definitionOf(field)
  const limit = definition.kind === 'text' ? { maxLength: definition.maxCharacters } : {}
  return Type.Union([Type.String(limit), Type.Null()])
}

/** How answers show each kind of field. */
const shown = {
  id: () => Type.Integer(),
  email: () => Type.String(),
  text: textOf,
  flag: () => Type.Boolean(),
  instant: () => Instant,
  optionalInstant: () => Type.Union([Instant, Type.Null()]),
}

type Shown = { [F in AccountField as ColumnOf<F>]: ReturnType<(typeof shown)[AccountFields[F]['kind']]> }

const userFields = {
  ...(Object.fromEntries(
    allFields.map(field => [accountFields[field].column, shown[accountFields[field].kind](field)]),
  ) as unknown as Shown),
  roles: Type.Array(Type.String(), { description: 'Code names, sorted.' }),
}

type ShownOwn = Pick<Shown, ColumnOf<OwnField>>

const pickColumns = <T>(of: (field: OwnField) => T) =>
  Object.fromEntries(ownFields.map(field => [accountFields[field].column, of(field)]))

/** What people say about themselves, in answers about a person who is not an account yet. */
export const shownOwnFields = pickColumns(textOf) as unknown as ShownOwn

export const toShownOwn = (own: OwnFields) =>
  pickColumns(field => own[field]) as unknown as { [C in keyof ShownOwn]: string | null }

export const ownExample = pickColumns(field => accountFields[field].example) as ReturnType<typeof toShownOwn>

export const UserBody = Type.Object(userFields, { $id: 'User' })

/** What the owner of an account is not shown of it. */
const { note: _note, ...profileFields } = userFields

export const ProfileBody = Type.Object(
  {
    ...profileFields,
    permissions: Type.Array(Type.String(), {
      description: '`resource:action`, sorted; for a superuser all that exist.',
    }),
    step_up_permissions: Type.Optional(
      Type.Array(Type.String(), {
        description:
          'What the session would be permitted beside them once it has shown a second factor (`/me/step_up/`), sorted. Absent where that is nothing.',
      }),
    ),
  },
  { $id: 'Profile' },
)

export const toUserBody = (user: UserWithRoles): Static<typeof UserBody> => ({
  ...(Object.fromEntries(
    allFields.map(field => [accountFields[field].column, toShown(field, user[field])]),
  ) as Omit<Static<typeof UserBody>, 'roles'>),
  roles: [...user.roles],
})

const toShown = (field: AccountField, value: User[AccountField]) =>
  definitionOf(field).kind.endsWith('nstant') && value !== null ? toRfc3339(value as number) : value

/**
 * The version of an account, the same by whatever call it is shown. Not of what changes without a write of the account:
 * the last sign-in, and what roles permit; nor of the note, which the owner is not shown: `updated_at` goes with it.
 */
export const userEtag = (shown: Omit<Static<typeof UserBody>, 'note'> & { note?: unknown }): string => {
  const { last_login: _, note: __, ...written } = shown
  return entityTagOf(written)
}

export const profileEtag = ({
  permissions: _,
  step_up_permissions: __,
  ...shown
}: Static<typeof ProfileBody>): string => userEtag(shown)

/** What `If-Match` demands of an account. */
export const onUser = (precondition: PreconditionOn) =>
  precondition((user: UserWithRoles) => userEtag(toUserBody(user)))

export const toProfileBody = (profile: Profile) => {
  const { note: _, ...shown } = toUserBody(profile)
  return {
    ...shown,
    permissions: [...profile.permissions],
    ...(profile.stepUpPermissions.length > 0 && { step_up_permissions: [...profile.stepUpPermissions] }),
  }
}

export const userExample: Static<typeof UserBody> = {
  ...(Object.fromEntries(
    allFields.map(field => [accountFields[field].column, accountFields[field].example]),
  ) as Omit<Static<typeof UserBody>, 'roles'>),
  roles: ['supervisor', 'user'],
}

const { note: _example, ...ownUserExample } = userExample

export const profileExample = { ...ownUserExample, permissions: ['documents:approve', 'documents:read'] }

const userSearch = Type.Optional(
  Type.String({
    maxLength: 150,
    description:
      'Words of an address or a name, in any order and any case. Each is found in the other alphabet, too (`Petrova` finds Петрова), with `е` for `ё`, and, from three letters on, typed in the other keyboard layout.',
  }),
)

/** What the list and its export can be narrowed down by. */
export const userFilters = {
  search: userSearch,
  is_active: Type.Optional(
    Type.Boolean({ description: 'Only accounts that are open, or only closed ones.' }),
  ),
  role: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 100,
      description: 'Only holders of the role with this code name.',
    }),
  ),
}

/** Nullable columns stand as in the ORDER BY of the store: as if empty. Names are ordered by a key that the store knows. */
const cursorValueOf = (field: AccountField) => (user: Listed<User>) => {
  if (isText(field)) return user.place
  const value = user[field]
  return typeof value === 'boolean' ? Number(value) : (value ?? 0)
}

export const userList: ListSpec<Listed<User>, UserColumn> = {
  path: '/api/auth/users/',
  orderings: Object.fromEntries(
    orderedFields.map(field => [accountFields[field].column, cursorValueOf(field)]),
  ) as ListSpec<Listed<User>, UserColumn>['orderings'],
  defaultOrdering: 'id',
  idOf: user => user.id,
}
