import { type Static, Type } from '../http/index.ts'
import {
  type AccountField,
  type AccountFields,
  accountFields,
  allFields,
  type ColumnOf,
  initialFields,
  isText,
  normalizeText,
  type OwnFields,
  ownFields,
  pickOwnFields,
  type TextField,
  type UserChanges,
  type WritableField,
  type WritableFields,
  writableFields,
} from './account-fields.ts'
import type { NewAccount } from './create-user.ts'
import { EmailField, PasswordField, RolesField, textOf } from './schemas.ts'
import type { UserUpdate } from './update-user.ts'

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
