import { freshly, IdParams, Instant, type Route, route, Type } from '../http/index.ts'
import { toRfc3339, type UserId } from '../kernel/index.ts'
import { tokenExample } from '../proofs/index.ts'
import { type ResetOfUserDeps, resetOfUser } from './reset-of-user.ts'

const ResetOfUserBody = Type.Object(
  {
    link: Type.Union([Type.String(), Type.Null()], {
      description:
        'SECRET: to be handed to the owner, where this server sends no mail; null where it was sent.',
    }),
    expires_at: Instant,
  },
  { $id: 'PasswordResetOfUser' },
)

export const resetOfUserRoutes = (deps: ResetOfUserDeps): readonly Route[] => [
  route({
    method: 'POST',
    path: '/users/:id/password/reset/',
    access: { resource_name: 'users', action: 'update' },
    operationId: 'resetPasswordOfUser',
    tag: 'Users',
    summary: 'Have the owner choose a new password',
    description:
      'The current password stops working, every session of the account ends, and its owner gets an email with a link and a code for `/password/reset/`, which work for an hour. If this server sends no email, the answer holds a link to hand over. A second factor of the account stays on and is still required.',
    params: IdParams,
    // In the hands of another the link opens the account.
    stepUp: freshly,
    success: {
      status: 200,
      description: 'The account waits for a new password.',
      schema: ResetOfUserBody,
      example: {
        link: `https://auth.example.org/account/reset#t=${tokenExample}`,
        expires_at: '2026-03-14T10:30:11.902Z',
      },
    },
    rejections: ['not_found', 'conflict'],
    async handler({ principal, params, origin }) {
      const caller = { principal, origin }
      const { link, expiresAtMs } = await resetOfUser(deps, caller, { userId: params.id as UserId })
      return { link, expires_at: toRfc3339(expiresAtMs) }
    },
  }),
]
