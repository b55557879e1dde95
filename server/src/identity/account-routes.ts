import { freshly, type Route, route, Type } from '../http/index.ts'
import { newPasswordRules, textRules } from './account-schemas.ts'
import { ProfileChangeBody, toOwnChanges } from './body-schemas.ts'
import { type ChangePasswordDeps, changePassword } from './change-password.ts'
import { type ProfileDeps, readProfile } from './read-profile.ts'
import { onUser, PasswordField, ProfileBody, profileEtag, profileExample, toProfileBody } from './schemas.ts'
import { deactivateUser, type UpdateUserDeps, updateUser } from './update-user.ts'

export type AccountDeps = ProfileDeps & UpdateUserDeps & ChangePasswordDeps

const tag = 'Own account'

const profileAnswer = {
  status: 200,
  description: 'The account of the caller.',
  schema: ProfileBody,
  example: profileExample,
  etag: profileEtag,
} as const

export const accountRoutes = (deps: AccountDeps): readonly Route[] => [
  route({
    method: 'GET',
    path: '/me/',
    access: 'authenticated',
    operationId: 'readProfile',
    tag,
    summary: 'Read your own profile',
    description:
      'The account of the caller with its roles and permissions as they stand now. A superuser sees every permission that exists.',
    success: profileAnswer,
    async handler({ principal }) {
      return toProfileBody(await readProfile(deps, principal))
    },
  }),

  route({
    method: 'PATCH',
    path: '/me/',
    access: 'authenticated',
    operationId: 'changeProfile',
    takesIfMatch: true,
    tag,
    summary: 'Change your own name',
    description:
      'Only the three names can change here; null clears one, a field left out stays. Everything else is an administrator’s matter, or has a call of its own.',
    body: ProfileChangeBody,
    bodyExample: { first_name: 'Анна', middle_name: null },
    rules: textRules,
    success: profileAnswer,
    async handler({ principal, body, origin, precondition }) {
      const { userId } = principal
      await updateUser(
        deps,
        { principal, origin, precondition: onUser(precondition) },
        { userId, changes: toOwnChanges(body) },
      )
      return toProfileBody(await readProfile(deps, principal))
    },
  }),

  route({
    method: 'DELETE',
    path: '/me/',
    access: 'authenticated',
    operationId: 'closeAccount',
    stepUp: freshly,
    takesIfMatch: true,
    tag,
    summary: 'Close your own account',
    description:
      'Deactivates the account and ends all its sessions; every token of it is refused from now on. The row stays, and so does the address: no one can register it again. The last active superuser cannot close their account.',
    success: { status: 204, description: 'The account is closed.' },
    rejections: ['conflict'],
    async handler({ principal, origin, precondition }) {
      await deactivateUser(deps, { principal, origin, precondition: onUser(precondition) }, principal.userId)
    },
  }),

  route({
    method: 'POST',
    path: '/me/password/',
    access: 'authenticated',
    operationId: 'changePassword',
    stepUp: freshly,
    tag,
    summary: 'Change your own password',
    description:
      'Sets a new password, by the rules of registration. Every other session of the caller ends; this one stays active. A wrong current password counts as a failed guess. After too many of them by this session a further attempt is answered 429; what other callers try does not count here. Every device token of the account is revoked, and this device gets a new one.',
    body: Type.Object(
      { current_password: PasswordField, password: PasswordField, password2: PasswordField },
      { $id: 'PasswordChange', additionalProperties: false },
    ),
    bodyExample: {
      current_password: 'correct horse battery staple',
      password: 'seven quiet lamps at noon',
      password2: 'seven quiet lamps at noon',
    },
    rules: newPasswordRules(deps),
    success: { status: 204, description: 'The password is changed.' },
    rejections: ['too_many_requests'],
    usesDeviceToken: true,
    async handler({ principal, body, origin, device }) {
      const { current_password: currentPassword, password, password2 } = body
      const change = {
        principal,
        origin,
        currentPassword,
        password,
        password2,
        deviceToken: device.presented,
      }
      device.keep(await changePassword(deps, change))
    },
  }),
]
