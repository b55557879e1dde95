import {
  entityTagOf,
  Instant,
  type ListSpec,
  type PreconditionOn,
  type Static,
  searchParameter,
  Type,
} from '../http/index.ts'
import { type Listed, toRfc3339 } from '../kernel/index.ts'
import {
  type AccountField,
  type AccountFields,
  accountFields,
  allFields,
  type ColumnOf,
  definitionOf,
  initialFields,
  normalizeText,
  type OwnField,
  type OwnFields,
  orderedFields,
  ownFields,
  pickOwnFields,
  type TextField,
  type User,
  type UserChanges,
  type WritableField,
  type WritableFields,
  writableFields,
} from './account-fields.ts'
import type { NewAccount } from './create-user.ts'
import { maxEmailCharacters } from './email-address.ts'
import { maxPasswordCharacters } from './password-policy.ts'
import type { Profile } from './read-profile.ts'
import type { UserUpdate, UserWithRoles } from './update-user.ts'
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

const textOf = (field: AccountField) => {
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

type Initial = { readonly default?: boolean }

/** How bodies give each kind of field that can be written. */
const taken = {
  email: (_: AccountField, _initial: Initial) => Type.Optional(EmailField),
  text: (field: AccountField, _initial: Initial) => Type.Optional(textOf(field)),
  flag: (_: AccountField, initial: Initial) => Type.Optional(Type.Boolean(initial)),
}

type Taken<F extends WritableField> = {
  [Field in F as ColumnOf<Field>]: ReturnType<(typeof taken)[AccountFields[Field]['kind']]>
}

/** These fields in a body that sets a whole account, or changes one. */
function bodyFields<F extends WritableField>(fields: readonly F[], body: 'whole' | 'change'): Taken<F> {
  const entries = fields.map(field => {
    const definition = accountFields[field]
    const initial: Initial =
      body === 'whole' && 'initial' in definition ? { default: definition.initial } : {}
    return [definition.column, taken[definition.kind](field, initial)]
  })
  return Object.fromEntries(entries) as unknown as Taken<F>
}

/** The fields that people set of their own account, in every body that takes them. */
export const ownBodyFields = bodyFields(ownFields, 'change')

const otherFields = writableFields.filter(field => field !== 'email')

const readOnlyOf = (writable: readonly AccountField[]): readonly string[] =>
  allFields.filter(field => !writable.includes(field)).map(field => accountFields[field].column)

const closed = {
  additionalProperties: false,
  'x-read-only': [...readOnlyOf(writableFields), 'permissions'],
} as const

/** Refused with its own reason, rather than as unknown: administrators do try. */
const NoPassword = Type.Optional(
  Type.Never({
    'x-message': 'password.owner_only',
    description: 'Never taken: the owner changes it with `POST /me/password/`.',
  }),
)

export const UserCreateBody = Type.Object(
  {
    email: EmailField,
    password: PasswordField,
    ...bodyFields(otherFields, 'whole'),
    roles: Type.Optional(RolesField),
  },
  { $id: 'UserCreate', ...closed },
)

export const UserReplaceBody = Type.Object(
  // A replacement must list the roles: a body that leaves them out by mistake takes nothing away.
  { email: EmailField, ...bodyFields(otherFields, 'whole'), roles: RolesField, password: NoPassword },
  { $id: 'UserReplace', ...closed },
)

export const UserChangeBody = Type.Object(
  { ...bodyFields(writableFields, 'change'), roles: Type.Optional(RolesField), password: NoPassword },
  { $id: 'UserChange', minProperties: 1, ...closed },
)

export const ProfileChangeBody = Type.Object(ownBodyFields, {
  $id: 'ProfileChange',
  minProperties: 1,
  additionalProperties: false,
  'x-read-only': [...readOnlyOf(ownFields), 'password', 'roles', 'permissions'],
})

type Change = Static<typeof UserChangeBody>

/** The fields of these that a body changes: null clears one, an absent one stays. */
const changesIn = (body: Omit<Change, 'password' | 'roles'>, fields: readonly WritableField[]): UserChanges =>
  Object.fromEntries(
    fields.flatMap(field => {
      const value = body[accountFields[field].column]
      return value === undefined
        ? []
        : [[field, isText(field) ? normalizeText(field, value as string) : value]]
    }),
  )

const isText = (field: AccountField): field is TextField => definitionOf(field).kind === 'text'

/** The fields that a body sets; what it leaves out is as in a new account. */
const toWhole = (body: Change & { email: string }): WritableFields => ({
  ...initialFields,
  email: body.email,
  ...changesIn(body, writableFields),
})

/** INVARIANT: nothing but what the owner may write, whatever else the body of a registration has. */
export const toOwnChanges = (body: Static<typeof ProfileChangeBody>): Partial<OwnFields> =>
  changesIn(body, ownFields)

export const toOwnFields = (body: Static<typeof ProfileChangeBody>): OwnFields =>
  pickOwnFields({ ...initialFields, ...toOwnChanges(body) })

export const toNewAccount = (body: Static<typeof UserCreateBody>): NewAccount => {
  const { password, roles = [], ...fields } = body
  return { ...toWhole(fields), password, roles }
}

/** A row of an import, which gives no flags that open the console or more. */
export const toProposedAccount = ({
  roles = [],
  ...fields
}: Pick<Change, ColumnOf<TextField> | 'is_active' | 'roles'> & { email: string }): Omit<
  NewAccount,
  'password'
> => ({ ...toWhole(fields), roles })

/** PUT: what is left out gets its default. */
export const toReplacement = (body: Static<typeof UserReplaceBody>): Omit<UserUpdate, 'userId'> => ({
  changes: toWhole(body),
  roles: body.roles,
})

/** PATCH: what is left out stays. */
export const toUpdate = (body: Change): Omit<UserUpdate, 'userId'> => ({
  changes: changesIn(body, writableFields),
  roles: body.roles,
})

/** What the list and its export can be narrowed down by. */
export const userFilters = {
  search: searchParameter,
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
