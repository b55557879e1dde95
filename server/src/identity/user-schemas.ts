import { type Static, Type } from '../http/index.ts'
import type { NewAccount } from './create-user.ts'
import { EmailField, nameFields, PasswordField, RolesField, toNameChanges, toNames } from './schemas.ts'
import type { UserUpdate } from './update-user.ts'

const readOnly = ['id', 'date_joined', 'last_login', 'updated_at', 'permissions']

/** Refused with its own reason, rather than as unknown: administrators do try. */
const NoPassword = Type.Optional(
  Type.Never({
    'x-message': 'password.owner_only',
    description: 'Never taken: the owner changes it with `POST /me/password/`.',
  }),
)

const optionalFlags = {
  is_active: Type.Optional(Type.Boolean({ default: true })),
  is_staff: Type.Optional(Type.Boolean({ default: false })),
  is_superuser: Type.Optional(Type.Boolean({ default: false })),
  roles: Type.Optional(RolesField),
}

export const UserCreateBody = Type.Object(
  { email: EmailField, password: PasswordField, ...nameFields, ...optionalFlags },
  { $id: 'UserCreate', additionalProperties: false, 'x-read-only': readOnly },
)

export const UserReplaceBody = Type.Object(
  // A replacement must list the roles: a body that leaves them out by mistake takes nothing away.
  { email: EmailField, ...nameFields, ...optionalFlags, roles: RolesField, password: NoPassword },
  { $id: 'UserReplace', additionalProperties: false, 'x-read-only': readOnly },
)

export const UserChangeBody = Type.Object(
  {
    email: Type.Optional(EmailField),
    ...nameFields,
    is_active: Type.Optional(Type.Boolean()),
    is_staff: Type.Optional(Type.Boolean()),
    is_superuser: Type.Optional(Type.Boolean()),
    roles: Type.Optional(RolesField),
    password: NoPassword,
  },
  { $id: 'UserChange', minProperties: 1, additionalProperties: false, 'x-read-only': readOnly },
)

type Create = Static<typeof UserCreateBody>
type Replace = Static<typeof UserReplaceBody>
type Change = Static<typeof UserChangeBody>

export const toNewAccount = (body: Create): NewAccount => ({
  email: body.email,
  password: body.password,
  ...toNames(body),
  ...toFlags(body),
  roles: body.roles ?? [],
})

/** PUT: what is left out gets its default. */
export const toReplacement = (body: Replace): Omit<UserUpdate, 'userId'> => ({
  changes: { email: body.email, ...toNames(body), ...toFlags(body) },
  roles: body.roles,
})

/** PATCH: what is left out stays. */
export const toUpdate = (body: Change): Omit<UserUpdate, 'userId'> => ({
  changes: {
    ...(body.email !== undefined && { email: body.email }),
    ...toNameChanges(body),
    ...(body.is_active !== undefined && { isActive: body.is_active }),
    ...(body.is_staff !== undefined && { isStaff: body.is_staff }),
    ...(body.is_superuser !== undefined && { isSuperuser: body.is_superuser }),
  },
  roles: body.roles,
})

const toFlags = (body: Pick<Create, 'is_active' | 'is_staff' | 'is_superuser'>) => ({
  isActive: body.is_active ?? true,
  isStaff: body.is_staff ?? false,
  isSuperuser: body.is_superuser ?? false,
})
