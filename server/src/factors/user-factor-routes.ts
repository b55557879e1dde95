import { freshly, IdParams, type Route, route, Type } from '../http/index.ts'
import type { UserStore } from '../identity/index.ts'
import { Rejection, type UserId } from '../kernel/index.ts'
import type { FactorStores } from './prove-factor.ts'
import { type ResetFactorsDeps, resetFactors } from './reset-factors.ts'
import { FactorBody, factorExample, toFactorBody } from './schemas.ts'

interface UserFactorDeps extends ResetFactorsDeps {
  /** Committed state. */
  readonly stores: FactorStores & { readonly users: UserStore }
  /** How many devices of an account are not asked for its factors (ADR 50). */
  readonly countRemembered: (userId: UserId) => Promise<number>
}

const tag = 'Second factors'
const permitted = { resource_name: 'factors' } as const

export const userFactorRoutes = (deps: UserFactorDeps): readonly Route[] => [
  route({
    method: 'GET',
    path: '/users/:id/factors/',
    access: permitted,
    operationId: 'listFactorsOfUser',
    tag,
    summary: 'List the second factors of a user',
    description:
      'Those that are on, with their names and their last use, and how many recovery codes are left.',
    params: IdParams,
    success: {
      status: 200,
      description: 'The second factors of the account.',
      schema: Type.Object(
        {
          factors: Type.Array(FactorBody),
          recovery_codes: Type.Integer({ minimum: 0 }),
          remembered_devices: Type.Integer({
            minimum: 0,
            description:
              'Browsers that a sign-in by password does not ask for them. They end with the factors.',
          }),
        },
        { $id: 'FactorsOfUser' },
      ),
      example: { factors: [factorExample], recovery_codes: 9, remembered_devices: 1 },
    },
    rejections: ['not_found'],
    async handler({ params }) {
      const userId = params.id as UserId
      const { users, factors, recoveryCodes } = deps.stores
      if ((await users.findById(userId)) === undefined) throw new Rejection('not_found')
      const [list, left, remembered] = await Promise.all([
        factors.list(userId),
        recoveryCodes.countUnused(userId),
        deps.countRemembered(userId),
      ])
      return { factors: list.map(toFactorBody), recovery_codes: left, remembered_devices: remembered }
    },
  }),

  route({
    method: 'DELETE',
    path: '/users/:id/factors/',
    access: permitted,
    operationId: 'resetFactorsOfUser',
    tag,
    summary: 'Remove every second factor of a user',
    description:
      'For an owner who has lost all of them: the password alone is enough to sign in again, and new factors can be set up. The reason is recorded in the audit, and the owner gets an email. An account that holds a permission which the caller lacks cannot be touched. If none is on, nothing happens.',
    params: IdParams,
    query: Type.Object(
      {
        reason: Type.String({
          minLength: 1,
          maxLength: 500,
          pattern: '\\S',
          description: 'Why: how its owner was recognised.',
        }),
      },
      { additionalProperties: false },
    ),
    stepUp: freshly,
    success: { status: 204, description: 'No second factor of the account is on.' },
    rejections: ['not_found'],
    async handler({ principal, params, query, origin }) {
      await resetFactors(deps, { principal, origin }, { userId: params.id as UserId, reason: query.reason })
    },
  }),
]
