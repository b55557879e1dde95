import { freshly, IdParams, type Route, route } from '../http/index.ts'
import type { FactorId } from '../kernel/index.ts'
import {
  confirmTotp,
  enrolTotp,
  type ManageFactorsDeps,
  removeFactor,
  renameFactor,
  replaceRecoveryCodes,
} from './manage-factors.ts'
import {
  FactorBody,
  FactorPatchBody,
  FactorsBody,
  factorExample,
  factorRules,
  RecoveryCodesBody,
  recoveryCodesExample,
  TotpConfirmationBody,
  TotpEnrolmentBody,
  TotpSecretBody,
  toFactorBody,
} from './schemas.ts'

const tag = 'Second factors'

export const factorRoutes = (deps: ManageFactorsDeps): readonly Route[] => [
  route({
    method: 'GET',
    path: '/me/factors/',
    access: 'authenticated',
    operationId: 'listOwnFactors',
    tag,
    summary: 'List your own second factors',
    description: 'Those that are on. With none, the password alone is enough to sign in.',
    success: {
      status: 200,
      description: 'The second factors of the caller.',
      schema: FactorsBody,
      example: {
        factors: [factorExample],
        recovery_codes: 9,
        accepted_passkeys: { rp_id: 'auth.example.com', user_handle: 'dXNlciBoYW5kbGU', credential_ids: [] },
      },
    },
    async handler({ principal: { userId } }) {
      const { factors, recoveryCodes, passkeys } = deps.stores
      const accepted = await passkeys.list(userId)
      return {
        factors: (await factors.list(userId)).map(toFactorBody),
        recovery_codes: await recoveryCodes.countUnused(userId),
        accepted_passkeys: {
          rp_id: deps.ceremonies.rpId,
          user_handle: deps.ceremonies.userHandleOf(userId),
          credential_ids: accepted.map(({ credentialId }) => credentialId),
        },
      }
    },
  }),

  route({
    method: 'POST',
    path: '/me/factors/totp/',
    access: 'authenticated',
    operationId: 'enrolTotp',
    tag,
    summary: 'Begin to set up an authenticator app',
    description:
      'Gives a secret for an authenticator app (RFC 6238: SHA-1, six digits, 30 seconds). Nothing is turned on before the first code is confirmed, within half an hour; a second call replaces the first.',
    body: TotpEnrolmentBody,
    bodyExample: { name: 'Phone' },
    rules: factorRules,
    stepUp: freshly,
    success: {
      status: 201,
      description: 'The secret, shown this once.',
      schema: TotpSecretBody,
      example: {
        id: 7,
        secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
        uri: 'otpauth://totp/auth.example.com:anna%40example.com?issuer=auth.example.com&secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&algorithm=SHA1&digits=6&period=30',
      },
    },
    rejections: ['conflict'],
    async handler({ principal, body, origin }) {
      return enrolTotp(deps, { principal, origin }, body.name ?? 'Authenticator')
    },
  }),

  route({
    method: 'POST',
    path: '/me/factors/totp/confirm/',
    access: 'authenticated',
    operationId: 'confirmTotp',
    tag,
    summary: 'Turn on an authenticator app with its first code',
    description:
      'From now on a sign-in asks for a second factor. The code is used up by it. This session has shown it: the tokens of its next refresh have level `aal2`. The first factor of an account comes with ten recovery codes.',
    body: TotpConfirmationBody,
    bodyExample: { id: 7, code: '492039' },
    stepUp: freshly,
    success: {
      status: 200,
      description: 'The app is on.',
      schema: RecoveryCodesBody,
      example: recoveryCodesExample,
    },
    rejections: ['not_found', 'too_many_requests'],
    async handler({ principal, body: { id, code }, origin }) {
      const { recoveryCodes } = await confirmTotp(deps, { principal, origin }, { id: id as FactorId, code })
      return { recovery_codes: [...recoveryCodes] }
    },
  }),

  route({
    method: 'POST',
    path: '/me/factors/recovery/',
    access: 'authenticated',
    operationId: 'replaceRecoveryCodes',
    tag,
    summary: 'Get ten new recovery codes',
    description: 'They replace all earlier ones, used or not. 409 where no factor is on.',
    stepUp: freshly,
    success: {
      status: 200,
      description: 'The codes, shown this once.',
      schema: RecoveryCodesBody,
      example: recoveryCodesExample,
    },
    rejections: ['conflict'],
    async handler({ principal, origin }) {
      const { recoveryCodes } = await replaceRecoveryCodes(deps, { principal, origin })
      return { recovery_codes: [...recoveryCodes] }
    },
  }),

  route({
    method: 'PATCH',
    path: '/me/factors/:id/',
    access: 'authenticated',
    operationId: 'renameOwnFactor',
    tag,
    summary: 'Rename your own second factor',
    description: 'The name is for its owner, who may have several.',
    params: IdParams,
    body: FactorPatchBody,
    bodyExample: { name: 'Old phone' },
    rules: factorRules,
    stepUp: freshly,
    success: { status: 200, description: 'The factor.', schema: FactorBody, example: factorExample },
    rejections: ['not_found'],
    async handler({ principal, params, body, origin }) {
      const id = params.id as FactorId
      return toFactorBody(await renameFactor(deps, { principal, origin }, { id, name: body.name }))
    },
  }),

  route({
    method: 'DELETE',
    path: '/me/factors/:id/',
    access: 'authenticated',
    operationId: 'removeOwnFactor',
    tag,
    summary: 'Remove your own second factor',
    description: 'It confirms nothing from now on. The recovery codes go with the last one.',
    params: IdParams,
    stepUp: freshly,
    success: { status: 204, description: 'The factor is gone.' },
    rejections: ['not_found', 'conflict'],
    handler: ({ principal, params, origin }) =>
      removeFactor(deps, { principal, origin }, params.id as FactorId),
  }),
]
